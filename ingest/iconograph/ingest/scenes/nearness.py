"""Relations by stated definition, computed from the visible masks of figures and animals.

BESIDE: the gap between the boxes is at most a tenth of the smaller box's longer side along x, and
along y they share at least half of the lower one's height; so people judge paintings, where a wider
gap parts. ABOVE: the one ends above the middle of the other, and along x they share at least a third of
the narrower one. IN_FRONT_OF: the one hides at least 3 % of the other's whole area. Neither BESIDE
nor IN_FRONT_OF is stated of two that a divide parts. SAME_SIDE: both are parted from a third.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.scenes.values import DrawnRelation

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP_FRACTION = 0.1
SHARED_HEIGHT_FRACTION = 0.5
SHARED_WIDTH_FRACTION = 1 / 3
HIDDEN_FRACTION = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Box and area of a visible mask."""

    id: int
    x0_px: int
    y0_px: int
    x1_px: int
    y1_px: int
    area_px2: int

    @classmethod
    def of(cls, part_id: int, mask: NDArray[np.bool_]) -> Extent:
        """The extent of a mask that is not empty."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        return cls(
            id=part_id, x0_px=int(columns[0]), y0_px=int(rows[0]), x1_px=int(columns[-1]) + 1,
            y1_px=int(rows[-1]) + 1, area_px2=int(np.count_nonzero(mask)),
        )  # fmt: skip

    @property
    def width_px(self) -> int:
        """Extent along x."""
        return self.x1_px - self.x0_px

    @property
    def height_px(self) -> int:
        """Extent along y."""
        return self.y1_px - self.y0_px

    @property
    def middle_px(self) -> tuple[float, float]:
        """The middle of the box (x, y)."""
        return ((self.x0_px + self.x1_px) / 2, (self.y0_px + self.y1_px) / 2)


def derived(
    extents: Sequence[Extent],
    stated: Iterable[DrawnRelation],
    hidden: Mapping[tuple[int, int], int],
) -> list[DrawnRelation]:
    """BESIDE (once a pair), ABOVE and IN_FRONT_OF between the extents."""
    parted = {
        frozenset((r.subject_id, r.object_id)) for r in stated if r.kind is EdgeKind.ACROSS_DIVIDE
    }
    found = []
    for a, b in permutations(extents, 2):
        kinds = []
        pair_parted = frozenset((a.id, b.id)) in parted
        if a.id < b.id and not pair_parted and is_beside(a, b):
            kinds.append(EdgeKind.BESIDE)
        if is_above(a, b):
            kinds.append(EdgeKind.ABOVE)
        pixels = hidden.get((a.id, b.id), 0)
        if not pair_parted and pixels >= HIDDEN_FRACTION * (b.area_px2 + pixels):
            kinds.append(EdgeKind.IN_FRONT_OF)
        found += [DrawnRelation(subject_id=a.id, object_id=b.id, kind=kind) for kind in kinds]
    return found


def same_sides(stated: Iterable[DrawnRelation]) -> list[DrawnRelation]:
    """SAME_SIDE (once a pair) of those that ACROSS_DIVIDE parts from one and the same."""
    parted: dict[int, set[int]] = defaultdict(set)
    for relation in stated:
        if relation.kind is EdgeKind.ACROSS_DIVIDE:
            parted[relation.subject_id].add(relation.object_id)
            parted[relation.object_id].add(relation.subject_id)
    pairs = {pair for others in parted.values() for pair in combinations(sorted(others), 2)}
    return [
        DrawnRelation(subject_id=a, object_id=b, kind=EdgeKind.SAME_SIDE) for a, b in sorted(pairs)
    ]


def is_beside(a: Extent, b: Extent) -> bool:
    """Say whether the two extents are next to each other."""
    gap = max(a.x0_px, b.x0_px) - min(a.x1_px, b.x1_px)
    size = min(max(a.width_px, a.height_px), max(b.width_px, b.height_px))
    shared = min(a.y1_px, b.y1_px) - max(a.y0_px, b.y0_px)
    return gap <= GAP_FRACTION * size and shared >= SHARED_HEIGHT_FRACTION * min(
        a.height_px, b.height_px
    )


def is_above(a: Extent, b: Extent) -> bool:
    """Say whether the first extent is over the second."""
    shared = min(a.x1_px, b.x1_px) - max(a.x0_px, b.x0_px)
    over = a.y1_px <= (b.y0_px + b.y1_px) / 2
    return over and shared >= SHARED_WIDTH_FRACTION * min(a.width_px, b.width_px)
