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
    boxes: NDArray[np.object_] = np.asarray(shapely.box(*scene.boxes_px[columns].T))
    tree = shapely.STRtree(boxes)
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
    both = np.unique(np.sort(ranks[np.stack(pairs, axis=1)], axis=1), axis=0)
    return by_id[both[:, 0]], by_id[both[:, 1]]


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
    """Area that both outlines cover, m."""
    extents = np.minimum(*(scene.boxes_px[rows][:, 2:] for rows in pairs))
    extents = extents - np.maximum(*(scene.boxes_px[rows][:, :2] for rows in pairs))
    areas: NDArray[np.float64] = np.prod(np.maximum(extents, 0.0), axis=1)
    shaped = (areas > 0) & ~(scene.upright[pairs[0]] & scene.upright[pairs[1]])
    if shaped.any():
        first, second = (scene.shapes[rows[shaped]] for rows in pairs)
        areas[shaped] = shapely.area(shapely.intersection(first, second))
    return areas


def covered_fractions(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """Share of the second outline that the first covers, m."""
    return np.minimum(1.0, shared_areas_px2(scene, pairs) / scene.areas_px2[pairs[1]])


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
    tree: shapely.STRtree,
    reach_px: NDArray[np.float64],
) -> Pairs:
    boxes, reach = scene.boxes_px[rows], reach_px[rows, np.newaxis]
    grown = shapely.box(*np.hstack([boxes[:, :2] - reach, boxes[:, 2:] + reach]).T)
    found = tree.query(grown)
    first, second = rows[found[0]], columns[found[1]]
    others = first != second
    return first[others], second[others]


def _nearest(scene: Scene, first: NDArray[np.intp], second: NDArray[np.intp], most: int) -> Pairs:
    centres = scene.centres_px
    away = np.linalg.norm(centres[first] - centres[second], axis=1)
    order = np.lexsort((second, away, first))
    first, second = first[order], second[order]
    starts = np.searchsorted(first, first, side="left")
    kept = np.arange(first.size) - starts < most
    return first[kept], second[kept]
