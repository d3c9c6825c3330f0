from __future__ import annotations

import pytest

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.sources.predicates import edge_kind


@pytest.mark.parametrize("kind", EdgeKind)
def test_every_kind_is_known_by_its_own_name(kind: EdgeKind) -> None:
    assert edge_kind(kind.value) is kind
    assert edge_kind(kind.words) is kind
    assert edge_kind(kind.value.lower().replace("_", "-")) is kind


@pytest.mark.parametrize(
    ("predicate", "kind"),
    [
        ("gazes-at", EdgeKind.GAZES_AT),
        (" Looking  at ", EdgeKind.GAZES_AT),
        ("next to", EdgeKind.BESIDE),
        ("across-divide", EdgeKind.ACROSS_DIVIDE),
        ("carrying", EdgeKind.HOLDS),
    ],
)
def test_other_ways_of_writing_are_known(predicate: str, kind: EdgeKind) -> None:
    assert edge_kind(predicate) is kind


def test_an_unknown_predicate_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(AnnotationError, match=r"'devours' is not known; expected one of HOLDS"):
        edge_kind("devours")
