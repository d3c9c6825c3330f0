from __future__ import annotations

import io
import re
import sys
import tracemalloc
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given

from iconograph.graph.errors import MissingExtraError
from iconograph.graph.linked_data.claims import quads, write_nquads
from iconograph.graph.linked_data.iris import IriMinter
from iconograph.graph.linked_data.web_annotation import annotation_page
from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle
from tests.unit.graph.linked_data.scenes import REVIEW, bundles, crowd, rich_bundle

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle

IRIS = IriMinter(base="https://museum.example/kg/")
PREFIXES = """
PREFIX kg: <https://museum.example/kg/vocab/>
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


class Written:
    """What an export says, loaded back into an RDF store by another reader."""

    def __init__(self, *images: ImageBundle, with_rejected: bool = False) -> None:
        out = io.BytesIO()
        with open_store("memory:") as store:
            for image in images:
                store.write(image)
            self.counts = write_nquads(store, out, iris=IRIS, with_rejected=with_rejected)
        self.text = out.getvalue().decode()
        self.parsed = list(ox.parse(self.text, ox.RdfFormat.N_QUADS))
        self._store = ox.Store()
        self._store.extend(self.parsed)

    def ask(self, where: str, *names: str) -> list[tuple[str, ...]]:
        query = f"{PREFIXES} SELECT DISTINCT {' '.join('?' + n for n in names)} WHERE {{ {where} }}"
        rows = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        return [tuple(row[name].value for name in names) for row in rows]


@pytest.fixture(scope="module")
def rich() -> Written:
    return Written(rich_bundle(), eden_bundle(), with_rejected=True)


@given(bundles())
def test_any_image_parses_back_with_as_many_quads(bundle: ImageBundle) -> None:
    written = Written(bundle)
    assert len(written.parsed) == written.counts["quad"]
    assert written.counts["claim"] == len(bundle.edges)


def test_a_claim_is_found_by_its_confidence(rich: Written) -> None:
    rows = rich.ask(
        """?c a kg:RelationClaim ; kg:confidenceValue ?n ; kg:status kg:machine ;
           crm:P177_assigned_property_of_type kg:beside ;
           crm:P140_assigned_attribute_to/rdfs:label ?a ; crm:P141_assigned/rdfs:label ?b .
           FILTER(?n > 0.5 && ?n < 0.88)""",
        "a",
        "b",
        "n",
    )
    assert [(frozenset(row[:2]), row[2]) for row in rows] == [(frozenset({"Eve", "goat"}), "0.87")]


def test_every_claim_has_the_form_of_the_profile(rich: Written) -> None:
    whole = """?c a kg:RelationClaim, crm:E13_Attribute_Assignment, prov:Entity ;
        crm:P140_assigned_attribute_to ?s ; crm:P141_assigned ?o ; kg:confidenceValue ?n ;
        crm:P177_assigned_property_of_type ?p ; kg:evidence ?e ; prov:wasGeneratedBy ?run .
        ?s a crm:E36_Visual_Item . ?o a crm:E36_Visual_Item . ?p a crm:E55_Type .
        ?e a oa:Annotation . ?run a prov:Activity ; prov:used ?image ;
        prov:wasAssociatedWith ?agent . ?agent a prov:SoftwareAgent ."""
    rows = set(rich.ask(whole, "c", "s", "p", "o", "n", "e", "run"))
    claims = rich.ask("?c a kg:RelationClaim", "c")
    assert len(rows) == len(claims) == rich.counts["claim"] == 7
    assert Counter(row[0] for row in rows).most_common(1)[0][1] == 1
    assert all(re.fullmatch(r"[01](\.[0-9]+)?", row[4]) for row in rows)
    decimals = re.findall(r'confidenceValue> "([^"]*)"\^\^<[^>]*#decimal>', rich.text)
    assert len(decimals) == len(rich.ask("?c kg:confidenceValue ?n", "c"))


def test_every_region_is_part_of_its_image_and_says_what_it_shows(rich: Written) -> None:
    regions = rich.ask("?r crm:P106i_forms_part_of ?v . ?v a crm:E36_Visual_Item", "r")
    assert len(set(regions)) == 7
    assert rich.ask("?r crm:P138_represents <http://www.wikidata.org/entity/Q830183>", "r")
    [goat] = rich.ask(
        "?r crm:P199_represents_instance_of_type <https://iconclass.org/47I214> ; rdfs:label ?l",
        "l",
    )
    assert goat == ("goat",)
    labels = rich.ask(
        """?c a kg:DepictionClaim ; crm:P140_assigned_attribute_to ?r ; kg:confidenceValue ?n ;
           crm:P141_assigned/rdfs:label ?l . ?r crm:P140i_was_attributed_by ?c""",
        "c",
        "l",
    )
    assert Counter(label for _, label in labels) == Counter(
        ["Eve", "goat", "Eve", "goat", "apple", "angel"]
    )


def test_a_judgement_is_a_claim_on_the_claim(rich: Written) -> None:
    rows = rich.ask(
        """?review a crm:E13_Attribute_Assignment ; crm:P140_assigned_attribute_to ?c ;
           crm:P141_assigned kg:rejected ; crm:P14_carried_out_by/rdfs:label ?by ;
           prov:generatedAtTime ?at ; crm:P3_has_note ?why . ?c a kg:RelationClaim""",
        "by",
        "at",
        "why",
    )
    assert rows == [(REVIEW.by, REVIEW.at, REVIEW.reason)]


def test_rejected_claims_are_left_out_unless_asked_for() -> None:
    assert not Written(rich_bundle()).ask("?c kg:status kg:rejected", "c")


def test_a_run_can_be_withdrawn_whole(rich: Written) -> None:
    bundle = rich_bundle()
    run = IRIS.run(bundle.runs[0].id)
    in_graph = {q.subject.value for q in rich.parsed if q.graph_name == ox.NamedNode(run)}
    regions = {IRIS.region(region.id) for region in bundle.regions}
    claims = {IRIS.claim(edge.id) for edge in bundle.edges}
    assert regions | claims | {run} <= in_graph
    elsewhere = {q.subject.value for q in rich.parsed if q.graph_name != ox.NamedNode(run)}
    assert not (regions | claims | {run}) & elsewhere
    used = rich.ask(f"<{run}> prov:used/rdfs:label ?used", "used")
    assert sorted(used) == [("detector/x 1.2",), ("rich.jpg",)]


def test_terms_are_labelled_in_english_and_german(rich: Written) -> None:
    rows = rich.ask(
        """kg:beside skos:prefLabel ?en, ?de ; skos:inScheme kg:relations
           FILTER(lang(?en) = "en" && lang(?de) = "de")""",
        "en",
        "de",
    )
    assert rows == [("beside", "neben")]


def test_annotations_and_claims_share_their_iris(rich: Written) -> None:
    page = annotation_page(rich_bundle(), iris=IRIS, with_rejected=True)
    pairs = {(a["claim"], a["id"], a["confidence"]) for a in page["items"] if "claim" in a}
    where = "?c a kg:RelationClaim ; kg:evidence ?a ; kg:confidenceValue ?n"
    assert pairs <= set(rich.ask(where, "c", "a", "n"))


def test_without_pyoxigraph_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyoxigraph", None)
    with (
        open_store("memory:") as store,
        pytest.raises(MissingExtraError, match=r"pip install 'iconograph\[lod\]'"),
    ):
        quads(store, iris=IRIS)


class CountingSink(io.RawIOBase):
    """Takes bytes and keeps none."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # bytes is what arrives
        self.size += len(data)
        return len(data)


def test_many_images_need_the_memory_of_one() -> None:
    with open_store("memory:") as store:
        for number in range(5):
            store.write(crowd(1_000, f"crowd {number}"))
        sink = CountingSink()
        tracemalloc.start()
        try:
            counts = write_nquads(store, sink, iris=IRIS)  # type: ignore[arg-type]  # a BinaryIO
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert counts["claim"] == 5_000
    assert sink.size > 20_000_000
    assert peak < 6_000_000
