"""Pieces of a picture, cut out for models that look at one thing at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.checks import require_finite, require_fraction
from iconograph.graph.model.geometry import Box, Outline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.regions.mask import Mask

GROUND = 114
"""Grey that what is around a thing is faded to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CropSettings:
    """How things are cut out.

    On each side `padding_fraction` of the square root of the box's area is added, as far as the
    picture goes. What lies outside of the thing is mixed with grey, by a share of `fading` (0..1).
    """

    padding_fraction: float = 0.1
    fading: float = 0.0

    def __post_init__(self) -> None:
        require_finite("CropSettings", padding_fraction=self.padding_fraction)
        require_fraction("CropSettings", fading=self.fading)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """For runs and cache keys."""
        return (("crop", f"padding {self.padding_fraction:g} fading {self.fading:g}"),)


def crop_of_outline(
    pixels: NDArray[np.uint8], outline: Outline, settings: CropSettings
) -> NDArray[np.uint8]:
    """The piece of a picture (height x width x 3) with an outline in it."""
    rows, columns = _extent(pixels, outline.box, settings)
    piece = pixels[rows, columns]
    if settings.fading == 0:
        return piece
    return _faded(piece, rasterised(outline, rows, columns), settings.fading)


def crop_of_mask(
    pixels: NDArray[np.uint8], mask: Mask, settings: CropSettings
) -> NDArray[np.uint8]:
    """The piece of a picture (height x width x 3) with a mask in it."""
    rows, columns = _extent(pixels, mask.box, settings)
    piece = pixels[rows, columns]
    if settings.fading == 0:
        return piece
    height, width = pixels.shape[:2]
    return _faded(piece, mask.within(width, height)[rows, columns], settings.fading)


def rasterised(outline: Outline, rows: slice, columns: slice) -> NDArray[np.bool_]:
    """Which pixels of a window of the picture lie in an outline."""
    import cv2

    inside = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    corner = np.array([columns.start, rows.start], np.float64) + 0.5
    for part in outline.parts:
        rings = [
            np.rint(np.asarray(ring, np.float64) - corner).astype(np.int32)
            for ring in (part.exterior, *part.holes)
        ]
        cv2.fillPoly(inside, rings, 1)
    return inside.astype(np.bool_)


def _extent(pixels: NDArray[np.uint8], box: Box, settings: CropSettings) -> tuple[slice, slice]:
    """Rows and columns of a padded box, at least one pixel of each."""
    height, width = pixels.shape[:2]
    pad_px = settings.padding_fraction * math.sqrt(box.area_px2)
    x0 = min(max(0, math.floor(box.x0_px - pad_px)), width - 1)
    y0 = min(max(0, math.floor(box.y0_px - pad_px)), height - 1)
    x1 = max(min(width, math.ceil(box.x1_px + pad_px)), x0 + 1)
    y1 = max(min(height, math.ceil(box.y1_px + pad_px)), y0 + 1)
    return slice(y0, y1), slice(x0, x1)


def _faded(piece: NDArray[np.uint8], inside: NDArray[np.bool_], fading: float) -> NDArray[np.uint8]:
    """What lies outside mixed with grey."""
    mixed = (piece * (1 - fading) + GROUND * fading + 0.5).astype(np.uint8)
    return np.where(inside[:, :, None], piece, mixed)
