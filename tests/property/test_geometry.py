"""Laws that measures and transformations of outlines keep."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import affinity

from iconograph.graph.model.geometry import Box, Outline, Point, folded_angle_deg
from iconograph.graph.model.shapes import (
    centroid,
    clipped,
    from_shapely,
    intersection_area_px2,
    iou,
    mirrored,
    oriented_box,
    rotated,
    scaled,
    to_shapely,
)
from tests.strategies import SIDE_PX, boxes, is_refused, outlines, points, star_outlines

turns_deg = st.floats(-360, 360)
factors = st.floats(0.1, 10)
numbers = st.floats(-1e4, 1e4)


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)


@given(outlines)
def test_area_is_that_of_shapely(outline: Outline) -> None:
    assert close(outline.area_px2, to_shapely(outline).area)


@given(outlines)
def test_an_outline_survives_the_way_through_shapely(outline: Outline) -> None:
    back = from_shapely(to_shapely(outline))

    assert close(iou(outline, back), 1.0)
    assert close(outline.area_px2, back.area_px2)


@given(outlines, outlines)
def test_iou_is_symmetric_and_bounded(a: Outline, b: Outline) -> None:
    assert 0.0 <= iou(a, b) <= 1.0
    assert close(iou(a, b), iou(b, a))


@given(outlines)
def test_iou_with_itself_is_one(outline: Outline) -> None:
    assert close(iou(outline, outline), 1.0)


@given(outlines, outlines)
def test_the_shared_area_is_at_most_the_smaller(a: Outline, b: Outline) -> None:
    assert intersection_area_px2(a, b) <= min(a.area_px2, b.area_px2) * (1 + 1e-9) + 1e-6


@given(boxes(), st.floats(1.5, 4))
def test_boxes_that_lie_apart_share_nothing(box: Box, factor: float) -> None:
    beside = Box(
        x0_px=box.x0_px + factor * SIDE_PX,
        y0_px=box.y0_px,
        x1_px=box.x1_px + factor * SIDE_PX,
        y1_px=box.y1_px,
    )

    assert iou(Outline.from_box(box), Outline.from_box(beside)) == 0.0


@given(outlines)
def test_the_oriented_box_holds_the_outline(outline: Outline) -> None:
    frame = shapely.Polygon(oriented_box(outline).corners)

    assert frame.buffer(1e-3).covers(to_shapely(outline))


@given(outlines)
def test_the_oriented_box_has_its_longer_side_first_and_a_folded_angle(outline: Outline) -> None:
    box = oriented_box(outline)

    assert box.width_px >= box.height_px > 0
    assert -90 < box.angle_deg <= 90


@given(star_outlines, st.floats(-90, 90))
def test_no_turned_box_is_smaller_than_the_oriented_box(outline: Outline, angle: float) -> None:
    box = oriented_box(outline)
    upright = rotated(outline, angle, around=Point(x_px=0, y_px=0)).box

    assert box.width_px * box.height_px <= upright.area_px2 * (1 + 1e-6)


@given(st.floats(5, 400), st.floats(5, 400), st.floats(-90, 90, exclude_min=True))
def test_the_oriented_box_of_a_turned_box_has_its_size_and_angle(
    width: float, height: float, angle: float
) -> None:
    assume(width > height * 1.01)
    flat = Outline.from_box(Box(x0_px=0, y0_px=0, x1_px=width, y1_px=height))

    box = oriented_box(rotated(flat, angle, around=Point(x_px=width / 2, y_px=height / 2)))

    assert box.width_px == pytest.approx(width, rel=1e-6)
    assert box.height_px == pytest.approx(height, rel=1e-6)
    assert abs(folded_angle_deg(box.angle_deg - angle)) < 1e-3
    assert (box.centre.x_px, box.centre.y_px) == pytest.approx((width / 2, height / 2), abs=1e-6)


@given(outlines, turns_deg, points)
def test_turning_keeps_area_and_turns_back(outline: Outline, turn: float, around: Point) -> None:
    turned = rotated(outline, turn, around=around)

    assert close(turned.area_px2, outline.area_px2)
    assert close(iou(rotated(turned, -turn, around=around), outline), 1.0)


@given(outlines, turns_deg)
def test_the_oriented_box_turns_along(outline: Outline, turn: float) -> None:
    before, after = (
        oriented_box(outline),
        oriented_box(rotated(outline, turn, around=centroid(outline))),
    )

    assert close(before.width_px * before.height_px, after.width_px * after.height_px)


@given(outlines, factors, factors)
def test_scaling_multiplies_the_area(outline: Outline, x: float, y: float) -> None:
    assert close(scaled(outline, x, y).area_px2 / (x * y), outline.area_px2)


@given(outlines, factors)
def test_the_oriented_box_scales_along(outline: Outline, factor: float) -> None:
    before, after = oriented_box(outline), oriented_box(scaled(outline, factor, factor))

    assert close(after.width_px * after.height_px / factor**2, before.width_px * before.height_px)


@given(outlines, outlines, factors, factors)
def test_iou_does_not_depend_on_scale(a: Outline, b: Outline, x: float, y: float) -> None:
    assert iou(scaled(a, x, y), scaled(b, x, y)) == pytest.approx(iou(a, b), abs=1e-6)


@given(outlines)
def test_mirroring_twice_gives_the_outline_back(outline: Outline) -> None:
    once = mirrored(outline, width_px=SIDE_PX)

    assert close(once.area_px2, outline.area_px2)
    assert close(once.box.x0_px, SIDE_PX - outline.box.x1_px)
    assert close(iou(mirrored(once, width_px=SIDE_PX), outline), 1.0)


@given(outlines, st.floats(-600, 600), st.floats(-600, 600))
def test_clipping_keeps_what_lies_inside(outline: Outline, dx: float, dy: float) -> None:
    moved = from_shapely(affinity.translate(to_shapely(outline), dx, dy))
    frame = Outline.from_box(Box(x0_px=0, y0_px=0, x1_px=SIDE_PX, y1_px=SIDE_PX))
    shared = intersection_area_px2(moved, frame)
    assume(shared > 1e-3)

    inside = clipped(moved, width_px=SIDE_PX, height_px=SIDE_PX)

    assert inside.area_px2 == pytest.approx(shared, rel=1e-6, abs=1e-4)
    assert inside.box.x0_px >= 0
    assert inside.box.y0_px >= 0
    assert inside.box.x1_px <= SIDE_PX
    assert inside.box.y1_px <= SIDE_PX
    assert clipped(inside, width_px=SIDE_PX, height_px=SIDE_PX) == inside


@given(numbers, numbers, numbers, numbers, st.lists(st.floats(-2, 2), min_size=1, max_size=5))
def test_corners_on_one_line_are_refused(
    x: float, y: float, dx: float, dy: float, steps: list[float]
) -> None:
    horizontal = tuple((x + dx * step, y) for step in steps)
    vertical = tuple((x, y + dy * step) for step in steps)

    assert is_refused(horizontal)
    assert is_refused(vertical)


@given(st.floats(-1e6, 1e6))
def test_folding_keeps_the_line_and_is_done_once(angle: float) -> None:
    folded = folded_angle_deg(angle)

    assert -90 < folded <= 90
    assert folded_angle_deg(folded) == folded
    assert abs(math.sin(math.radians(angle - folded))) < 1e-6


@given(boxes())
def test_the_centre_of_a_box_is_its_centroid(box: Box) -> None:
    middle = centroid(Outline.from_box(box))

    assert close(middle.x_px, box.centre.x_px)
    assert close(middle.y_px, box.centre.y_px)
    assert box.holds(middle)
