"""The whole search on a small store in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import QueryError, VectorSpaceError
from iconograph.graph.iconography.lexicon import Lexicon
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Review
from iconograph.graph.model.ids import ConceptId
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace
from iconograph.graph.model.work import DateSpan, Maker, Text
from iconograph.graph.search.answer import Answer
from iconograph.graph.search.report import (
    answer_record,
    explain_text,
    pattern_from_record,
    pattern_record,
)
from iconograph.graph.search.search import SearchOptions, search
from iconograph.graph.store.candidates import WorkFilter
from iconograph.graph.store.open import open_store
from iconograph.graph.store.port import GraphStore
from tests.builders import TEXT_SPACE, a_region, a_run, a_work, an_edge, an_image, eden_bundle

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANNUNCIATION = Concept(scheme=Scheme.ICONCLASS, notation="73A52")


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        opened.write(eden_bundle())
        opened.write(duel_bundle())
        opened.write(annunciation_bundle())
        yield opened


def duel_bundle() -> ImageBundle:
    """Two men with swords, one in a hat; a machine's edge that was rejected."""
    run = a_run()
    work = a_work(
        "duel",
        makers=(Maker(name="Anna Maler", role="painter"),),
        date=DateSpan(text="1700", earliest_year=1700, latest_year=1700),
    )
    image = an_image(work)
    first = a_region(image, "man", (10, 10, 40, 90))
    second = a_region(image, "bearded man", (60, 10, 90, 90))
    swords = [
        a_region(image, "sword", (40, 30, 50, 60), kind=RegionKind.OBJECT),
        a_region(image, "rapier", (90, 30, 99, 60), kind=RegionKind.OBJECT),
    ]
    hat = a_region(image, "hat", (12, 8, 30, 20), kind=RegionKind.ATTRIBUTE)
    scene = a_region(image, "duel", (0, 0, 200, 100), level=Level.SCENE)
    rejected = an_edge(
        EdgeKind.HOLDS,
        second,
        hat,
        status=EdgeStatus.REJECTED,
        review=Review(by="a curator", at="2026-01-02T00:00:00Z", reason="it lies on the floor"),
    )
    edges = (
        an_edge(EdgeKind.HOLDS, first, swords[0]),
        an_edge(EdgeKind.HOLDS, second, swords[1]),
        an_edge(EdgeKind.WEARS, first, hat),
        rejected,
    )
    regions = (first, second, *swords, hat, scene)
    return ImageBundle(work=work, image=image, runs=(run,), regions=regions, edges=edges)


def annunciation_bundle() -> ImageBundle:
    """A winged figure with a lily; only the title says what it is."""
    run, work = a_run(), a_work("annunciation", titles=(Text(text="The Annunciation"),))
    image = an_image(work)
    angel = a_region(image, "kneeling angel", (10, 10, 40, 90))
    lily = a_region(image, "white lilies", (40, 30, 50, 60), kind=RegionKind.OBJECT)
    edges = (an_edge(EdgeKind.HOLDS, angel, lily),)
    return ImageBundle(work=work, image=image, runs=(run,), regions=(angel, lily), edges=edges)


def titles(answer: Answer) -> list[str]:
    return [hit.work.title for hit in answer.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Eve next to a goat", ["Eden"]),
        ("goat next to Eve", ["Eden"]),
        ("woman holding a fruit below an angel", ["Eden"]),
        ("apple holding a woman", []),
        ("man holding a sword", ["Duel"]),
        ("two men holding swords", ["Duel"]),
        ("three men holding swords", []),
        ("man without a hat holding a sword", ["Duel"]),
        ("man holding a hat", []),
        ("elephant", []),
    ],
)
def test_queries_are_answered(
    query: str, expected: list[str], store: GraphStore, lexicon: Lexicon
) -> None:
    assert titles(search(store, query, lexicon=lexicon)) == expected


def test_the_why_names_regions_scores_and_edges(store: GraphStore, lexicon: Lexicon) -> None:
    (hit,) = search(store, "man without a hat holding a sword", lexicon=lexicon).hits

    assert [match.region.label for match in hit.matches] == ["bearded man", "rapier"]
    assert [edge.kind for edge in hit.edges] == [EdgeKind.HOLDS]
    score = hit.matches[1].scores[0]
    assert (score.source, score.because) == ("label", "label “rapier” is a kind of “sword”")


def test_a_figure_is_known_by_its_attribute(store: GraphStore, lexicon: Lexicon) -> None:
    (hit,) = search(store, "Archangel Gabriel with a lily", lexicon=lexicon).hits

    assert hit.work.title == "The Annunciation"
    assert hit.matches[0].scores[0].source == "attribute"
    assert "angel holds lily, in a work about Annunciation" in hit.matches[0].scores[0].because
    assert hit.score < 0.7


def test_an_attribute_counts_only_in_a_work_about_it(lexicon: Lexicon) -> None:
    bundle = annunciation_bundle()
    other = a_work("annunciation", titles=(Text(text="A Feast"),))
    with open_store("memory:") as opened:
        opened.write(
            ImageBundle(
                work=other,
                image=bundle.image,
                runs=bundle.runs,
                regions=bundle.regions,
                edges=bundle.edges,
            )
        )
        assert titles(search(opened, "Gabriel", lexicon=lexicon)) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (WorkFilter(), ["Duel"]),
        (WorkFilter(makers=("maler",)), ["Duel"]),
        (WorkFilter(makers=("baldung",)), []),
        (WorkFilter(earliest_year=1650, latest_year=1750), ["Duel"]),
        (WorkFilter(latest_year=1650), []),
    ],
    ids=["none", "maker", "another maker", "years", "other years"],
)
def test_filters_are_heeded(
    wanted: WorkFilter, expected: list[str], store: GraphStore, lexicon: Lexicon
) -> None:
    options = SearchOptions(work_filter=wanted)

    assert (
        titles(search(store, "man holding a sword", lexicon=lexicon, options=options)) == expected
    )


def test_a_level_is_heeded(store: GraphStore, lexicon: Lexicon) -> None:
    scenes, entities = SearchOptions(level=Level.SCENE), SearchOptions(level=Level.ENTITY)

    assert titles(search(store, "duel", lexicon=lexicon, options=scenes)) == ["Duel"]
    assert titles(search(store, "duel", lexicon=lexicon, options=entities)) == []


def test_a_relation_among_groups_is_read_as_one_phrase(lexicon: Lexicon) -> None:
    groups = SearchOptions(level=Level.GROUP)
    with open_store("memory:") as store:
        store.write(grouped_bundle())

        found = search(store, "woman holding a flower", lexicon=lexicon, options=groups)
        other = search(store, "woman holding a sword", lexicon=lexicon, options=groups)

    assert [node.phrase for node in found.pattern.nodes] == ["woman with flower"]
    assert [match.region.label for match in found.hits[0].matches] == ["woman and flower"]
    assert found.hits[0].score > max([hit.score for hit in other.hits], default=0.0)


@pytest.mark.parametrize(("query", "found"), [("two women", 0), ("three women", 0), ("woman", 1)])
def test_a_group_is_not_counted_among_its_own_members(
    query: str, found: int, lexicon: Lexicon
) -> None:
    with open_store("memory:") as store:
        store.write(grouped_bundle())

        assert len(search(store, query, lexicon=lexicon).hits) == found


def grouped_bundle() -> ImageBundle:
    """A woman with a flower, and the group and the scene that they make."""
    run, work = a_run(), a_work("flora")
    image = an_image(work)
    woman = a_region(image, "woman", (10, 10, 40, 90))
    flower = a_region(image, "flower", (40, 30, 50, 60), kind=RegionKind.OBJECT)
    group = dataclasses.replace(
        a_region(image, "woman and flower", (10, 10, 50, 90), level=Level.GROUP),
        caption="woman holding a flower",
    )
    scene = a_region(image, "women", (0, 0, 200, 100), level=Level.SCENE)
    return ImageBundle(
        work=work,
        image=image,
        runs=(run,),
        regions=(woman, flower, group, scene),
        edges=(an_edge(EdgeKind.HOLDS, woman, flower),),
    )


def test_the_same_question_has_the_same_answer(store: GraphStore, lexicon: Lexicon) -> None:
    first, second = (search(store, "person", lexicon=lexicon) for _ in range(2))

    assert first.hits == second.hits
    assert [hit.score for hit in first.hits] == sorted((h.score for h in first.hits), reverse=True)


class Letters:
    """An encoder for tests: where a phrase's first letter stands in the alphabet."""

    space: VectorSpace = TEXT_SPACE

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        places = [(ord(text[0].lower()) - ord("a")) % TEXT_SPACE.dim for text in texts]
        return np.eye(TEXT_SPACE.dim, dtype=np.float32)[places]


def test_vectors_find_what_words_do_not(lexicon: Lexicon) -> None:
    bundle = eden_bundle(with_vectors=False)
    region = next(region for region in bundle.regions if region.label == "goat")
    unlabelled = a_region(bundle.image, "zzz", (120, 10, 150, 90))
    rows = np.eye(4, dtype=np.float32)[[2, 1]]
    vectors = RegionVectors(space=TEXT_SPACE, region_ids=(region.id, unlabelled.id), matrix=rows)
    with open_store("memory:") as opened:
        opened.write(
            ImageBundle(
                work=bundle.work,
                image=bundle.image,
                runs=bundle.runs,
                regions=(*bundle.regions, unlabelled),
                edges=bundle.edges,
                vectors=(vectors,),
            )
        )
        answer = search(opened, "bizarre", lexicon=lexicon, encoders=(Letters(),))
        assert [match.region.id for match in answer.hits[0].matches] == [unlabelled.id]
        assert search(opened, "bizarre", lexicon=lexicon).notes == (
            "vectors of text:test were not searched: there is no encoder for this space",
        )


def test_an_encoder_of_other_weights_is_refused(lexicon: Lexicon) -> None:
    class Other(Letters):
        space: VectorSpace = VectorSpace(
            name="text:test", dim=4, weights_sha256="e" * 64, modality=Modality.TEXT
        )

    with open_store("memory:") as opened:
        opened.write(eden_bundle())
        with pytest.raises(VectorSpaceError):
            search(opened, "Eve", lexicon=lexicon, encoders=(Other(),))


def test_iconclass_finds_what_a_region_depicts(lexicon: Lexicon) -> None:
    class Finder:
        def concepts_for(self, phrase: str, /) -> dict[ConceptId, float]:
            return {ANNUNCIATION.id: 1.0} if phrase == "welcome" else {}

    run, work = a_run(), a_work("fresco")
    image = an_image(work)
    region = a_region(image, "panel", (10, 10, 90, 90), concepts=(ANNUNCIATION.id,))
    with open_store("memory:") as opened:
        opened.write(
            ImageBundle(
                work=work, image=image, runs=(run,), concepts=(ANNUNCIATION,), regions=(region,)
            )
        )
        (hit,) = search(opened, "welcome", lexicon=lexicon, concepts=Finder()).hits
        assert [score.source for score in hit.matches[0].scores] == ["iconclass"]


def test_the_record_has_the_form_that_is_promised(store: GraphStore, lexicon: Lexicon) -> None:
    record = answer_record(search(store, "Eve next to a goat", lexicon=lexicon))

    assert set(record) == {"query", "pattern", "results", "timing_ms", "notes", "exact"}
    (result,) = record["results"]
    assert set(result) == {"work_id", "file", "title", "score", "matches", "relations"}
    assert {"role", "phrase", "region_id", "source_id", "label", "box_px", "scores"} <= set(
        result["matches"][0]
    )
    assert result["file"] == "eden.jpg"
    assert result["relations"][0] | {"subject": "", "object": ""} == {
        "kind": "BESIDE",
        "subject": "",
        "object": "",
        "confidence": 0.9,
        "layer": "observed",
        "method": "test",
        "evidence": {"gap_heights": 0.1},
    }


@pytest.mark.parametrize(
    "query",
    [
        "two men beside a table, both wearing hats",
        "man without a hat holding a sword",
        "angel with wings",
        "two figures gazing at each other",
        "two men on either side of a column",
    ],
)
def test_a_pattern_survives_its_record(query: str, store: GraphStore, lexicon: Lexicon) -> None:
    options = SearchOptions(min_confidence=0.3, work_filter=WorkFilter(makers=("a", "b")))
    pattern = search(store, query, lexicon=lexicon, options=options).pattern

    assert pattern_from_record(pattern_record(pattern)) == pattern


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"nodes": [{"role": "a"}]},
        {"nodes": [{"role": "a", "phrase": "b"}], "edges": [{"subject": "a", "object": "c"}]},
        {
            "nodes": [{"role": "a", "phrase": "b"}, {"role": "c", "phrase": "d"}],
            "edges": [{"subject": "a", "object": "c", "kinds": ["EATS"]}],
        },
        {"nodes": [{"role": "a", "phrase": "b"}], "work_filter": {"colour": "red"}},
    ],
    ids=["empty", "no phrase", "no kinds", "unknown kind", "unknown filter"],
)
def test_a_wrong_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(QueryError, match="pattern"):
        pattern_from_record(record)


def test_the_explanation_is_plain_words(store: GraphStore, lexicon: Lexicon) -> None:
    text = explain_text(search(store, "woman beside a goat", lexicon=lexicon))

    assert "understood: [woman] beside [goat]" in text
    assert "label “Eve” is a kind of “woman”" in text
    assert "beside" in text.splitlines()[-1]


def test_options_are_checked() -> None:
    with pytest.raises(QueryError, match="1 to 1000"):
        SearchOptions(limit=0)
