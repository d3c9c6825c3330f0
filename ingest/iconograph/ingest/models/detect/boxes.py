"""Boxes as arrays: overlap, suppression of repeats, and agreement between several passes.

Everywhere a box is x0, y0, x1, y1 with x0 <= x1 and y0 <= y1, in any one unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Floats = np.float32 | np.float64
"""What box corners and scores are made of."""


def areas(boxes: NDArray[Floats]) -> NDArray[np.float64]:
    """Area of each of n x 4 boxes."""
    sides = np.asarray(boxes[:, 2:] - boxes[:, :2], np.float64)
    return np.asarray(sides[:, 0] * sides[:, 1])


def shared_areas(first: NDArray[Floats], second: NDArray[Floats]) -> NDArray[np.float64]:
    """Area that each of n boxes has in common with each of m, n x m."""
    corners = np.minimum(first[:, None, 2:], second[None, :, 2:])
    sides = np.clip(corners - np.maximum(first[:, None, :2], second[None, :, :2]), 0.0, None)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float64)


def iou_matrix(first: NDArray[Floats], second: NDArray[Floats]) -> NDArray[np.float64]:
    """Intersection over union of each of n boxes with each of m, n x m in 0..1.

    Two boxes without area have 0, even where they are equal.
    """
    shared = shared_areas(first, second)
    either = areas(first)[:, None] + areas(second)[None, :] - shared
    return np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)


def kept_by_nms(
    boxes: NDArray[Floats],
    scores: NDArray[Floats],
    *,
    largest_iou: float,
    classes: NDArray[np.integer] | None = None,
) -> NDArray[np.intp]:
    """Indices of the boxes that no better box of their class covers, the best first.

    Greedy: the best box left is kept and those that share more than `largest_iou` with it go. Of
    equal scores the earlier box wins. Without `classes` all boxes are of one class.
    """
    if classes is None:
        classes = np.zeros(len(scores), np.intp)
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    # A row of overlaps at a time: all of thousands of boxes at once would be too many.
    while order.size:
        best, rest = int(order[0]), order[1:]
        kept.append(best)
        repeats = classes[rest] == classes[best]
        repeats &= iou_matrix(boxes[[best]], boxes[rest])[0] > largest_iou
        order = rest[~repeats]
    return np.array(kept, np.intp)


def voted(
    boxes: NDArray[Floats],
    scores: NDArray[Floats],
    passes: NDArray[np.integer],
    *,
    pass_count: int,
    smallest_iou: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One box for each thing that several passes over a picture found, the surest first.

    Boxes are of one class. The best box left founds a group and takes those that share at least
    `smallest_iou` with it. The group's corners are the mean of its corners weighted by score
    (box voting, Gidaris and Komodakis 2015); its score is the mean over all `pass_count` passes of
    the best score each gave the group, 0 from a pass that did not see it.
    """
    near = iou_matrix(boxes, boxes) >= smallest_iou
    free = np.ones(len(scores), np.bool_)
    merged, means = [], []
    for k in np.argsort(-scores, kind="stable"):
        if not free[k]:
            continue
        group = near[k] & free
        group[k] = True
        free &= ~group
        best = np.zeros(pass_count)
        np.maximum.at(best, passes[group], scores[group])
        merged.append(np.average(boxes[group], axis=0, weights=scores[group]))
        means.append(best.mean())
    order = np.argsort(-np.array(means), kind="stable")
    return np.array(merged, np.float64).reshape(-1, 4)[order], np.array(means)[order]
