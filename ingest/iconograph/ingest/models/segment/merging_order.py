"""Which areas of a picture merge first: a binary tree over superpixels."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.superpixels import Superpixels


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeWeights:
    """What makes two areas differ: Lab distance of means + edge_weight x contrast of their border.

    The cost of a merge is that difference x (smaller area / mean superpixel)^size_power, so that
    slivers join early and large areas late.
    """

    edge_weight: float = 1.0
    size_power: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MergeTree:
    """2n - 1 nodes over n superpixels: leaves first, then merges in their order; the last is the root.

    A node's leaves are those of rank `first` to `last` (exclusive), where `ranks` is the label image
    (h x w) renumbered in the tree's own order. `boxes_px` (x0, y0, x1, y1) hold whole pixels.
    `costs` is 0 for leaves, else what the merge cost, made to rise towards the root.
    """

    ranks: NDArray[np.int32]
    parents: NDArray[np.int64]
    children: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    areas_px2: NDArray[np.float64]
    boxes_px: NDArray[np.int64]
    costs: NDArray[np.float64]
    mean_lab: NDArray[np.float64]
    border_contrasts: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.parents)

    def mask(self, node: int) -> NDArray[np.bool_]:
        """The pixels of a node within its box."""
        x0, y0, x1, y1 = self.boxes_px[node]
        part = self.ranks[y0:y1, x0:x1]
        return np.asarray((part >= self.first[node]) & (part < self.last[node]))


def merge_tree_of(areas: Superpixels, weights: MergeWeights) -> MergeTree:
    """Join the two neighbours that differ least, again and again, until one area is left.

    Equal costs go to the pair made first, so that the tree is always the same.
    """
    count = len(areas.areas)
    growing = _Growing.of(areas, weights)
    while len(growing.sizes) < 2 * count - 1:
        growing.join_cheapest()
    return _finished(areas.labels, growing, count)


@dataclass(slots=True, kw_only=True)
class _Growing:
    """The areas so far; a node that was joined into another has no neighbours left."""

    weights: MergeWeights
    unit_px2: float
    sizes: list[float]
    sums: list[tuple[float, float, float]]
    neighbours: list[dict[int, tuple[float, float]]]
    contrasts: list[float]
    joins: list[tuple[int, int, float]]
    queue: list[tuple[float, int, int]]

    @classmethod
    def of(cls, areas: Superpixels, weights: MergeWeights) -> _Growing:
        neighbours: list[dict[int, tuple[float, float]]] = [{} for _ in areas.areas]
        rows = zip(
            areas.borders.tolist(),
            areas.border_lengths.tolist(),
            areas.border_contrasts.tolist(),
            strict=True,
        )
        for (a, b), length, contrast in rows:
            neighbours[a][b] = neighbours[b][a] = (length, contrast)
        growing = cls(
            weights=weights,
            unit_px2=float(areas.areas.mean()),
            sizes=areas.areas.tolist(),
            sums=[(s[0], s[1], s[2]) for s in areas.lab_sums.tolist()],
            neighbours=neighbours,
            contrasts=[_mean_contrast(around) for around in neighbours],
            joins=[],
            queue=[],
        )
        pairs = areas.borders.tolist()
        growing.queue = [(growing.cost(a, b), a, b) for a, b in pairs]
        heapq.heapify(growing.queue)
        return growing

    def cost(self, a: int, b: int) -> float:
        """What joining two neighbours costs (see `MergeWeights`)."""
        n, m = self.sizes[a], self.sizes[b]
        (l1, a1, b1), (l2, a2, b2) = self.sums[a], self.sums[b]
        apart = math.hypot(l1 / n - l2 / m, a1 / n - a2 / m, b1 / n - b2 / m)
        length, contrast = self.neighbours[a][b]
        difference = apart + self.weights.edge_weight * contrast / length
        return difference * math.pow(min(n, m) / self.unit_px2, self.weights.size_power)

    def join_cheapest(self) -> None:
        """Make one node of the two that differ least."""
        cost, a, b = heapq.heappop(self.queue)
        while b not in self.neighbours[a]:
            cost, a, b = heapq.heappop(self.queue)
        new = len(self.sizes)
        self.joins.append((a, b, cost))
        self.sizes.append(self.sizes[a] + self.sizes[b])
        (l1, a1, b1), (l2, a2, b2) = self.sums[a], self.sums[b]
        self.sums.append((l1 + l2, a1 + a2, b1 + b2))
        around: dict[int, tuple[float, float]] = {}
        for old in (a, b):
            for other, (length, contrast) in self.neighbours[old].items():
                if other not in (a, b):
                    known = around.get(other, (0.0, 0.0))
                    around[other] = (known[0] + length, known[1] + contrast)
                    del self.neighbours[other][old]
        self.neighbours[a], self.neighbours[b] = {}, {}
        self.neighbours.append(around)
        self.contrasts.append(_mean_contrast(around))
        for other, border in around.items():
            self.neighbours[other][new] = border
            heapq.heappush(self.queue, (self.cost(other, new), other, new))


def _mean_contrast(around: dict[int, tuple[float, float]]) -> float:
    length = sum(length for length, _ in around.values())
    return sum(contrast for _, contrast in around.values()) / length if length else 0.0


def _finished(labels: NDArray[np.int32], growing: _Growing, count: int) -> MergeTree:
    """Number the leaves in the tree's order, and sum boxes and costs towards the root."""
    total = 2 * count - 1
    parents, children = np.full(total, -1), np.full((total, 2), -1)
    costs, last_first = np.zeros(total), np.zeros((total, 2), np.int64)
    for node, (a, b, cost) in enumerate(growing.joins, start=count):
        parents[[a, b]] = node
        children[node] = (a, b)
        costs[node] = max(cost, costs[a], costs[b])
    leaves = np.ones(total, np.int64)
    for node in range(count, total):
        leaves[node] = leaves[children[node]].sum()
    last_first[-1] = (0, count)
    for node in range(total - 1, count - 1, -1):
        (a, b), (start, end) = children[node], last_first[node]
        last_first[a], last_first[b] = (start, start + leaves[a]), (start + leaves[a], end)
    ranks = last_first[:count, 0].astype(np.int32)[labels]
    boxes = np.zeros((total, 4), np.int64)
    boxes[:count] = _leaf_boxes(labels, count)
    for node in range(count, total):
        a, b = boxes[children[node]]
        boxes[node] = (*np.minimum(a[:2], b[:2]), *np.maximum(a[2:], b[2:]))
    sizes = np.asarray(growing.sizes)
    return MergeTree(
        ranks=ranks, parents=parents, children=children, first=last_first[:, 0],
        last=last_first[:, 1], areas_px2=sizes, boxes_px=boxes, costs=costs,
        mean_lab=np.asarray(growing.sums) / sizes[:, None],
        border_contrasts=np.asarray(growing.contrasts),
    )  # fmt: skip


def _leaf_boxes(labels: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    rows, columns = np.indices(labels.shape)
    flat, boxes = labels.ravel(), np.zeros((count, 4), np.int64)
    for place, (values, end) in enumerate(((columns, 0), (rows, 0), (columns, 1), (rows, 1))):
        extreme = np.full(count, -1 if end else max(labels.shape) + 1, np.int64)
        (np.maximum if end else np.minimum).at(extreme, flat, values.ravel())
        boxes[:, place] = extreme + end
    return boxes
