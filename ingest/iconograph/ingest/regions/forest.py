"""What lies in what: the containment forest of a picture's things.

A parent is said to have a part, so the kinds decide who may be one (`PARENTS`): a figure is part of no
thing, since figures are joined in groups by their relations; what a figure holds is no part of it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.regions.overlaps import (
    box_shared_px2,
    boxes_of,
    shared_px2,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.regions.numbers import Forest, Merging
    from iconograph.ingest.regions.proposal import Proposal

FIGURES = frozenset({RegionKind.PERSON, RegionKind.ANIMAL})
BELONGINGS = frozenset({RegionKind.PART, RegionKind.ATTRIBUTE})
"""Kinds that belong to a figure wherever one holds at least half of them."""

_THINGS = frozenset({RegionKind.OBJECT, RegionKind.SETTING, RegionKind.UNKNOWN})
PARENTS: Mapping[RegionKind, frozenset[RegionKind]] = MappingProxyType(
    {
        RegionKind.PERSON: frozenset(),
        RegionKind.ANIMAL: frozenset(),
        RegionKind.PART: FIGURES | _THINGS | {RegionKind.ORNAMENT},
        RegionKind.ATTRIBUTE: FIGURES | _THINGS,
        RegionKind.OBJECT: _THINGS,
        RegionKind.SETTING: frozenset({RegionKind.SETTING}),
        RegionKind.ORNAMENT: frozenset(RegionKind),
        RegionKind.UNKNOWN: frozenset(RegionKind),
    }
)
"""The kinds that a thing of a kind may be part of."""


def parents_of(
    proposals: Sequence[Proposal], forest: Forest, merging: Merging
) -> tuple[int | None, ...]:
    """For each proposal the index of the one that it is part of, or None.

    That is the smallest of those kinds that holds `held_fraction` of it and is larger by
    `largest_area_ratio`; of a belonging, first the figure that holds most of it, if half. A parent
    is always larger than its child, so nothing lies in itself by detours.
    """
    boxes = boxes_of([proposal.mask for proposal in proposals])
    areas = np.array([proposal.mask.area_px2 for proposal in proposals], np.float64)
    kinds = [proposal.kind for proposal in proposals]
    parents: list[int | None] = []
    for n, proposal in enumerate(proposals):
        allowed = np.array([kind in PARENTS[proposal.kind] for kind in kinds])
        larger = allowed & (areas[n] <= forest.largest_area_ratio * areas)
        least = min(forest.held_fraction, forest.part_held_fraction)
        # What the boxes share bounds what the masks do.
        near = larger & (box_shared_px2(boxes[n], boxes) >= least * areas[n])
        held = {
            k: shared_px2(proposal.mask, proposals[k].mask, most_samples=merging.most_samples)
            / areas[n]
            for k in np.flatnonzero(near).tolist()
        }
        parents.append(_parent(n, held, proposals, forest, areas))
    return tuple(parents)


def _parent(
    n: int,
    held: Mapping[int, float],
    proposals: Sequence[Proposal],
    forest: Forest,
    areas: NDArray[np.float64],
) -> int | None:
    if proposals[n].kind in BELONGINGS:
        figures = [
            k
            for k, share in held.items()
            if proposals[k].kind in FIGURES and share >= forest.part_held_fraction
        ]
        if figures:
            return max(figures, key=lambda k: (held[k], -areas[k], proposals[k].confidence))
    holders = [k for k, share in held.items() if share >= forest.held_fraction]
    return min(holders, key=lambda k: (areas[k], -held[k], -proposals[k].confidence), default=None)
