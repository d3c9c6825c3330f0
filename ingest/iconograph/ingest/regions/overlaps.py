"""How far masks cover each other, fast enough for thousands of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.regions.mask import Mask


def boxes_of(masks: Sequence[Mask]) -> NDArray[np.float64]:
    """The boxes (x0, y0, x1, y1) of n masks, n x 4."""
    corners = [(m.x0_px, m.y0_px, m.bits.shape[1], m.bits.shape[0]) for m in masks]
    boxes = np.array(corners, np.float64).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    return boxes


def box_shared_px2(box: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The area that a box shares with each of n boxes."""
    sides = np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])
    return np.asarray(np.clip(sides, 0.0, None).prod(axis=1))


def box_areas_px2(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Width times height of n boxes."""
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))


def shared_px2(a: Mask, b: Mask, *, most_samples: int) -> float:
    """Pixels that both masks cover: counted, or, beyond `most_samples`, estimated on a grid.

    The grid is centred in the shared box, so that a mirrored picture gives the same answer.
    """
    x0, y0 = max(a.x0_px, b.x0_px), max(a.y0_px, b.y0_px)
    x1 = min(a.x0_px + a.bits.shape[1], b.x0_px + b.bits.shape[1])
    y1 = min(a.y0_px + a.bits.shape[0], b.y0_px + b.bits.shape[0])
    if x0 >= x1 or y0 >= y1:
        return 0.0
    step = max(1, math.ceil(math.sqrt((x1 - x0) * (y1 - y0) / most_samples)))
    columns, rows = _centred(x0, x1, step), _centred(y0, y1, step)
    both = _sampled(a, rows, columns) & _sampled(b, rows, columns)
    return float(np.count_nonzero(both) * (x1 - x0) * (y1 - y0) / both.size)


def _centred(start: int, end: int, step: int) -> slice:
    """Every `step`-th pixel, as far from one end as from the other where the length allows."""
    margin = ((end - start - 1) % step) // 2
    return slice(start + margin, end, step)


def _sampled(mask: Mask, rows: slice, columns: slice) -> NDArray[np.bool_]:
    y = slice(rows.start - mask.y0_px, rows.stop - mask.y0_px, rows.step)
    x = slice(columns.start - mask.x0_px, columns.stop - mask.x0_px, columns.step)
    return mask.bits[y, x]
