from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.errors import InputError
from iconograph.graph.linked_data.iris import DEFAULT_BASE, IriMinter
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import ConceptId
from iconograph.graph.model.run import ModelRef

IRIS = IriMinter()


@pytest.mark.parametrize(
    ("concept", "iri"),
    [
        ("iconclass:73A52", "https://iconclass.org/73A52"),
        ("iconclass:11I63(EVE)", "https://iconclass.org/11I63%28EVE%29"),
        ("iconclass:25F23(LION)(+12)", "https://iconclass.org/25F23%28LION%29%28%2B12%29"),
        ("wikidata:Q2934", "http://www.wikidata.org/entity/Q2934"),
        ("aat:300033618", "http://vocab.getty.edu/aat/300033618"),
        ("own:a b", f"{DEFAULT_BASE}concept/own%3Aa%20b"),
    ],
)
def test_concepts_have_their_publishers_address(concept: str, iri: str) -> None:
    assert IRIS.concept(ConceptId(concept)) == iri


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (EdgeKind.BESIDE, "beside"),
        (EdgeKind.GAZES_AT, "gazesAt"),
        (EdgeKind.ACROSS_DIVIDE, "acrossDivide"),
        (EdgeKind.IN_FRONT_OF, "inFrontOf"),
    ],
)
def test_relations_are_named_in_camel_case(kind: EdgeKind, name: str) -> None:
    assert IRIS.term(kind) == f"{DEFAULT_BASE}vocab/{name}"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "iconograph/",
        "https://example.org",
        "https://example.org/kg",
        "ftp://example.org/",
        "https://example.org/?a=/",
        "https://example.org/#/",
        "https://example.org/a b/",
        "https://example.org/ü/",
        "https://me:secret@example.org/",
        "https:///kg/",
    ],
)
def test_a_base_that_cannot_carry_iris_is_refused(base: str) -> None:
    with pytest.raises(InputError, match="a base IRI must be"):
        IriMinter(base=base)


def test_the_base_is_the_callers() -> None:
    assert IriMinter(base="http://localhost:8000/kg/").person("A") == (
        "http://localhost:8000/kg/person/A"
    )


def test_a_slash_in_a_name_is_no_step_of_the_path() -> None:
    assert IRIS.label("sun/moon", "en") == f"{DEFAULT_BASE}label/en/sun%2Fmoon"
    assert IRIS.label("", "") == f"{DEFAULT_BASE}label/und/"


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_different_names_have_different_legal_iris(first: str, second: str) -> None:
    a, b = (
        {IRIS.label(name, "en"), IRIS.model(ModelRef(name="m", revision=f"x{name}"))}
        for name in (first, second)
    )
    assert (a == b) == (first == second)
    assert all(c.isascii() and c.isprintable() and c not in '<>"{}|\\^` ' for c in "".join(a))
