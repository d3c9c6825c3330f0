"""Measures of shapes whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import (
    Box,
    OrientedBox,
    Outline,
    Point,
    Polygon,
    Ring,
    folded_angle_deg,
    ring_area_px2,
)
from iconograph.graph.model.shapes import (
    centroid,
    clipped,
    from_shapely,
    intersection_area_px2,
    iou,
    mirrored,
    only_areas,
    oriented_box,
    rotated,
    scaled,
    to_shapely,
)
from tests.builders import a_box

TRIANGLE: Ring = ((0, 0), (4, 0), (0, 3))
DIAMOND: Ring = ((5, 0), (10, 5), (5, 10), (0, 5))
BOW_TIE: Ring = ((0, 0), (10, 10), (10, 0), (0, 12))


def outline(*rings: Ring) -> Outline:
    """An outline of one polygon: its outer ring and its holes."""
    return Outline(parts=(Polygon(exterior=rings[0], holes=rings[1:]),))


@pytest.mark.parametrize(
    ("shape", "area_px2"),
    [
        pytest.param(a_box(1, 2, 5, 4), 8, id="box"),
        pytest.param(outline(TRIANGLE), 6, id="triangle"),
        pytest.param(outline(TRIANGLE[::-1]), 6, id="the other way round"),
        pytest.param(outline(DIAMOND, ((4, 4), (6, 4), (6, 6), (4, 6))), 46, id="with a hole"),
        pytest.param(
            Outline(parts=(*a_box(0, 0, 2, 2).parts, *a_box(5, 5, 6, 7).parts)), 6, id="two parts"
        ),
    ],
)
def test_area(shape: Outline, area_px2: float) -> None:
    assert shape.area_px2 == pytest.approx(area_px2)


@pytest.mark.parametrize(
    ("a", "b", "shared_px2", "expected"),
    [
        pytest.param(a_box(0, 0, 2, 2), a_box(1, 0, 3, 2), 2, 1 / 3, id="half over"),
        pytest.param(a_box(0, 0, 4, 4), a_box(1, 1, 3, 3), 4, 1 / 4, id="inside"),
        pytest.param(a_box(0, 0, 2, 2), a_box(2, 0, 4, 2), 0, 0, id="edge to edge"),
        pytest.param(a_box(0, 0, 1, 1), a_box(5, 5, 6, 6), 0, 0, id="apart"),
        pytest.param(a_box(0, 0, 10, 10), outline(DIAMOND), 50, 1 / 2, id="diamond in a box"),
    ],
)
def test_overlap(a: Outline, b: Outline, shared_px2: float, expected: float) -> None:
    assert intersection_area_px2(a, b) == pytest.approx(shared_px2)
    assert iou(a, b) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shape", "size_px", "angle_deg"),
    [
        pytest.param(a_box(0, 0, 8, 2), (8, 2), 0, id="lying"),
        pytest.param(a_box(0, 0, 2, 8), (8, 2), 90, id="standing"),
        pytest.param(a_box(0, 0, 3, 3), (3, 3), 0, id="square"),
        pytest.param(outline(((0, 0), (6, 6), (5, 7), (-1, 1))), (72**0.5, 2**0.5), 45, id="down"),
        pytest.param(outline(((0, 6), (6, 0), (7, 1), (1, 7))), (72**0.5, 2**0.5), -45, id="up"),
    ],
)
def test_oriented_box(shape: Outline, size_px: tuple[float, float], angle_deg: float) -> None:
    box = oriented_box(shape)

    assert (box.width_px, box.height_px) == pytest.approx(size_px)
    assert box.angle_deg == pytest.approx(angle_deg)


def test_corners_of_an_oriented_box() -> None:
    box = OrientedBox(centre=Point(x_px=5, y_px=5), width_px=4, height_px=2, angle_deg=90)

    assert [(round(x, 9), round(y, 9)) for x, y in box.corners] == [(6, 3), (6, 7), (4, 7), (4, 3)]


@pytest.mark.parametrize(
    ("angle_deg", "folded"),
    [(0, 0), (90, 90), (-90, 90), (91, -89), (180, 0), (270, 90), (-135, 45), (720, 0)],
)
def test_folded_angle(angle_deg: float, folded: float) -> None:
    assert folded_angle_deg(angle_deg) == folded


def test_a_ring_that_runs_clockwise_on_the_screen_has_a_positive_area() -> None:
    assert ring_area_px2(((0, 0), (1, 0), (1, 1), (0, 1))) == 1
    assert ring_area_px2(((0, 1), (1, 1), (1, 0), (0, 0))) == -1


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        pytest.param(a_box(10, 10, 20, 20), (10, 10, 20, 20), id="inside"),
        pytest.param(a_box(-5, 10, 20, 20), (0, 10, 20, 20), id="over the left border"),
        pytest.param(a_box(90, 40, 120, 70), (90, 40, 100, 50), id="over the lower right corner"),
        pytest.param(a_box(-9, -9, 200, 200), (0, 0, 100, 50), id="around the image"),
    ],
)
def test_clipping(shape: Outline, box: tuple[float, float, float, float]) -> None:
    assert clipped(shape, width_px=100, height_px=50).box.corners_px == box


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((100, 0, 110, 10), id="touching the right border"),
        pytest.param((10, 60, 20, 70), id="below"),
    ],
)
def test_an_outline_outside_the_image_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(InvalidValueError, match=r"outside the image.*100 x 50 px"):
        clipped(a_box(*box), width_px=100, height_px=50)


def test_clipping_may_part_an_outline() -> None:
    horseshoe = outline(
        ((0, -10), (30, -10), (30, 20), (20, 20), (20, -5), (10, -5), (10, 20), (0, 20))
    )

    inside = clipped(horseshoe, width_px=100, height_px=100)

    assert len(inside.parts) == 2
    assert inside.area_px2 == pytest.approx(400)


def test_a_ring_that_crosses_itself_counts_both_halves() -> None:
    area = to_shapely(outline(BOW_TIE))

    assert area.is_valid
    assert len(from_shapely(area).parts) == 2


def test_a_geometry_without_area_is_no_outline() -> None:
    with pytest.raises(InvalidValueError, match="needs an area, got Polygon of area 0"):
        from_shapely(to_shapely(a_box(0, 0, 1, 1)).buffer(-1))


def test_transformations() -> None:
    box = a_box(10, 20, 30, 60)

    turned = rotated(box, 90, around=Point(x_px=10, y_px=20))
    assert turned.box.corners_px == pytest.approx((-30, 20, 10, 40))
    assert scaled(box, 2, 0.5).box.corners_px == (20, 10, 60, 30)
    assert mirrored(box, width_px=100).box.corners_px == (70, 20, 90, 60)
    assert centroid(box) == Point(x_px=20, y_px=40)


def test_measures_of_a_box() -> None:
    box = Box(x0_px=1, y0_px=2, x1_px=5, y1_px=10)

    assert (box.width_px, box.height_px, box.area_px2) == (4, 8, 32)
    assert box.centre == Point(x_px=3, y_px=6)
    assert box.holds(Point(x_px=5, y_px=10))
    assert not box.holds(Point(x_px=math.nextafter(5, 6), y_px=10))


def test_what_a_cut_leaves_of_lines_and_points_is_dropped() -> None:
    square, line, point = (
        shapely.box(0, 0, 4, 4),
        shapely.LineString([(5, 0), (5, 4)]),
        shapely.Point(6, 0),
    )
    mixed = shapely.GeometryCollection([square, line, point])
    shapes = np.array([[mixed, square], [shapely.GeometryCollection(), line]], dtype=np.object_)
    kept = only_areas(shapes)
    assert shapely.area(kept).tolist() == [[16, 16], [0, 0]]
    assert shapely.length(kept).tolist() == [[16, 16], [0, 4]]
    assert shapes[0, 0] is mixed
    shapely.intersection(shapely.Point(), kept[0, 0])
