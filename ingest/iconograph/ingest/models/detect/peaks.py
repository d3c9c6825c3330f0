"""Boxes out of the heat maps of a CenterNet, which marks each thing at its middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Peaks:
    """n things: boxes n x 4 (x0, y0, x1, y1) in cells times `stride`, scores n, map numbers n."""

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    maps: NDArray[np.intp]


def peaks_of(
    heat: NDArray[np.float32],
    reach: NDArray[np.float32],
    *,
    stride_px: float,
    smallest_score: float,
    most: int,
) -> Peaks:
    """The cells that no neighbour outdoes, each with the box around it, the surest first.

    `heat` (height x width x maps, 0..1) says how sure each map is of a middle in each cell; `reach`
    (height x width x 4) how far its box goes to the left, up, right and down, in pixels. Of equal
    neighbours all are taken. At the most `most` peaks of at least `smallest_score` are given.
    """
    rows, columns, maps = np.nonzero((heat >= smallest_score) & (heat >= _around(heat)))
    scores = np.asarray(heat[rows, columns, maps], np.float64)
    order = np.argsort(-scores, kind="stable")[:most]
    rows, columns, maps = rows[order], columns[order], maps[order]
    middles = np.stack([columns, rows], axis=1) * stride_px
    sides = reach[rows, columns]
    return Peaks(
        boxes=np.concatenate([middles - sides[:, :2], middles + sides[:, 2:]], axis=1),
        scores=scores[order],
        maps=maps,
    )


def _around(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest value in the 3 x 3 cells around each cell."""
    rows = np.pad(heat, ((1, 1), (0, 0), (0, 0)), constant_values=-np.inf)
    tall = np.maximum(np.maximum(rows[:-2], rows[1:-1]), rows[2:])
    wide = np.pad(tall, ((0, 0), (1, 1), (0, 0)), constant_values=-np.inf)
    across = np.maximum(np.maximum(wide[:, :-2], wide[:, 1:-1]), wide[:, 2:])
    return np.asarray(across, np.float32)
