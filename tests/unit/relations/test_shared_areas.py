from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.geometry import Outline
from iconograph.relations.outline_arrays import areas_and_boxes
from iconograph.relations.shared_areas import CHUNK, SharedAreas, common_px2, outline_sides
from tests.strategies import holed_outlines

SQUARE = shapely.box(0, 0, 10, 10)
RING = shapely.Polygon(SQUARE.exterior.coords, [shapely.box(2, 2, 8, 8).exterior.coords])


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(shapely.box(5, 5, 15, 15), 25.0, id="a corner"),
        pytest.param(SQUARE, 100.0, id="itself"),
        pytest.param(SQUARE.reverse(), 100.0, id="drawn the other way round"),
        pytest.param(RING, 64.0, id="with a hole"),
        pytest.param(shapely.box(10, 0, 20, 10), 0.0, id="side by side"),
        pytest.param(shapely.box(0, 10, 10, 20), 0.0, id="one on the other"),
        pytest.param(shapely.box(30, 0, 40, 10), 0.0, id="apart"),
        pytest.param(shapely.Polygon([(0, 0), (20, 10), (0, 20)]), 75.0, id="slanting"),
        pytest.param(
            shapely.MultiPolygon([shapely.box(1, 1, 2, 2), shapely.box(8, 8, 12, 12)]),
            5.0,
            id="of two parts",
        ),
    ],
)
def test_what_a_square_shares(other: shapely.Geometry, expected: float) -> None:
    shapes = np.array([SQUARE, other], dtype=np.object_)

    found = SharedAreas(shapes).px2(np.array([0, 1]), np.array([1, 0]))

    assert found == pytest.approx([expected, expected], abs=1e-9)


@given(st.lists(holed_outlines(), min_size=2, max_size=5))
def test_areas_are_those_of_shapely(outlines: list[Outline]) -> None:
    shapes, _ = areas_and_boxes(outlines)
    first, second = np.nonzero(np.ones((len(outlines),) * 2))

    found = common_px2(outline_sides(shapes), first, second)

    expected = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_many_pairs() -> None:
    count = 2 * CHUNK + 3
    shapes = np.array([shapely.box(x, 0, x + 2, 1) for x in range(count)], dtype=np.object_)
    first = np.arange(count - 1)

    assert SharedAreas(shapes).px2(first, first + 1) == pytest.approx(np.ones(count - 1))


def test_no_pairs() -> None:
    none = np.empty(0, dtype=np.intp)

    assert SharedAreas(np.array([SQUARE], dtype=np.object_)).px2(none, none).size == 0
