"""A search for works that lack a relation answers the same over every store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.search.search import SearchOptions, search
from tests.builders import eden_bundle
from tests.contract.bundles import full_bundle

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("angel above Eve", {EdgeKind.ABOVE}, set()),
        ("Eve above an angel", set(), {EdgeKind.ABOVE}),
        ("Eve holding an apple and wearing a goat", {EdgeKind.HOLDS}, {EdgeKind.WEARS}),
        ("Eve wearing an apple and holding a goat", set(), {EdgeKind.WEARS, EdgeKind.HOLDS}),
    ],
    ids=["so", "not so", "one of two", "none of two"],
)
def test_what_lacks_a_relation_says_which(
    query: str, found: set[EdgeKind], missing: set[EdgeKind], store: GraphStore
) -> None:
    store.write(eden_bundle())
    store.write(full_bundle())
    strict, answer = (
        search(store, query, lexicon=load_lexicon(), options=SearchOptions(unrelated=unrelated))
        for unrelated in (False, True)
    )
    (hit,) = (hit for hit in answer.hits if hit.image.file_name == "eden.jpg")

    assert {edge.kind for edge in hit.edges} == found
    assert {kind for edge in hit.missing for kind in edge.kinds} == missing
    assert bool(hit.because) is bool(missing)
    assert [own.work.id for own in strict.hits] == [h.work.id for h in answer.hits if not h.missing]
    assert answer.exact
