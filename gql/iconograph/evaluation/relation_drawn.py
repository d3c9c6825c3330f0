"""Drawn pictures as annotated ones: what their truth judges, kind by kind.

A statement that is not in the truth is false where the truth is complete for it: HOLDS, WEARS and
PART_OF between all entities; GAZES_AT of every figure whose gaze is known; POINTS_AT of persons;
BESIDE, ABOVE, IN_FRONT_OF and FACES between persons and animals; ACROSS_DIVIDE and SAME_SIDE between
those of them that a divide places, and between all where there is no divide. TOUCHES is never complete
(a plane does not tell what is in contact), and nothing is said of INSIDE.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.evaluation.annotations import (
    FIGURES,
    AnnotatedPicture,
    AnnotatedSet,
    Verdict,
    triple_of,
)
from iconograph.evaluation.drawn_truth import drawn_pictures
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level, RegionKind

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.region import Region

BETWEEN_FIGURES = frozenset(
    {
        EdgeKind.BESIDE,
        EdgeKind.ABOVE,
        EdgeKind.IN_FRONT_OF,
        EdgeKind.FACES,
        EdgeKind.ACROSS_DIVIDE,
        EdgeKind.SAME_SIDE,
    }
)
OF_DIVIDES = frozenset({EdgeKind.ACROSS_DIVIDE, EdgeKind.SAME_SIDE})
COMPLETE = BETWEEN_FIGURES | {
    EdgeKind.HOLDS,
    EdgeKind.WEARS,
    EdgeKind.PART_OF,
    EdgeKind.GAZES_AT,
    EdgeKind.POINTS_AT,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPicture(AnnotatedPicture):
    """A drawn picture; `placed` are the figures that stand on a side of some divide."""

    placed: frozenset[RegionId]

    def verdict(self, kind: EdgeKind, subject: RegionId, object_: RegionId) -> Verdict:
        """Whether the statement is true, false or not to be counted, as the module says."""
        if triple_of(kind, subject, object_) in self.true:
            return Verdict.TRUE
        first, second = self.regions.get(subject), self.regions.get(object_)
        if kind not in self.complete or first is None or second is None:
            return Verdict.UNJUDGED
        return Verdict.FALSE if self._is_told(kind, first, second) else Verdict.UNJUDGED

    def _is_told(self, kind: EdgeKind, first: Region, second: Region) -> bool:
        """Whether the truth would name the statement if it were true."""
        if kind in OF_DIVIDES and self.placed:
            return {first.id, second.id} <= self.placed
        if kind in BETWEEN_FIGURES:
            return {first.kind, second.kind} <= FIGURES
        if kind is EdgeKind.GAZES_AT:
            return first.gaze is not None
        return kind is not EdgeKind.POINTS_AT or first.kind is RegionKind.PERSON


def read_drawn(corpus: Path, *, style: str = "", limit: int | None = None) -> AnnotatedSet:
    """The pictures of a drawn corpus, those of one style if named; as `drawn_pictures` raises."""
    found = drawn_pictures(corpus, style=style, limit=limit)
    return AnnotatedSet(pictures=tuple(drawn_picture(item.draft) for item in found))


def drawn_picture(truth: ImageBundle) -> DrawnPicture:
    """A picture with its truth, of which statements about groups and scenes are left out."""
    listed = [r for r in truth.regions if r.level is Level.ENTITY]
    regions = {region.id: replace(region, parent_id=None) for region in listed}
    edges = [e for e in truth.edges if {e.subject_id, e.object_id} <= regions.keys()]
    true = frozenset(triple_of(edge.kind, edge.subject_id, edge.object_id) for edge in edges)
    parted = [triple[1:] for triple in true if triple[0] is EdgeKind.ACROSS_DIVIDE]
    return DrawnPicture(
        bundle=replace(truth, regions=tuple(regions.values()), edges=tuple(edges)),
        regions=regions,
        true=true,
        uncertain=frozenset(),
        complete=COMPLETE,
        placed=frozenset(end for pair in parted for end in pair),
    )
