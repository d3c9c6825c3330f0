"""Takes islands, holes and frayed borders off a mask that was put together from superpixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

BRUSH_FRACTION = 0.03
"""The radius of the disc that smooths a border, in square roots of the mask's area.

Of 0.01 to 0.05, tried on drawn scenes of other seeds, it left persons the best overlap (0.761 on
average, 0.747 as they came) and all things the same.
"""

ISLAND_FRACTION = 0.2
"""Islands and holes of less than this share of the largest piece are no part of the thing's shape."""

MOST_LOST_FRACTION = 0.5
"""A thing so thin that smoothing would take more of it is left frayed."""


def tidied(mask: Mask) -> Mask:
    """The mask closed and opened with a disc, without small islands and holes."""
    radius_px = max(1, round(BRUSH_FRACTION * mask.area_px2**0.5))
    margin_px = radius_px + 1
    bits = np.pad(mask.bits, margin_px).astype(np.uint8)
    smooth = _smoothed(bits, radius_px)
    if np.count_nonzero(smooth) < MOST_LOST_FRACTION * mask.area_px2:
        smooth = bits
    pieces = _large_pieces(smooth, ISLAND_FRACTION)
    least_px2 = ISLAND_FRACTION * np.count_nonzero(pieces)
    return Mask.of(
        ~_large_holes(~pieces, least_px2),
        x0_px=mask.x0_px - margin_px,
        y0_px=mask.y0_px - margin_px,
    )


def _smoothed(bits: NDArray[np.uint8], radius_px: int) -> NDArray[np.uint8]:
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius_px + 1, 2 * radius_px + 1))
    closed = cv2.morphologyEx(bits, cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, disc), np.uint8)


def _large_pieces(bits: NDArray[np.uint8], fraction: float) -> NDArray[np.bool_]:
    import cv2

    _, names, sizes, _ = cv2.connectedComponentsWithStats(bits, connectivity=8)
    areas_px2 = sizes[1:, cv2.CC_STAT_AREA]
    return np.isin(names, 1 + np.flatnonzero(areas_px2 >= fraction * areas_px2.max()))


def _large_holes(ground: NDArray[np.bool_], least_px2: float) -> NDArray[np.bool_]:
    """The ground outside, which reaches the corner, and holes that are large enough to be seen."""
    import cv2

    _, names, sizes, _ = cv2.connectedComponentsWithStats(ground.astype(np.uint8), connectivity=4)
    kept = sizes[:, cv2.CC_STAT_AREA] >= least_px2
    kept[names[0, 0]] = True
    kept[0] = False
    return np.asarray(kept[names], np.bool_)
