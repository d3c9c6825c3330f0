from __future__ import annotations

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.scenes.nearness import (
    Extent,
    derived,
    is_above,
    is_beside,
    same_sides,
)
from iconograph.ingest.scenes.values import DrawnRelation

BASE = (10, 10, 30, 70)


def extent(part_id: int, box: tuple[int, int, int, int]) -> Extent:
    x0, y0, x1, y1 = box
    area = (x1 - x0) * (y1 - y0)
    return Extent(id=part_id, x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1, area_px2=area)


@pytest.mark.parametrize(
    ("box", "beside", "above"),
    [
        pytest.param((36, 10, 56, 70), True, False, id="next to it"),
        pytest.param((37, 10, 57, 70), False, False, id="too far"),
        pytest.param((36, 50, 56, 110), False, False, id="too low"),
        pytest.param((12, 60, 32, 120), False, True, id="below"),
        pytest.param((60, 80, 90, 140), False, False, id="below and aside"),
    ],
)
def test_definitions(*, box: tuple[int, int, int, int], beside: bool, above: bool) -> None:
    base, other = extent(1, BASE), extent(2, box)

    assert is_beside(base, other) is beside
    assert is_beside(other, base) is beside
    assert is_above(base, other) is above
    assert not is_above(other, base)


def test_what_a_divide_parts_is_not_beside() -> None:
    pair = [extent(1, BASE), extent(2, (32, 10, 60, 70))]
    divide = DrawnRelation(subject_id=2, object_id=1, kind=EdgeKind.ACROSS_DIVIDE)

    assert [r.kind for r in derived(pair, [], {})] == [EdgeKind.BESIDE]
    assert derived(pair, [divide], {}) == []


def test_in_front_from_hidden_pixels() -> None:
    pair = [extent(1, BASE), extent(2, (80, 10, 100, 70))]

    assert derived(pair, [], {(1, 2): 30}) == []
    assert derived(pair, [], {(1, 2): 60}) == [
        DrawnRelation(subject_id=1, object_id=2, kind=EdgeKind.IN_FRONT_OF)
    ]


def test_what_is_held_is_beside_and_before() -> None:
    pair = [extent(1, BASE), extent(2, (20, 30, 28, 50))]
    held = DrawnRelation(subject_id=1, object_id=2, kind=EdgeKind.HOLDS)

    assert {(r.subject_id, r.kind, r.object_id) for r in derived(pair, [held], {(2, 1): 160})} == {
        (1, EdgeKind.BESIDE, 2),
        (2, EdgeKind.IN_FRONT_OF, 1),
    }


def test_those_parted_from_one_are_on_one_side() -> None:
    stated = [
        DrawnRelation(subject_id=a, object_id=b, kind=EdgeKind.ACROSS_DIVIDE)
        for a, b in ((1, 2), (3, 1), (3, 2))
    ]

    assert same_sides(stated[:1]) == []
    assert [(r.subject_id, r.object_id) for r in same_sides(stated[:2])] == [(2, 3)]
    assert {r.kind for r in same_sides(stated)} == {EdgeKind.SAME_SIDE}
