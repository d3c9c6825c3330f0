"""What of a box is the thing in it, superpixel by superpixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.merge_trees import MergeTrees
    from iconograph.ingest.models.segment.merging_order import MergeTree

BOX_MEASURES = (
    "votes",
    "exit_cost",
    "height_squared",
    "like_surroundings",
    "unlike_nearest",
    "like_inside",
    "box_side",
)
"""Columns of `box_measures`.

`votes`: how well the nodes around a superpixel fit the box; `exit_cost`: what the merge cost (log)
that joined it with things outside; `like_surroundings`, `like_inside`: share of the area around and in
the box that has its colour; `unlike_nearest`: Lab distance (log) to the likest colour around.
"""

RIM_FRACTION = 0.3
"""How far around a box its surroundings reach, in its sides."""

VOTE_POWER = 4
MOSTLY_INSIDE = 0.9
SAME_COLOUR_LAB = 10.0
"""Lab distance over which likeness falls to 1/e: what differs by less is seen as one colour."""


def box_measures(
    trees: MergeTrees, box_px: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The superpixels in a box (working pixels), their pixels in it, and measures of each.

    The box lies within the picture and has at least one pixel.
    """
    x0, y0, x1, y1 = whole_box(box_px)
    count = len(trees.areas.areas)
    inside = np.bincount(trees.areas.labels[y0:y1, x0:x1].ravel(), minlength=count)
    members = np.flatnonzero(inside)
    around = _around(trees, box_px, inside)
    colours, weights = trees.mean_lab[members], inside[members].astype(np.float64)
    votes, exits = np.zeros(len(members)), np.zeros(len(members))
    for tree, ranks in zip(trees.trees, trees.leaf_ranks, strict=True):
        votes += _votes(tree, box_px)[ranks][members] / len(trees.trees)
        exits += _exit_costs(tree, ranks, inside)[ranks][members] / len(trees.trees)
    like_around, nearest = np.zeros(len(members)), np.full(len(members), np.log1p(100.0))
    if around.size:
        apart = _distances(colours, trees.mean_lab[around])
        like_around = _likeness(apart, trees.areas.areas[around])
        nearest = np.log1p(apart.min(axis=1))
    middle = (box_px[1] + box_px[3]) / 2
    height = (trees.centres_px[members, 1] - middle) / ((box_px[3] - box_px[1]) / 2)
    side = ((x1 - x0) * (y1 - y0) / trees.areas.labels.size) ** 0.5
    columns = (
        votes, exits, np.clip(height, -1, 1) ** 2, like_around, nearest,
        _likeness(_distances(colours, colours), weights), np.full(len(members), side),
    )  # fmt: skip
    return members, weights, np.stack(columns, axis=1)


def best_cut(
    chances: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], float]:
    """Which superpixels to take for the highest expected IoU, and that IoU.

    With chances p of being the thing and areas a, taking S gives sum(pa in S) over
    (sum(a in S) + sum(pa outside S)); the best S is a prefix of the order by p.
    """
    order = np.argsort(-chances, kind="stable")
    hit = np.cumsum((chances * weights)[order])
    expected = hit / (np.cumsum(weights[order]) + hit[-1] - hit)
    end = int(expected.argmax())
    taken = np.zeros(len(chances), np.bool_)
    taken[order[: end + 1]] = True
    return taken, float(expected[end])


def whole_box(box_px: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """The box in whole pixels, at least one each way."""
    x0, y0, x1, y1 = (round(float(side)) for side in box_px)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def box_ious(tree: MergeTree, box_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU of each node's box with a box."""
    nodes = tree.boxes_px
    sides = np.minimum(nodes[:, 2:], box_px[2:]) - np.maximum(nodes[:, :2], box_px[:2])
    shared = np.clip(sides, 0, None).prod(axis=1)
    own = (nodes[:, 2:] - nodes[:, :2]).prod(axis=1)
    return np.asarray(shared / (own + (box_px[2:] - box_px[:2]).prod() - shared))


def _votes(tree: MergeTree, box_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each rank the summed fit of the nodes that hold it, 1 for the highest."""
    fit = box_ious(tree, box_px) ** VOTE_POWER
    changes = np.zeros(int(tree.last[-1]) + 1)
    np.add.at(changes, tree.first, fit)
    np.add.at(changes, tree.last, -fit)
    votes = np.cumsum(changes)[:-1]
    return np.asarray(votes / max(votes.max(), 1e-12))


def _exit_costs(
    tree: MergeTree, ranks: NDArray[np.int64], inside: NDArray[np.int64]
) -> NDArray[np.float64]:
    """For each rank the log cost of joining the largest node around it that lies in the box."""
    by_rank = np.zeros(len(ranks) + 1)
    by_rank[ranks + 1] = inside
    held = np.cumsum(by_rank)
    within = (held[tree.last] - held[tree.first]) >= MOSTLY_INSIDE * tree.areas_px2
    above = np.where(tree.parents >= 0, tree.parents, len(tree) - 1)
    exits = np.zeros(len(ranks))
    # In rising order, so that the largest node around a superpixel has the last word.
    for node in np.flatnonzero(within & ~within[above]):
        exits[tree.first[node] : tree.last[node]] = np.log1p(tree.costs[above[node]])
    return exits


def _around(
    trees: MergeTrees, box_px: NDArray[np.float64], inside: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Superpixels near the box that lie mostly outside of it."""
    reach = RIM_FRACTION * (box_px[2:] - box_px[:2])
    near = (trees.centres_px > box_px[:2] - reach) & (trees.centres_px < box_px[2:] + reach)
    return np.flatnonzero((inside < trees.areas.areas / 2) & near.all(axis=1))


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(a[:, None] - b[None], axis=2))


def _likeness(apart: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-((apart / SAME_COLOUR_LAB) ** 2)) @ weights / weights.sum())
