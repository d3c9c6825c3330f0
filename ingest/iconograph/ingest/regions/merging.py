"""One proposal for each thing: duplicates and near-duplicates of all sources are merged.

Two proposals are one thing when their kinds agree (equal, or one UNKNOWN) and

- their masks have an IoU of `same_iou`, or `same_iou_other_label` where both have labels and none in
  common; or
- one of them is a box alone, and their boxes have an IoU of `same_box_iou` (or as above); or
- they share a label, and `nested_fraction` of the smaller lies in the other, which is not larger than
  1 / `nested_area_ratio` of it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.region import Label, RegionKind
from iconograph.ingest.regions.overlaps import (
    box_areas_px2,
    box_shared_px2,
    boxes_of,
    shared_px2,
)
from iconograph.ingest.regions.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.regions.mask import Mask
    from iconograph.ingest.regions.numbers import Merging

CHECKED_SAMPLES = 64
"""Rows and columns of a mask that go into its place among proposals that are alike in all else."""


def merged(proposals: Iterable[Proposal], numbers: Merging) -> tuple[Proposal, ...]:
    """The proposals without repeats, the surest first; their order before does not matter.

    The surest of a thing stands for it, and others join the first that they are one with. What
    stays keeps the labels, sources, pose and gaze of all, and the mask of the surest that has more
    than a box.
    """
    ordered = in_order(proposals)
    groups = _Groups(numbers, boxes_of([proposal.mask for proposal in ordered]))
    for n, proposal in enumerate(ordered):
        groups.add(n, proposal)
    return in_order(
        _joined([ordered[n] for n in group], numbers.independence) for group in groups.members
    )


def in_order(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The surest first, then the largest; the order does not depend on how they came."""
    return tuple(sorted(proposals, key=_place))


def combined_confidence(confidences: Iterable[float], independence: float) -> float:
    """The chance that a thing is there when several sources say so.

    Noisy-or, 1 - (1 - p1) x product of (1 - independence x pi), with the surest in full: sources see
    the same pixels and err together, so each further one counts for its own share only.
    """
    first, *others = sorted(confidences, reverse=True)
    missed = 1.0 - first
    for confidence in others:
        missed *= 1.0 - independence * confidence
    return 1.0 - missed


class _Groups:
    """What is one thing so far, each group with the mask, kind and labels that stand for it."""

    def __init__(self, numbers: Merging, boxes: NDArray[np.float64]) -> None:
        self.members: list[list[int]] = []
        self._numbers = numbers
        self._boxes, self._box_areas = boxes, box_areas_px2(boxes)
        self._leading = np.zeros(len(boxes), np.int64)
        self._areas = np.zeros(len(boxes))
        self._leaders: list[_Leader] = []

    def add(self, n: int, proposal: Proposal) -> None:
        """Put the n-th proposal to the group that it is one with, or to a new one."""
        labels = frozenset(label.text.casefold() for label in proposal.labels)
        new = _Leader(mask=proposal.mask, kind=proposal.kind, labels=labels)
        self._areas[n] = new.mask.area_px2
        for group, box_iou in self._near(n):
            leader = self._leaders[group]
            if _is_one(leader, new, box_iou, self._numbers):
                self.members[group].append(n)
                leader.take(new)
                return
        self._leading[len(self._leaders)] = n
        self._leaders.append(new)
        self.members.append([n])

    def _near(self, n: int) -> list[tuple[int, float]]:
        """The groups that may be one with a proposal, by their boxes and areas."""
        leading = self._leading[: len(self._leaders)]
        shared = box_shared_px2(self._boxes[n], self._boxes[leading])
        box_ious = shared / (self._box_areas[n] + self._box_areas[leading] - shared)
        areas = self._areas[leading]
        most = np.minimum(np.minimum(areas, self._areas[n]), shared)
        ious = most / (areas + self._areas[n] - most)
        numbers = self._numbers
        # The IoU of the least alike that are one by nesting.
        nested = numbers.nested_fraction / (
            1 / numbers.nested_area_ratio + 1 - numbers.nested_fraction
        )
        least = min(nested, numbers.same_iou)
        near = np.flatnonzero((ious >= least) | (box_ious >= numbers.same_box_iou))
        return list(zip(near.tolist(), box_ious[near].tolist(), strict=True))


@dataclass(slots=True)
class _Leader:
    """What stands for a group; its box stays that of its first member."""

    mask: Mask
    kind: RegionKind
    labels: frozenset[str]

    def take(self, other: _Leader) -> None:
        """Learn from a new member what is not known yet."""
        if _is_box(self.mask) and not _is_box(other.mask):
            self.mask = other.mask
        if self.kind is RegionKind.UNKNOWN:
            self.kind = other.kind
        self.labels |= other.labels


def _is_one(a: _Leader, b: _Leader, box_iou: float, numbers: Merging) -> bool:
    """Whether two are one thing (see the module's text)."""
    if a.kind is not b.kind and RegionKind.UNKNOWN not in (a.kind, b.kind):
        return False
    agreeing = not (a.labels and b.labels) or bool(a.labels & b.labels)
    if (_is_box(a.mask) or _is_box(b.mask)) and box_iou >= (
        numbers.same_box_iou if agreeing else numbers.same_iou_other_label
    ):
        return True
    shared = shared_px2(a.mask, b.mask, most_samples=numbers.most_samples)
    small, large = sorted((a.mask.area_px2, b.mask.area_px2))
    if shared / (small + large - shared) >= (
        numbers.same_iou if agreeing else numbers.same_iou_other_label
    ):
        return True
    nested = shared >= numbers.nested_fraction * small
    return nested and bool(a.labels & b.labels) and small >= numbers.nested_area_ratio * large


def _is_box(mask: Mask) -> bool:
    return mask.area_px2 == mask.bits.size


def _joined(members: Sequence[Proposal], independence: float) -> Proposal:
    """One proposal of members in their order."""
    if len(members) == 1:
        return members[0]
    by_sources: dict[tuple[str, ...], float] = {}
    for member in members:
        known = by_sources.get(member.sources, 0.0)
        by_sources[member.sources] = max(known, member.confidence)
    return Proposal(
        mask=next((m.mask for m in members if not _is_box(m.mask)), members[0].mask),
        confidence=combined_confidence(by_sources.values(), independence),
        sources=tuple(sorted({source for member in members for source in member.sources})),
        kind=next(
            (m.kind for m in members if m.kind is not RegionKind.UNKNOWN), RegionKind.UNKNOWN
        ),
        labels=_all_labels(members),
        caption=next((m.caption for m in members if m.caption), ""),
        pose=next((m.pose for m in members if m.pose), None),
        gaze=next((m.gaze for m in members if m.gaze), None),
    )


def _all_labels(members: Iterable[Proposal]) -> tuple[Label, ...]:
    """Each text of each language and origin once, with the highest confidence; the surest first."""
    best: dict[tuple[str, str, str], Label] = {}
    for member in members:
        for label in member.labels:
            key = (label.text.casefold(), label.language, label.origin.value)
            if key not in best or label.confidence > best[key].confidence:
                best[key] = label
    return tuple(sorted(best.values(), key=lambda la: (-la.confidence, la.text, la.origin.value)))


def _place(proposal: Proposal) -> tuple[Any, ...]:
    mask = proposal.mask
    rows, columns = (max(1, side // CHECKED_SAMPLES) for side in mask.bits.shape)
    sample = np.packbits(mask.bits[::rows, ::columns])
    return (
        -proposal.confidence,
        -mask.area_px2,
        mask.x0_px,
        mask.y0_px,
        mask.bits.shape,
        proposal.kind.value,
        [
            (label.text, label.language, label.origin.value, label.confidence)
            for label in proposal.labels
        ],
        proposal.sources,
        proposal.caption,
        zlib.crc32(sample.tobytes()),
    )
