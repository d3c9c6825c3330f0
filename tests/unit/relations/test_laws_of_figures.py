"""Laws of relations between figures with key points and gazes, outlines and odd sizes.

What holds for boxes and hands alone stands in tests/property/test_relations.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Outline, Point, Polygon
from iconograph.graph.model.pose import COCO_KEY_POINTS, Gaze, GazeState, KeyPoint, Pose
from iconograph.graph.model.region import Label, RegionKind, region_of
from iconograph.relations.derive import derive
from tests.builders import a_run, a_work, an_image
from tests.unit.relations.pictures import (
    ANIMAL,
    ATTRIBUTE,
    OBJECT,
    PART,
    PERSON,
    THRESHOLDS,
    statements,
)

SIDE_PX = 1000.0
XY = tuple[float, float]
NAMES = {
    PERSON: "man",
    ANIMAL: "goat",
    OBJECT: "sword",
    ATTRIBUTE: "hat",
    PART: "wing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A thing as a kite in its box; a person may have key points, (x, y, confidence), and a gaze."""

    label: str
    kind: RegionKind
    corners: tuple[XY, ...]
    points: tuple[tuple[float, float, float], ...] = ()
    towards_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Takes places of the picture to others; `swaps` the figure's left and right."""

    name: str
    swaps: bool = False

    def __call__(self, x: float, y: float) -> XY:
        return (SIDE_PX - x, y) if self.name == "mirror" else (SIDE_PX - y, x)

    def along(self, x: float, y: float) -> XY:
        """The same for a direction."""
        return (-x, y) if self.name == "mirror" else (-y, x)


MIRROR, QUARTER = Turn(name="mirror", swaps=True), Turn(name="quarter")


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    """Up to seven things of different places; key points lie in and about their box."""
    found = {}
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from([PERSON, PERSON, *NAMES]))
        # Uneven offsets keep things apart, so that no rule stands before a tie.
        x0 = 45.0 * draw(st.integers(0, 18)) + 3.1 * number
        y0 = 45.0 * draw(st.integers(0, 18)) + 2.3 * number
        x1 = min(SIDE_PX, x0 + 50 * draw(st.integers(1, 9)) + 1.7 * number)
        y1 = min(SIDE_PX, y0 + 50 * draw(st.integers(1, 9)) + 1.3 * number)
        middle_x, middle_y = x0 + 0.45 * (x1 - x0), y0 + 0.55 * (y1 - y0)
        corners = ((middle_x, y0), (x1, middle_y), (middle_x, y1), (x0, middle_y))
        points: tuple[tuple[float, float, float], ...] = ()
        towards = None
        if kind is PERSON and draw(st.booleans()):
            places = st.tuples(
                st.floats(x0 - 20, x1 + 20), st.floats(y0 - 20, y1 + 20), st.floats(0, 1)
            )
            points = tuple(draw(places) for _ in COCO_KEY_POINTS)
        if kind is PERSON and draw(st.booleans()):
            towards = draw(st.floats(-179, 180))
        found[corners] = Figure(
            label=f"{number} {NAMES[kind]}",
            kind=kind,
            corners=corners,
            points=points,
            towards_deg=towards,
        )
    return list(found.values())


def other_side(name: str) -> str:
    """The name of the key point on the figure's other side."""
    left, right = name.replace("left", "right"), name.replace("right", "left")
    return left if name.startswith("left") else right


def pose_of(figure: Figure, turn: Turn | None) -> Pose | None:
    if not figure.points:
        return None
    places = dict(zip(COCO_KEY_POINTS, figure.points, strict=True))
    points = []
    for name in COCO_KEY_POINTS:
        x, y, confidence = places[other_side(name) if turn and turn.swaps else name]
        x, y = turn(x, y) if turn else (x, y)
        points.append(KeyPoint(x_px=x, y_px=y, confidence=confidence))
    return Pose(key_points=tuple(points), method="annotation")


def gaze_of(figure: Figure, turn: Turn | None) -> Gaze | None:
    if figure.towards_deg is None:
        return None
    angle = math.radians(figure.towards_deg)
    way = (math.cos(angle), math.sin(angle))
    x, y = figure.corners[0]
    x, y = turn(x, y) if turn else (x, y)
    return Gaze(
        state=GazeState.UNKNOWN,
        origin=Point(x_px=x, y_px=y),
        direction=turn.along(*way) if turn else way,
        method="annotation",
    )


def a_picture_of(found: list[Figure], turn: Turn | None = None) -> ImageBundle:
    run, work = a_run(), a_work("picture")
    image = an_image(work, width_px=int(SIDE_PX), height_px=int(SIDE_PX))
    regions = tuple(
        region_of(
            image,
            Outline(
                parts=(
                    Polygon(
                        exterior=tuple(turn(*place) if turn else place for place in figure.corners)
                    ),
                )
            ),
            run_id=run.id,
            kind=figure.kind,
            labels=(Label(text=figure.label),),
            pose=pose_of(figure, turn),
            gaze=gaze_of(figure, turn),
        )
        for figure in found
    )
    return ImageBundle(work=work, image=image, runs=(run,), regions=regions)


@settings(deadline=None, max_examples=80)
@given(figures())
def test_a_mirrored_picture_of_figures_has_the_mirrored_edges(found: list[Figure]) -> None:
    mirrored = statements(a_picture_of(found, MIRROR))

    assert mirrored == pytest.approx(statements(a_picture_of(found)), abs=1e-5)


TURNING = (EdgeKind.GAZES_AT, EdgeKind.TOUCHES, EdgeKind.PART_OF, EdgeKind.INSIDE)
"""Kinds for which up and down are like any other direction."""


@settings(deadline=None, max_examples=80)
@given(figures())
def test_a_picture_turned_by_a_quarter_keeps_what_knows_no_up_and_down(found: list[Figure]) -> None:
    boxes = [boxed(figure) for figure in found]
    upright, turned = (statements(a_picture_of(boxes, turn)) for turn in (None, QUARTER))
    upright, turned = (
        {key: sure for key, sure in said.items() if key[0] in TURNING} for said in (upright, turned)
    )

    assert turned == pytest.approx(upright, abs=1e-5)


def boxed(figure: Figure) -> Figure:
    """The figure as its box: places within a slanting outline are not chosen alike in all turns."""
    xs, ys = zip(*figure.corners, strict=True)
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    return replace(figure, corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


@settings(deadline=None, max_examples=40)
@given(figures())
def test_key_points_of_no_confidence_say_nothing(found: list[Figure]) -> None:
    unsure = [replace(f, points=tuple((x, y, 0.0) for x, y, _ in f.points)) for f in found]
    without = [replace(f, points=()) for f in found]

    assert statements(a_picture_of(unsure)) == statements(a_picture_of(without))


@settings(deadline=None, max_examples=40)
@given(figures(), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_key_points_far_outside_the_picture_do_no_harm(
    found: list[Figure], x: float, y: float
) -> None:
    away = [replace(f, points=tuple((x, y, c) for *_, c in f.points)) for f in found]

    said = statements(a_picture_of(away))

    assert all(0.0 <= sure <= 1.0 for sure in said.values())


@settings(deadline=None, max_examples=40)
@given(figures(), st.floats(0.02, 1.0))
def test_specks_do_no_harm(found: list[Figure], size_px: float) -> None:
    specks = [
        replace(
            figure,
            corners=tuple(
                (
                    figure.corners[0][0] % 990 + dx * size_px,
                    figure.corners[0][1] % 990 + dy * size_px,
                )
                for dx, dy in ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5))
            ),
        )
        for figure in found
    ]

    said = statements(a_picture_of(specks))

    assert all(0.0 <= sure <= 1.0 for sure in said.values())


def a_crowd(count: int) -> ImageBundle:
    """Figures in rows, a third of them persons with key points and a gaze to the right."""
    columns = math.ceil(math.sqrt(count))
    cell = SIDE_PX / columns
    kinds = (PERSON, OBJECT, ATTRIBUTE)
    found = []
    for number in range(count):
        x, y = (number % columns) * cell, (number // columns) * cell
        kite = ((0.45, 0.0), (0.9, 0.55), (0.45, 0.95), (0.0, 0.55))
        person = number % 3 == 0
        found.append(
            Figure(
                label=f"{number} {NAMES[kinds[number % 3]]}",
                kind=kinds[number % 3],
                corners=tuple((x + cell * dx, y + cell * dy) for dx, dy in kite),
                points=tuple(
                    (x + cell * (0.3 + 0.02 * k), y + cell * k / 20, 1.0)
                    for k in range(len(COCO_KEY_POINTS))
                )
                if person
                else (),
                towards_deg=0.0 if person else None,
            )
        )
    return a_picture_of(found)


def test_five_thousand_regions_with_bodies_and_gazes_give_edges_in_proportion() -> None:
    few, many = (derive(a_crowd(count), thresholds=THRESHOLDS).edges for count in (500, 5000))
    kinds = {edge.kind for edge in many}

    assert {EdgeKind.GAZES_AT, EdgeKind.BESIDE} <= kinds
    assert 0 < len(many) < 15 * len(few)
