from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.geometry import Outline, Polygon
from iconograph.graph.model.shapes import to_shapely
from iconograph.relations.outline_arrays import areas_and_boxes
from iconograph.relations.shared_areas import SharedAreas
from tests.builders import a_box
from tests.strategies import holed_outlines

BOW_TIE = Outline(parts=(Polygon(exterior=((0, 0), (10, 10), (10, 0), (0, 12))),))


def several(*outlines: Outline) -> Outline:
    return Outline(parts=tuple(part for outline in outlines for part in outline.parts))


@pytest.mark.parametrize(
    "outline",
    [
        pytest.param(a_box(0, 0, 10, 5), id="box"),
        pytest.param(several(a_box(0, 0, 4, 4), a_box(8, 0, 9, 4)), id="apart"),
        pytest.param(several(a_box(0, 0, 4, 4), a_box(4, 0, 9, 4)), id="side by side"),
        pytest.param(several(a_box(0, 0, 6, 6), a_box(4, 0, 9, 4)), id="overlapping"),
        pytest.param(BOW_TIE, id="crossing itself"),
    ],
)
def test_areas_are_those_of_single_outlines(outline: Outline) -> None:
    shapes, boxes_px = areas_and_boxes([a_box(1, 1, 2, 2), outline])

    assert shapely.is_valid(shapes[1])
    assert shapely.equals(shapes[1], to_shapely(outline))
    assert boxes_px[1].tolist() == list(outline.box.corners_px)


@given(st.lists(holed_outlines(), max_size=6))
def test_many_outlines_at_once(outlines: list[Outline]) -> None:
    shapes, boxes_px = areas_and_boxes(outlines)

    expected = np.array([to_shapely(outline).area for outline in outlines])
    assert shapely.area(shapes) == pytest.approx(expected)
    assert boxes_px.shape == (len(outlines), 4)
    for box, outline in zip(boxes_px.tolist(), outlines, strict=True):
        assert box == list(outline.box.corners_px)


@given(st.lists(holed_outlines(), min_size=2, max_size=5), st.data())
def test_shared_areas_are_remembered(outlines: list[Outline], data: st.DataObject) -> None:
    shapes, _ = areas_and_boxes(outlines)
    shared, rows = SharedAreas(shapes), st.integers(0, len(outlines) - 1)

    for _ in range(2):
        pairs = data.draw(st.lists(st.tuples(rows, rows), max_size=6))
        first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        expected = shapely.area(shapely.intersection(shapes[first], shapes[second]))

        assert shared.px2(first, second) == pytest.approx(expected)
        assert shared.px2(second, first) == pytest.approx(expected)
