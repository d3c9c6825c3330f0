"""Where things may be, by the nodes of a colour merge tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.segment.merge_tree import NAME, MergeTreePicture, MergeTreeSegmenter
from iconograph.ingest.regions.proposal import Proposal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTreeProposer:
    """Proposes stable nodes (see `proposer.Proposer`).

    The confidence is the probability that a node covers a thing with an IoU of 0.5 or more, as
    calibrated on drawn scenes.
    """

    segmenter: MergeTreeSegmenter = field(default_factory=MergeTreeSegmenter)

    @property
    def name(self) -> str:
        """What proposals and cache entries call it."""
        return self.segmenter.name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """None: it has no weights beside its numbers."""
        return self.segmenter.models

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The hash of its numbers."""
        return self.segmenter.parameters

    def __call__(self, pixels: NDArray[np.uint8], /, *, most: int) -> tuple[Proposal, ...]:
        """At most `most` proposals, the surest first."""
        return proposals_in(self.segmenter(pixels), most=most)


def proposals_in(picture: MergeTreePicture, *, most: int) -> tuple[Proposal, ...]:
    """The likeliest nodes of all trees, of those that are nearly the same the likeliest."""
    proposals = []
    for members, confidence in distinct_nodes(picture, most=most):
        mask = picture.trees.mask(np.flatnonzero(members))
        if mask is not None:
            proposals.append(Proposal(mask=mask, confidence=confidence, sources=(NAME,)))
    return tuple(proposals)


def distinct_nodes(
    picture: MergeTreePicture, *, most: int
) -> list[tuple[NDArray[np.bool_], float]]:
    """Superpixels (bool, n) and chance of the likeliest nodes, no two of an IoU over `same_iou`."""
    limits, trees = picture.numbers.nodes, picture.trees
    chances = np.concatenate(picture.chances)
    first = np.concatenate([tree.first for tree in trees.trees])
    last = np.concatenate([tree.last for tree in trees.trees])
    order = np.argsort(-chances, kind="stable")[: limits.most_considered]
    order = order[chances[order] > 0]
    if not order.size:
        return []
    ranks = np.stack(trees.leaf_ranks)[order // len(trees.trees[0])]
    members = (ranks >= first[order, None]) & (ranks < last[order, None])
    covered = members.astype(np.float32)
    shared = (covered * trees.areas.areas.astype(np.float32)) @ covered.T
    areas = shared.diagonal()
    same = shared / (areas[:, None] + areas - shared) > limits.same_iou
    kept: list[int] = []
    gone = np.zeros(len(order), np.bool_)
    for row in range(len(order)):
        if len(kept) < most and not gone[row]:
            kept.append(row)
            gone |= same[row]
    return [(members[row], float(chances[order[row]])) for row in kept]
