from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.geometry import Outline
from iconograph.ingest.sources.masks import outline_of_rle

if TYPE_CHECKING:
    from numpy.typing import NDArray


def disc(*, hole: bool = False) -> NDArray[np.uint8]:
    """A disc of radius 20 in a mask 50 high and 60 wide, perhaps with a hole of radius 8."""
    y, x = np.mgrid[:50, :60]
    distance_px = np.hypot(x - 30, y - 25)
    return np.asfortranarray((distance_px <= 20) & ~(hole & (distance_px <= 8)), dtype=np.uint8)


def runs_of(mask: NDArray[np.uint8]) -> dict[str, Any]:
    flat = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(np.concatenate([[0], flat, [2]])))
    return {"size": list(mask.shape), "counts": np.diff([0, *changes]).tolist()}


@pytest.mark.parametrize("hole", [False, True], ids=["disc", "ring"])
def test_run_lengths_in_both_forms_give_the_same_outline_of_the_right_area(
    hole: bool,  # noqa: FBT001  a parameter of the table
) -> None:
    mask = disc(hole=hole)
    plain = outline_of_rle(runs_of(mask))
    compressed = coco_mask.encode(mask)
    assert outline_of_rle(compressed) == plain
    text = {"size": compressed["size"], "counts": compressed["counts"].decode()}
    assert outline_of_rle(text) == plain
    assert plain.area_px2 == pytest.approx(mask.sum(), rel=0.03)
    assert plain.box.corners_px == pytest.approx((10, 5, 51, 46), abs=1)
    assert len(plain.parts[0].holes) == int(hole)


def test_a_single_pixel_is_a_square_at_its_place() -> None:
    mask = np.zeros((5, 7), dtype=np.uint8)
    mask[2, 4] = 1
    outline = outline_of_rle(runs_of(mask))
    assert outline.box.corners_px == (4, 2, 5, 3)
    assert outline.area_px2 == 1


def test_two_islands_are_two_parts() -> None:
    mask = np.zeros((20, 20), dtype=np.uint8)
    mask[2:8, 2:8] = mask[12:18, 12:18] = 1
    outline = outline_of_rle(runs_of(mask))
    assert isinstance(outline, Outline)
    assert len(outline.parts) == 2
    assert outline.area_px2 == 72


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(0, 1))
)
def test_an_outline_has_the_area_and_the_box_of_any_mask(mask: NDArray[np.uint8]) -> None:
    assume(mask.any())
    outline = outline_of_rle(runs_of(mask))
    rows, columns = np.nonzero(mask)
    assert outline.area_px2 == pytest.approx(mask.sum(), rel=0.021)
    expected = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert outline.box.corners_px == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("rle", "message"),
    [
        pytest.param({"size": [4, 4], "counts": [16]}, "empty", id="no-pixel"),
        pytest.param({"size": [4, 4], "counts": [3, 2]}, "add up to 5", id="too-few"),
        pytest.param({"size": [4, 4], "counts": [-3, 19]}, "no list of lengths", id="negative"),
        pytest.param({"size": [4, 4]}, "counts", id="no-counts"),
        pytest.param({"counts": [16]}, "size", id="no-size"),
        pytest.param({"size": [4], "counts": [16]}, "cannot be read", id="one-side"),
        pytest.param({"size": [4, 4], "counts": ["a"]}, "cannot be read", id="words"),
        pytest.param({"size": [4, 4], "counts": "garbage~~~~"}, "cannot be read", id="garbage"),
        pytest.param({"size": [99999, 99999], "counts": "0"}, "its size is", id="huge"),
    ],
)
def test_a_broken_mask_is_refused(rle: dict[str, Any], message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        outline_of_rle(rle)
