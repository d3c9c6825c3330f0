from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Outline
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.outlines import mask_of, outline_of
from iconograph.ingest.sources.masks import outline_of_rle
from tests.unit.ingest.regions.proposing import box_mask, disc_mask


def corners(outline: Outline) -> int:
    return sum(len(p.exterior) + sum(len(h) for h in p.holes) for p in outline.parts)


def test_a_box_has_its_own_corners_at_pixel_edges() -> None:
    outline = outline_of(box_mask(3, 5, 13, 9))

    assert set(outline.parts[0].exterior) == {(3, 5), (13, 5), (13, 9), (3, 9)}


def test_one_pixel_is_a_unit_square() -> None:
    assert outline_of(box_mask(7, 2, 8, 3)).box.corners_px == (7, 2, 8, 3)


def test_it_agrees_with_the_reader_of_run_lengths() -> None:
    mask = disc_mask(4, 6, 44, 56)
    flat = mask.within(60, 70).ravel(order="F")
    changes = np.flatnonzero(np.diff(flat)) + 1
    counts = np.diff([0, *changes, flat.size]).tolist()

    read = outline_of_rle({"size": [70, 60], "counts": counts})

    assert mask_of(read, width_px=60, height_px=70).iou(mask) >= 0.97
    assert outline_of(mask).box == read.box


def test_a_large_hole_stays_and_a_pinhole_goes() -> None:
    bits = np.ones((100, 100), np.bool_)
    bits[40:60, 40:60] = False
    bits[10, 10] = False

    outline = outline_of(Mask.of(bits))

    assert [len(part.holes) for part in outline.parts] == [1]
    assert outline.area_px2 == 100 * 100 - 20 * 20


def test_specks_go_and_large_pieces_stay() -> None:
    bits = np.zeros((100, 200), np.bool_)
    bits[10:60, 10:60] = bits[10:60, 100:150] = True
    bits[80, 80] = bits[90:92, 190:192] = True

    outline = outline_of(Mask.of(bits))

    assert len(outline.parts) == 2
    assert outline.box.corners_px == (10, 10, 150, 60)


def test_a_mask_of_specks_keeps_them() -> None:
    bits = np.zeros((40, 40), np.bool_)
    bits[::4, ::4] = True

    outline = outline_of(Mask.of(bits))

    assert mask_of(outline, width_px=40, height_px=40).iou(Mask.of(bits)) >= 0.97


def test_checkers_that_touch_by_corners_are_given_back() -> None:
    bits = np.indices((9, 9)).sum(axis=0) % 2 == 0

    given_back = mask_of(outline_of(Mask.of(bits)), width_px=9, height_px=9)

    assert given_back.iou(Mask.of(bits)) >= 0.97


def test_larger_tolerances_give_fewer_corners() -> None:
    mask = disc_mask(0, 0, 400, 300)
    found = [corners(outline_of(mask, tolerance_px=t, smallest_iou=0.5)) for t in (0, 1, 8)]

    assert found == sorted(found, reverse=True)
    assert found[0] > 3 * found[1] > 3 * found[2]


def test_the_smallest_iou_bounds_the_tolerance() -> None:
    mask = disc_mask(0, 0, 60, 60)

    loose = outline_of(mask, tolerance_px=30, smallest_iou=0.5)
    tight = outline_of(mask, tolerance_px=30, smallest_iou=0.97)

    assert mask_of(loose, width_px=60, height_px=60).iou(mask) < 0.97
    assert mask_of(tight, width_px=60, height_px=60).iou(mask) >= 0.97


@pytest.mark.parametrize(("tolerance_px", "iou"), [(-1.0, 0.9), (1.0, 1.5), (float("nan"), 0.9)])
def test_impossible_bounds_are_refused(tolerance_px: float, iou: float) -> None:
    with pytest.raises(InvalidValueError, match="tolerance >= 0"):
        outline_of(box_mask(0, 0, 2, 2), tolerance_px=tolerance_px, smallest_iou=iou)


def test_a_mask_beside_the_picture_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="set pixel"):
        mask_of(outline_of(box_mask(20, 20, 30, 30)), width_px=10, height_px=10)
