from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.segment.port import SegmentedPicture, Segments
from iconograph.ingest.models.segment.windowed import WINDOW_SIDES, WindowedSegmenter, window_at
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bright:
    """Takes all bright pixels of what it sees; remembers how large that was."""

    pixels: NDArray[np.uint8]

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        return self.at_points(boxes_px)

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        bits = self.pixels[:, :, 0] > 200
        mask = Mask.of(bits) if bits.any() else None
        return Segments(
            masks=(mask,) * len(points_px), confidences=np.full(len(points_px), 0.5, np.float32)
        )


class BrightSegmenter:
    name = "bright"
    models: tuple[ModelRef, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    def __call__(self, pixels: NDArray[np.uint8], /) -> SegmentedPicture:
        return Bright(pixels=pixels)


def picture() -> NDArray[np.uint8]:
    """Two bright squares on black."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[0:20, 0:20] = 255
    pixels[60:80, 150:170] = 255
    return pixels


@pytest.mark.parametrize("corner", [(0, 0), (150, 60)], ids=["at the border", "within"])
def test_each_box_is_seen_alone_and_its_mask_lies_where_it_was(corner: tuple[int, int]) -> None:
    x, y = corner
    box = np.array([[x, y, x + 20, y + 20]], np.float32)

    found = WindowedSegmenter(inner=BrightSegmenter())(picture()).in_boxes(box)

    assert found.masks[0] is not None
    assert found.masks[0].box.corners_px == (x, y, x + 20, y + 20)
    assert found.confidences.tolist() == [0.5]


def test_a_point_is_seen_with_what_is_around_it() -> None:
    found = WindowedSegmenter(inner=BrightSegmenter())(picture()).at_points(
        np.array([[160, 70], [100, 40]], np.float32)
    )

    assert found.masks[0] is not None
    assert found.masks[0].area_px2 == 400
    assert found.masks[1] is None


def test_no_box_gives_no_mask() -> None:
    found = WindowedSegmenter(inner=BrightSegmenter())(picture()).in_boxes(
        np.empty((0, 4), np.float32)
    )

    assert found.masks == ()


def test_what_lies_outside_the_picture_is_grey() -> None:
    window, corner = window_at(picture(), np.array([0.0, 0.0]), 20)

    assert corner.tolist() == [-10, -10]
    assert (window[0, 0] == 127).all()
    assert (window[15, 15] == 255).all()


def test_a_window_is_so_many_sides_large() -> None:
    window, _ = window_at(picture(), np.array([100.0, 50.0]), WINDOW_SIDES * 20)

    assert window.shape == (30, 30, 3)


def test_prompts_need_numbers() -> None:
    segmented = WindowedSegmenter(inner=BrightSegmenter())(picture())

    with pytest.raises(InvalidValueError, match="n x 4"):
        segmented.in_boxes(np.full((1, 4), np.nan, np.float32))
