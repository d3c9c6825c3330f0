"""Windows around drawn things, with the boxes and masks that a segmenter learns them from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.ingest.models.segment.windowed import GREY, SMALLEST_BOX_PX, WINDOW_SIDES
from iconograph.ingest.training.augment import repainted
from iconograph.ingest.training.corpora import TruePicture, pixels_of
from iconograph.ingest.training.jitter import jittered
from iconograph.ingest.training.segment_owners import Owners, tables_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SMALLEST_MASK_PX2 = 60
"""Less of a thing has no shape worth learning."""

WINDOW_RANGE = (0.9, 1.15)
"""How much smaller or larger a window may be than it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Pictures of a batch, windows of a picture at the most, and a window's side in pixels."""

    pictures: int
    windows: int
    size_px: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """Pixels (S x S x 3), the mask of the thing (S x S, shares 0..1) and its box as two corners."""

    pixels: NDArray[np.uint8]
    mask: Floats
    corners_px: Floats


def batches(
    pictures: Sequence[tuple[TruePicture, Owners, int]], shape: Shape
) -> Callable[[np.random.Generator], dict[str, NDArray[Any]]]:
    """A source of batches: `pixels` n x S x S x 3, `masks` n x S x S, `corners` n x 2 x 2.

    Each picture comes with its map of owners as a store and a number in it.
    """

    def batch_of(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        windows: list[Window] = []
        while not windows:
            for place in rng.integers(len(pictures), size=shape.pictures):
                picture, owners, number = pictures[place]
                windows += windows_of(rng, picture, owners[number], shape)
        return {
            "pixels": np.stack([w.pixels for w in windows]),
            "masks": np.stack([w.mask for w in windows]),
            "corners": np.stack([w.corners_px for w in windows]),
        }

    return batch_of


def windows_of(
    rng: np.random.Generator, picture: TruePicture, owners: NDArray[np.uint8], shape: Shape
) -> list[Window]:
    """Windows around some of a picture's things, repainted so that another style is no surprise.

    `owners` is the picture's map (see `segment_owners.owner_map`).
    """
    pixels, tables = pixels_of(picture), tables_of(picture)
    found: list[Window] = []
    for entity in rng.permutation(len(tables)):
        if len(found) == shape.windows:
            break
        mask = tables[entity][owners]
        if np.count_nonzero(mask) >= SMALLEST_MASK_PX2:
            window = window_of(rng, pixels, mask, shape.size_px)
            painted = repainted(window.pixels, rng, keep_hue=True)
            found.append(Window(pixels=painted, mask=window.mask, corners_px=window.corners_px))
    return found


def window_of(
    rng: np.random.Generator, pixels: NDArray[np.uint8], mask: NDArray[np.bool_], size_px: int
) -> Window:
    """A window around a thing whose box lies somewhat off; it is mirrored half of the time."""
    import cv2

    box = jittered(rng, box_of(mask))
    middle = (box[:2] + box[2:]) / 2
    longest_px = max(SMALLEST_BOX_PX, *(box[2:] - box[:2]))
    scale = size_px / (WINDOW_SIDES * longest_px * float(rng.uniform(*WINDOW_RANGE)))
    across = -scale if rng.random() < 0.5 else scale  # noqa: PLR2004  a half
    half = size_px / 2
    placing = np.array(
        [[across, 0.0, half - across * middle[0]], [0.0, scale, half - scale * middle[1]]]
    )
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    square = (size_px, size_px)
    corners = box.reshape(2, 2) @ placing[:, :2].T + placing[:, 2]
    return Window(
        pixels=np.asarray(
            cv2.warpAffine(pixels, placing, square, flags=smooth, borderValue=(GREY,) * 3), np.uint8
        ),
        mask=np.asarray(
            cv2.warpAffine(mask.astype(np.float32), placing, square, flags=cv2.INTER_LINEAR)
        ),
        corners_px=np.stack([corners.min(axis=0), corners.max(axis=0)]).astype(np.float32),
    )


def box_of(mask: NDArray[np.bool_]) -> Floats:
    """The box (x0, y0, x1, y1) of a mask that has a set pixel."""
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([xs[0], ys[0], xs[-1] + 1, ys[-1] + 1], np.float32)
