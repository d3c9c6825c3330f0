"""A region's pixels as the mini CLIP sees them: padded, what is beside the mask faded to grey.

The crop of a region is its box, widened on each side by a share of its longer side and cut off at the
picture's edge. What lies outside the mask is mixed with grey, so that a robe and its wearer differ
while what a hand holds can still be made out. The encoder fits the crop into a grey square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.training.corpora import PAD_COLOUR, mask_of, pixels_of
from iconograph.ingest.training.kept import kept_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.training.clip_facts import FactRegion
    from iconograph.ingest.training.corpora import TruePicture

    Pixels = NDArray[np.uint8]

PADDING_SHARE = 0.1
"""By how much a box is widened on each side, in square roots of its area."""

FADING = 0.6
"""How far (0..1) what lies outside a mask is mixed with grey."""

STORED_PX = 96
STORED_SHARE = 0.25
"""Crops are kept as squares of `STORED_PX`, widened by this share on each side."""

Edges = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


def padded(box: Edges, padding_share: float) -> Edges:
    """A box widened on each side by a share of the square root of its area."""
    x0, y0, x1, y1 = box
    margin = padding_share * float(np.sqrt(max(0.0, (x1 - x0) * (y1 - y0))))
    return (x0 - margin, y0 - margin, x1 + margin, y1 + margin)


def region_crop(
    pixels: Pixels,
    box_px: Edges,
    mask: Pixels | None = None,
    *,
    padding_share: float = PADDING_SHARE,
    fading: float = FADING,
) -> Pixels:
    """The crop of a region of a picture, height x width x RGB; `mask` (0 or 1) has the picture's size."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = (round(value) for value in padded(box_px, padding_share))
    top, left = min(max(0, y0), height - 1), min(max(0, x0), width - 1)
    rows = slice(top, max(top + 1, min(height, y1)))
    columns = slice(left, max(left + 1, min(width, x1)))
    crop = np.ascontiguousarray(pixels[rows, columns])
    return crop if mask is None else faded(crop, mask[rows, columns] * np.uint8(255), fading)


def faded(crop: Pixels, mask: Pixels, fading: float, grey: int = PAD_COLOUR) -> Pixels:
    """A crop with what lies outside its mask (0..255) mixed with grey."""
    outside = (fading * (1.0 - mask.astype(np.float32) / 255))[:, :, None]
    return (crop * (1 - outside) + grey * outside + 0.5).astype(np.uint8)


def stored_crops(
    pictures: Sequence[TruePicture], regions: Sequence[FactRegion], cache: Path
) -> Pixels:
    """The surroundings of every region, n x 96 x 96 x 4 (RGB and mask 0..255), mapped from a file.

    Proportions are lost; `stored_box` tells where the region's box lies. Beyond the picture all is
    grey. `regions` go picture after picture. A cache of another number of regions is written anew.
    """
    shape = (len(regions), STORED_PX, STORED_PX, 4)
    return kept_rows(cache, shape, _all_surroundings(pictures, regions))


def _all_surroundings(
    pictures: Sequence[TruePicture], regions: Sequence[FactRegion]
) -> Iterator[Pixels]:
    pixels, picture_number = np.empty((0, 0, 3), np.uint8), -1
    for region in regions:
        picture = pictures[region.picture]
        if region.picture != picture_number:
            pixels, picture_number = pixels_of(picture), region.picture
        yield _surroundings(pixels, mask_of(picture, region.drawn), region)


def stored_edges(region: FactRegion) -> tuple[int, int, int, int]:
    """What the stored square of a region takes in, in the picture's pixels."""
    x0, y0, x1, y1 = padded(_box(region), STORED_SHARE)
    return (int(np.floor(x0)), int(np.floor(y0)), int(np.ceil(x1)), int(np.ceil(y1)))


def stored_box(region: FactRegion) -> Edges:
    """A region's box in its stored square, in that square's pixels."""
    left, top, right, bottom = stored_edges(region)
    x0, y0, x1, y1 = _box(region)
    across, down = STORED_PX / (right - left), STORED_PX / (bottom - top)
    return ((x0 - left) * across, (y0 - top) * down, (x1 - left) * across, (y1 - top) * down)


def _box(region: FactRegion) -> Edges:
    x0, y0, x1, y1 = (float(value) for value in region.drawn.box_px)
    return (x0, y0, x1, y1)


def _surroundings(pixels: Pixels, mask: Pixels, region: FactRegion) -> Pixels:
    import cv2

    height, width = mask.shape
    left, top, right, bottom = stored_edges(region)
    seen = (slice(max(0, top), bottom), slice(max(0, left), right))
    layers = np.dstack([pixels[seen], mask[seen] * np.uint8(255)])
    beyond = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    grey = (PAD_COLOUR, PAD_COLOUR, PAD_COLOUR, 0)
    layers = cv2.copyMakeBorder(layers, *beyond, cv2.BORDER_CONSTANT, value=grey)
    # Shrinking averages and enlarging interpolates; one call does only the one or the other.
    smaller = (min(STORED_PX, layers.shape[1]), min(STORED_PX, layers.shape[0]))
    layers = cv2.resize(layers, smaller, interpolation=cv2.INTER_AREA)
    layers = cv2.resize(layers, (STORED_PX, STORED_PX), interpolation=cv2.INTER_LINEAR)
    return np.asarray(layers, np.uint8)
