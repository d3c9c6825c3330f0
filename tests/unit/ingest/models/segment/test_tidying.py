from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.models.segment.tidying import tidied
from iconograph.ingest.regions.mask import Mask


def square() -> np.ndarray:
    bits = np.zeros((120, 120), np.bool_)
    bits[20:100, 20:100] = True
    return bits


def test_small_islands_go() -> None:
    bits = square()
    bits[2:10, 2:10] = True

    assert tidied(Mask.of(bits)).box.corners_px == (20.0, 20.0, 100.0, 100.0)


def test_small_holes_are_filled_and_large_ones_stay() -> None:
    pierced, ring = square(), square()
    pierced[50:60, 50:60] = False
    ring[35:85, 35:85] = False

    assert tidied(Mask.of(pierced)).bits[20:60, 20:60].all()
    assert not tidied(Mask.of(ring)).bits[40, 40]


def test_a_thread_on_the_border_goes() -> None:
    bits = square()
    bits[60, 100:118] = True

    assert tidied(Mask.of(bits)).box.x1_px <= 102.0


def test_a_line_that_smoothing_would_take_stays() -> None:
    bits = np.zeros((50, 300), np.bool_)
    bits[25, 5:295] = True

    assert tidied(Mask.of(bits)).area_px2 == 290


@given(st.integers(0, 40), st.integers(0, 40))
def test_where_a_mask_lies_is_no_matter(x0_px: int, y0_px: int) -> None:
    here = tidied(Mask.of(square()))

    there = tidied(Mask.of(square(), x0_px=x0_px, y0_px=y0_px))

    assert (there.x0_px - here.x0_px, there.y0_px - here.y0_px) == (x0_px, y0_px)
    assert np.array_equal(there.bits, here.bits)
