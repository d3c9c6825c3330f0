"""Looks at each prompt through a window of its own, so that small things fill what a model sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.models.segment.prompts import require_prompts
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.segment.port import Segmenter

WINDOW_SIDES = 1.5
"""Side of a box's window, in the box's longer sides: as the shipped mini SAM was trained."""

SMALLEST_BOX_PX = 8
"""A smaller box is looked at as one of this size: there is nothing to be seen closer up."""

POINT_WINDOW_FRACTION = 0.33
"""Side of a point's window, in the picture's longer sides."""

GREY = 127
"""What lies outside the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowedSegmenter:
    """A `Segmenter` that gives another one a square window for each prompt."""

    inner: Segmenter

    @property
    def name(self) -> str:
        """That of the segmenter that looks."""
        return self.inner.name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """Those of the segmenter that looks."""
        return self.inner.models

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Those of the segmenter that looks, and the window's size."""
        return (*self.inner.parameters, ("window_sides", str(WINDOW_SIDES)))

    def __call__(self, pixels: NDArray[np.uint8], /) -> WindowedPicture:
        """The picture, of which nothing is looked at yet."""
        return WindowedPicture(pixels=pixels, inner=self.inner)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowedPicture:
    """A `SegmentedPicture` that is looked at anew for each prompt."""

    pixels: NDArray[np.uint8]
    inner: Segmenter

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        """The main thing in each box, n x 4 (x0, y0, x1, y1)."""
        return _joined(self._in_box(box) for box in _rows(boxes_px, 4))

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        """The thing at each point, n x 2 (x, y), as far as a third of the picture shows it."""
        side_px = POINT_WINDOW_FRACTION * max(self.pixels.shape[:2])
        return _joined(self._at_point(point, side_px) for point in _rows(points_px, 2))

    def _in_box(self, box: NDArray[np.float64]) -> tuple[Mask | None, float]:
        longest_px = max(SMALLEST_BOX_PX, *(box[2:] - box[:2]))
        window, corner = window_at(self.pixels, (box[:2] + box[2:]) / 2, WINDOW_SIDES * longest_px)
        own = (box - np.tile(corner, 2)).astype(np.float32)
        return self._moved(self.inner(window).in_boxes(own[None]), corner)

    def _at_point(self, point: NDArray[np.float64], side_px: float) -> tuple[Mask | None, float]:
        window, corner = window_at(self.pixels, point, side_px)
        own = (point - corner).astype(np.float32)
        return self._moved(self.inner(window).at_points(own[None]), corner)

    def _moved(self, found: Segments, corner: NDArray[np.int64]) -> tuple[Mask | None, float]:
        """What was found in a window, in the picture; what lies outside of that is cut away."""
        (mask,), confidence = found.masks, float(found.confidences[0])
        if mask is None:
            return None, confidence
        height_px, width_px = self.pixels.shape[:2]
        x0_px, y0_px = mask.x0_px + int(corner[0]), mask.y0_px + int(corner[1])
        left, top = max(0, -x0_px), max(0, -y0_px)
        inside = mask.bits[top : height_px - y0_px, left : width_px - x0_px]
        if not inside.any():
            return None, confidence
        return Mask.of(inside, x0_px=x0_px + left, y0_px=y0_px + top), confidence


def window_at(
    pixels: NDArray[np.uint8], middle_px: NDArray[np.float64], side_px: float
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A square of a picture around a place, grey outside of it, and its upper left corner (x, y)."""
    side = max(1, round(side_px))
    corner = np.round(middle_px - side / 2).astype(np.int64)
    height_px, width_px = pixels.shape[:2]
    window = np.full((side, side, 3), GREY, np.uint8)
    x0, y0 = np.clip(corner, 0, [width_px, height_px])
    x1, y1 = np.clip(corner + side, 0, [width_px, height_px])
    at_x, at_y = x0 - corner[0], y0 - corner[1]
    window[at_y : at_y + y1 - y0, at_x : at_x + x1 - x0] = pixels[y0:y1, x0:x1]
    return window, corner


def _joined(found: Iterator[tuple[Mask | None, float]]) -> Segments:
    each = list(found)
    return Segments(
        masks=tuple(mask for mask, _ in each),
        confidences=np.array([confidence for _, confidence in each], np.float32),
    )


def _rows(prompts_px: NDArray[np.float32], columns: int) -> NDArray[np.float64]:
    require_prompts(prompts_px, columns=columns)
    return np.asarray(prompts_px, np.float64)
