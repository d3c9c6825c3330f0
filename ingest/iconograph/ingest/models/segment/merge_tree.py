"""Segmentation by a colour merge tree, which needs no weights."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.segment.box_cut import best_cut, box_measures, whole_box
from iconograph.ingest.models.segment.merge_tree_numbers import (
    MergeTreeNumbers,
    read_merge_tree_numbers,
)
from iconograph.ingest.models.segment.merge_trees import MergeTrees, merge_trees_of
from iconograph.ingest.models.segment.node_measures import (
    logistic,
    node_chances,
    salience,
)
from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.models.segment.prompts import require_prompts
from iconograph.ingest.models.segment.tidying import tidied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.regions.mask import Mask

NAME = "merge-tree"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MergeTreePicture:
    """A picture with its merge trees (see `port.SegmentedPicture`).

    `chances` are, by tree, the probability of each node to be a thing of its own, 0 where it is too
    small or too large.
    """

    trees: MergeTrees
    chances: tuple[NDArray[np.float64], ...]
    numbers: MergeTreeNumbers

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        """The main thing in each box, n x 4 (x0, y0, x1, y1), and nothing outside of the box.

        The confidence is the probability that mask and thing have an IoU of 0.5 or more. Raises
        `InvalidValueError` for another shape, or numbers that are not finite.
        """
        return _segments([self._in_box(box) for box in _rows(boxes_px, 4)])

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        """The node around each point, n x 2 (x, y), that stands out most for its size.

        Nothing where a point lies outside, or only the whole picture is around it. Raises as
        `in_boxes` does.
        """
        return _segments([self._at_point(point) for point in _rows(points_px, 2)])

    def _in_box(self, box_px: NDArray[np.float64]) -> tuple[Mask | None, float]:
        height, width = self.trees.areas.labels.shape
        box = np.clip(box_px / np.tile(self.trees.scale, 2), 0, [width, height, width, height])
        if box[2] <= box[0] or box[3] <= box[1]:
            return None, 0.0
        # What is narrower than a working pixel is widened to one.
        box[:2] = np.minimum(box[:2], np.array([width, height]) - 1)
        box[2:] = np.maximum(box[2:], box[:2] + 1)
        members, weights, measures = box_measures(self.trees, box)
        taken, expected = best_cut(logistic(measures, self.numbers.box_weights), weights)
        mask = self.trees.mask(members[taken], whole_box(box))
        if mask is None:
            return None, 0.0
        return tidied(mask), chance_in_box(expected, self.numbers.box_confidence)

    def _at_point(self, point_px: NDArray[np.float64]) -> tuple[Mask | None, float]:
        x, y = np.floor(point_px / self.trees.scale).astype(int)
        height, width = self.trees.areas.labels.shape
        if not (0 <= x < width and 0 <= y < height):
            return None, 0.0
        best, confidence, members = -math.inf, 0.0, np.zeros(0, np.int64)
        for tree, chances, ranks in zip(
            self.trees.trees, self.chances, self.trees.leaf_ranks, strict=True
        ):
            rank = tree.ranks[y, x]
            standing = salience(tree, chances, self.numbers.node_weights)
            around = np.where((tree.first <= rank) & (rank < tree.last), standing, -np.inf)
            node = int(around.argmax())
            if around[node] > best:
                best, confidence = float(around[node]), float(chances[node])
                members = np.flatnonzero((ranks >= tree.first[node]) & (ranks < tree.last[node]))
        mask = self.trees.mask(members)
        return mask, confidence if mask else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTreeSegmenter:
    """Cuts things out by colour and border alone (see `port.Segmenter`)."""

    numbers: MergeTreeNumbers = field(default_factory=read_merge_tree_numbers)

    @property
    def name(self) -> str:
        """What proposals and cache entries call it."""
        return NAME

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """None: it has no weights beside its numbers."""
        return ()

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The hash of its numbers."""
        return (("merge_tree_sha256", self.numbers.sha256),)

    def __call__(self, pixels: NDArray[np.uint8], /) -> MergeTreePicture:
        """Grow the trees of a picture; raises `InvalidValueError` when it is no h x w x 3 uint8."""
        trees = merge_trees_of(
            pixels,
            self.numbers.trees,
            working_side_px=self.numbers.working_side_px,
            superpixels=self.numbers.superpixels,
        )
        limits = self.numbers.nodes
        chances = tuple(
            node_chances(
                tree,
                self.numbers.node_weights,
                between=(limits.smallest_fraction, limits.largest_fraction),
            )
            for tree in trees.trees
        )
        return MergeTreePicture(trees=trees, chances=chances, numbers=self.numbers)


def chance_in_box(expected_iou: float, confidence: tuple[float, float]) -> float:
    """The probability of an IoU of 0.5 or more, from the IoU that was expected."""
    weight, bias = confidence
    return 1 / (1 + math.exp(-(weight * expected_iou + bias)))


def _rows(places_px: NDArray[np.float32], columns: int) -> NDArray[np.float64]:
    places = np.asarray(places_px, np.float64)
    require_prompts(places, columns=columns)
    return places


def _segments(found: list[tuple[Mask | None, float]]) -> Segments:
    return Segments(
        masks=tuple(mask for mask, _ in found),
        confidences=np.array([confidence for _, confidence in found], np.float32),
    )
