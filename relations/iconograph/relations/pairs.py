"""Candidate pairs from a spatial index, and measures of pairs as arrays.

A pair is two row numbers of a scene, `first[k]` and `second[k]`; m is the number of pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene

Pairs = tuple["NDArray[np.intp]", "NDArray[np.intp]"]
CHUNK = 256
"""Subjects looked up together; bounds the memory where everything overlaps everything."""

FEW_PAIRS = 1 << 16
"""So few are compared faster than an index is built."""

ROUNDING = 1e-9
"""How far areas may be off that were worked out in two ways."""


def near_pairs(
    scene: Scene,
    subjects: NDArray[np.bool_],
    objects: NDArray[np.bool_],
    reach_px: NDArray[np.float64],
    *,
    most: int,
) -> Pairs:
    """Ordered pairs of a subject and another thing whose box meets the subject's, grown by its reach.

    `reach_px` is one length for each of the n entities. Of each subject's things only the `most`
    nearest by centre are kept, so that the pairs grow with n and not with its square.
    """
    rows, columns = np.flatnonzero(subjects), np.flatnonzero(objects)
    if not rows.size or not columns.size:
        return rows[:0], columns[:0]
    few = rows.size * columns.size <= FEW_PAIRS
    tree = None if few else shapely.STRtree(np.asarray(shapely.box(*scene.boxes_px[columns].T)))
    found = [
        _nearest(scene, *_met(scene, rows[at : at + CHUNK], columns, tree, reach_px), most)
        for at in range(0, rows.size, CHUNK)
    ]
    first, second = (np.concatenate(ends) for ends in zip(*found, strict=True))
    return first, second


def unordered(scene: Scene, pairs: Pairs) -> Pairs:
    """Each pair once, the smaller region id first, as symmetric edges are stored."""
    rows = sorted(range(len(scene.regions)), key=lambda row: scene.regions[row].id)
    by_id = np.array(rows, dtype=np.intp)
    ranks = np.empty_like(by_id)
    ranks[by_id] = np.arange(by_id.size)
    first, second = (ranks[rows] for rows in pairs)
    keys = np.minimum(first, second) * by_id.size + np.maximum(first, second)
    low, high = np.divmod(np.unique(keys), by_id.size) if keys.size else (keys, keys)
    return by_id[low], by_id[high]


def picked(pairs: Pairs, flags: NDArray[np.bool_]) -> Pairs:
    """The pairs whose flag is set."""
    return pairs[0][flags], pairs[1][flags]


def gaps_px(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Distance between the boxes, 0 where they meet, m."""
    across = np.maximum(axis_gaps_px(scene, pairs), 0.0)
    return np.hypot(across[:, 0], across[:, 1])


def axis_gaps_px(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Gap along x and along y, negative where the boxes share an extent, m x 2."""
    a, b = (scene.boxes_px[rows] for rows in pairs)
    return np.maximum(a[:, :2] - b[:, 2:], b[:, :2] - a[:, 2:])


def shared_areas_px2(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Area that both outlines cover, m; that of outlines which are no boxes once for all rules."""
    areas = most_shared_px2(scene, pairs)
    shaped = (areas > 0) & ~(scene.upright[pairs[0]] & scene.upright[pairs[1]])
    areas[shaped] = scene.shared.px2(*picked(pairs, shaped))
    return areas


def most_shared_px2(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Area that both boxes cover, which the outlines cannot exceed, m."""
    a, b = (scene.boxes_px[rows] for rows in pairs)
    extents = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    return np.asarray(np.prod(np.maximum(extents, 0.0), axis=1), dtype=np.float64)


def covered_fractions(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Share of the second outline that the first covers, m."""
    return np.minimum(1.0, shared_areas_px2(scene, pairs) / scene.areas_px2[pairs[1]])


def covering(scene: Scene, pairs: Pairs, fraction: float) -> NDArray[np.float64]:
    """The covered fractions of those pairs in which it is at least `fraction`, 0 of the others, m.

    Boxes rule most pairs out before outlines are intersected.
    """
    least_px2 = fraction * scene.areas_px2[pairs[1]] * (1.0 - ROUNDING)
    possible = np.flatnonzero(most_shared_px2(scene, pairs) >= least_px2)
    found = np.zeros(pairs[0].size)
    found[possible] = covered_fractions(scene, (pairs[0][possible], pairs[1][possible]))
    return np.where(found >= fraction, found, 0.0)


def best_rivals(
    values: NDArray[np.float64], things: NDArray[np.intp], *, none: float
) -> NDArray[np.float64]:
    """The largest value of the other pairs with the same thing, or `none` where there is no other, m."""
    if not values.size:
        return values
    order = np.lexsort((-values, things))
    ordered, groups = values[order], things[order]
    starts = np.searchsorted(groups, groups, side="left")
    ends = np.searchsorted(groups, groups, side="right")
    leads = np.arange(groups.size) == starts
    others = np.where(leads, starts + 1, starts)
    rivals = np.empty_like(values)
    rivals[order] = np.where(others < ends, ordered[np.minimum(others, values.size - 1)], none)
    return rivals


def _met(
    scene: Scene,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    tree: shapely.STRtree | None,
    reach_px: NDArray[np.float64],
) -> Pairs:
    boxes, reach = scene.boxes_px[rows], reach_px[rows, np.newaxis]
    grown = np.hstack([boxes[:, :2] - reach, boxes[:, 2:] + reach]).T
    if tree is None:
        x0, y0, x1, y1 = grown[..., np.newaxis]
        left, top, right, bottom = scene.boxes_px[columns].T
        meet = (x0 <= right) & (x1 >= left) & (y0 <= bottom) & (y1 >= top)
        at, other = np.nonzero(meet)
    else:
        at, other = tree.query(shapely.box(*grown))
    first, second = rows[at], columns[other]
    others = first != second
    return first[others], second[others]


def _nearest(scene: Scene, first: NDArray[np.intp], second: NDArray[np.intp], most: int) -> Pairs:
    centres = scene.centres_px
    apart = centres[first] - centres[second]
    order = np.lexsort((second, np.sqrt((apart**2).sum(axis=1)), first))
    first, second = first[order], second[order]
    starts = np.searchsorted(first, first, side="left")
    kept = np.arange(first.size) - starts < most
    return first[kept], second[kept]
