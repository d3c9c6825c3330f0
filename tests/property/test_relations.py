"""Laws of derived relations: they do not depend on the picture's hand, size or order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.derive import derive
from tests.unit.relations.pictures import (
    ANIMAL,
    ATTRIBUTE,
    OBJECT,
    PART,
    PERSON,
    SETTING,
    THRESHOLDS,
    Corners,
    Thing,
    a_picture,
    a_pose,
    statements,
)

LABELS = {
    PERSON: ("man", "angel"),
    ANIMAL: ("goat",),
    OBJECT: ("sword", "table", "basket", "column"),
    ATTRIBUTE: ("hat",),
    PART: ("wing",),
    SETTING: ("cloud", "column"),
}
SIDE_PX = 1000

cells = st.integers(0, 18)
spans = st.integers(1, 10)


@st.composite
def things(draw: st.DrawFn) -> list[Thing]:
    """Up to eight things on a grid of 50 px, all of different places and names."""
    found: dict[Corners, Thing] = {}
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(list(LABELS)))
        x, y, width, height = draw(cells), draw(cells), draw(spans), draw(spans)
        # Uneven offsets keep centres apart, so that no rule stands before a tie.
        x0, y0 = 50 * x + 3 * number, 50 * y + 2 * number
        box = (x0, y0, min(SIDE_PX, x0 + 50 * width), min(SIDE_PX, y0 + 50 * height))
        label = f"{number} {draw(st.sampled_from(LABELS[kind]))}"
        found[box] = (label, kind, box)
    return list(found.values())


def picture_of(found: list[Thing], *, factor: int = 1, mirror: bool = False) -> ImageBundle:
    """The things, each person with a hand at a third of its box."""
    placed, poses = [], {}
    for label, kind, (x0, y0, x1, y1) in found:
        left, right = (SIDE_PX - x1, SIDE_PX - x0) if mirror else (x0, x1)
        aside = (x1 - x0) / 3
        hand_x = right - aside if mirror else left + aside
        placed.append((label, kind, (factor * left, factor * y0, factor * right, factor * y1)))
        if kind is PERSON and int(label.split()[0]) % 2:
            poses[label] = a_pose((factor * hand_x, factor * (y0 + y1) / 2))
    return a_picture(*placed, poses=poses, size_px=(factor * SIDE_PX, factor * SIDE_PX))


@settings(deadline=None, max_examples=60)
@given(things())
def test_a_mirrored_picture_has_the_same_edges(found: list[Thing]) -> None:
    mirrored = statements(picture_of(found, mirror=True))

    assert mirrored == pytest.approx(statements(picture_of(found)), abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(things(), st.sampled_from([2, 8]))
def test_size_changes_nothing(found: list[Thing], factor: int) -> None:
    enlarged = statements(picture_of(found, factor=factor))

    assert enlarged == pytest.approx(statements(picture_of(found)), abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(things())
def test_the_order_of_regions_changes_nothing(found: list[Thing]) -> None:
    picture = picture_of(found)
    turned = replace(picture, regions=picture.regions[::-1])

    assert statements(turned) == pytest.approx(statements(picture), abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(things())
def test_no_symmetric_statement_is_made_twice(found: list[Thing]) -> None:
    derived = derive(picture_of(found), thresholds=THRESHOLDS)
    pairs = [
        (e.kind, frozenset({e.subject_id, e.object_id})) for e in derived.edges if e.kind.symmetric
    ]

    assert len(set(pairs)) == len(pairs)


@settings(deadline=None, max_examples=60)
@given(things())
def test_nothing_is_above_what_is_above_it(found: list[Thing]) -> None:
    said = statements(picture_of(found))

    assert not any((kind, b, a) in said for kind, a, b in said if kind is EdgeKind.ABOVE)
