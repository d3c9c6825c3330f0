"""How likely a node of a merge tree is a thing of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.merging_order import MergeTree

NODE_MEASURES = (
    "stability",
    "border_contrast",
    "log_area",
    "log_area_squared",
    "fill",
    "elongation",
    "log_cost",
    "log_parent_cost",
    "sibling_distance",
    "log_sibling_ratio",
    "box_fraction",
)
"""Columns of `node_measures`.

`stability` is the gap between what the node's own merge and its parent's cost (log ratio); the
`sibling_distance` is in Lab (log), areas are fractions of the picture, `fill` is area over box area.
"""


def node_measures(tree: MergeTree) -> NDArray[np.float64]:
    """The measures of every node, len(tree) x len(NODE_MEASURES)."""
    count, leaves = len(tree), int(tree.last[-1])
    picture_px2 = tree.areas_px2[-1]
    left, right = tree.children[leaves:].T
    ratio, apart = np.zeros(count), np.zeros(count)
    between = np.linalg.norm(tree.mean_lab[left] - tree.mean_lab[right], axis=1)
    for here, there in ((left, right), (right, left)):
        ratio[here] = tree.areas_px2[there] / tree.areas_px2[here]
        apart[here] = between
    parent_cost = tree.costs[np.where(tree.parents >= 0, tree.parents, count - 1)]
    width, height = (tree.boxes_px[:, 2:] - tree.boxes_px[:, :2]).T
    log_area = np.log(tree.areas_px2 / picture_px2)
    return np.stack(
        [
            np.log((parent_cost + 1) / (tree.costs + 1)),
            np.log1p(tree.border_contrasts),
            log_area,
            log_area**2,
            tree.areas_px2 / (width * height),
            np.abs(np.log(width / height)),
            np.log1p(tree.costs),
            np.log1p(parent_cost),
            np.log1p(apart),
            np.log1p(ratio),
            width * height / picture_px2,
        ],
        axis=1,
    )


def node_chances(
    tree: MergeTree, weights: NDArray[np.float64], *, between: tuple[float, float]
) -> NDArray[np.float64]:
    """The probability of each node to be a thing (IoU 0.5), 0 beyond the area fractions."""
    fractions = tree.areas_px2 / tree.areas_px2[-1]
    fits = (fractions >= between[0]) & (fractions <= between[1])
    return np.where(fits, logistic(node_measures(tree), weights), 0.0)


def salience(
    tree: MergeTree, chances: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much a node stands out for one of its size: its log odds less what its area gives it.

    Minus infinity where the chance is 0. Large areas are likelier to be things, but around a point
    the largest is nearly always the ground behind the thing that is meant.
    """
    by_area = weights[NODE_MEASURES.index("log_area")] * np.log(tree.areas_px2 / tree.areas_px2[-1])
    odds = np.where(chances > 0, chances / (1 - chances), 1.0)
    return np.where(chances > 0, np.log(odds) - by_area, -np.inf)


def logistic(measures: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of rows of measures; the last weight is the bias."""
    return np.asarray(
        1 / (1 + np.exp(-np.clip(measures @ weights[:-1] + weights[-1], -60.0, 60.0)))
    )
