"""A picture at working size with its superpixels and merge trees, and the way back to its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.segment.merging_order import merge_tree_of
from iconograph.ingest.models.segment.superpixels import require_picture, superpixels_of
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.merging_order import MergeTree, MergeWeights
    from iconograph.ingest.models.segment.superpixels import Superpixels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MergeTrees:
    """Superpixels of a picture with one or more trees over them; lengths are working pixels.

    `leaf_ranks` are, by tree, the place of each superpixel in the tree's order; `scale` is the
    picture's size over the working size (x, y), `size_px` the picture's width and height.
    """

    areas: Superpixels
    mean_lab: NDArray[np.float64]
    centres_px: NDArray[np.float64]
    trees: tuple[MergeTree, ...]
    leaf_ranks: tuple[NDArray[np.int64], ...]
    scale: NDArray[np.float64]
    size_px: tuple[int, int]

    def mask(self, members: NDArray[np.intp], within: Sequence[int] | None = None) -> Mask | None:
        """The superpixels as a mask of the picture, cut to a box in working pixels if given.

        None where it has less than a pixel.
        """
        chosen = np.zeros(len(self.areas.areas), np.bool_)
        chosen[members] = True
        height, width = self.areas.labels.shape
        x0, y0, x1, y1 = within or (0, 0, width, height)
        bits = chosen[self.areas.labels[y0:y1, x0:x1]]
        rows, columns = np.flatnonzero(bits.any(axis=1)), np.flatnonzero(bits.any(axis=0))
        if not rows.size:
            return None
        part = bits[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        return self._enlarged(part, x0 + int(columns[0]), y0 + int(rows[0]))

    def _enlarged(self, bits: NDArray[np.bool_], x0: int, y0: int) -> Mask | None:
        """Working pixels as picture pixels, with even borders."""
        import cv2

        height, width = bits.shape
        corners = np.array([[x0, y0], [x0 + width, y0 + height]]) * self.scale
        left, top = np.floor(corners[0]).astype(int)
        right, bottom = np.minimum(np.ceil(corners[1]).astype(int), self.size_px)
        # Nothing lies beyond the picture's edge, so that what touches it goes on; else all ends.
        grown = np.pad(bits, 1)
        grown[1:-1, 0] = bits[:, 0] & (x0 == 0)
        grown[1:-1, -1] = bits[:, -1] & (x0 + width == self.areas.labels.shape[1])
        grown[0] = grown[1] & (y0 == 0)
        grown[-1] = grown[-2] & (y0 + height == self.areas.labels.shape[0])
        sx, sy = self.scale
        # Picture pixel X has its middle at (X + 1/2) / s - 1/2 of the working pixels.
        place = np.array([
            [1 / sx, 0, (left + 0.5) / sx - 0.5 - x0 + 1],
            [0, 1 / sy, (top + 0.5) / sy - 0.5 - y0 + 1],
        ])  # fmt: skip
        size = (int(right - left), int(bottom - top))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        large = cv2.warpAffine(grown.astype(np.uint8) * 255, place, size, flags=flags) >= 128  # noqa: PLR2004
        return Mask.of(large, x0_px=int(left), y0_px=int(top)) if large.any() else None


def merge_trees_of(
    pixels: NDArray[np.uint8],
    weights: Sequence[MergeWeights],
    *,
    working_side_px: int,
    superpixels: int,
) -> MergeTrees:
    """The trees of a picture (h x w x RGB), made smaller where its longer side is longer.

    Raises `InvalidValueError` for another array.
    """
    import cv2

    require_picture(pixels)
    size = np.array(pixels.shape[1::-1])
    factor = min(1.0, working_side_px / int(size.max()))
    small = np.maximum(1, np.round(size * factor)).astype(int)
    shrunk = pixels
    if factor < 1.0:
        shrunk = np.asarray(
            cv2.resize(pixels, (int(small[0]), int(small[1])), interpolation=cv2.INTER_AREA),
            np.uint8,
        )
    areas = superpixels_of(shrunk, count=superpixels)
    trees = tuple(merge_tree_of(areas, weight) for weight in weights)
    flat = areas.labels.ravel()
    rows, columns = np.indices(areas.labels.shape)
    centres = [np.bincount(flat, weights=at.ravel() + 0.5) / areas.areas for at in (columns, rows)]
    first_pixels = np.unique(flat, return_index=True)[1]
    return MergeTrees(
        areas=areas, mean_lab=areas.lab_sums / areas.areas[:, None],
        centres_px=np.stack(centres, axis=1), trees=trees,
        leaf_ranks=tuple(tree.ranks.ravel()[first_pixels].astype(np.int64) for tree in trees),
        scale=size / small, size_px=(int(size[0]), int(size[1])),
    )  # fmt: skip
