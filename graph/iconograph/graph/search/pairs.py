"""Pairs of regions between which a pattern's edge holds, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from numpy.typing import NDArray

    from iconograph.graph.search.pattern import PatternEdge
    from iconograph.graph.store.candidates import Candidates

    Flags = NDArray[np.bool_]
    Rows = NDArray[np.int64]
    Ends = NDArray[np.int32]
    Columns = tuple[Ends, Ends, NDArray[np.float32], int]

KINDS = tuple(EdgeKind)
NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Pairs ordered by subject and object, each once, with the surest edge between them.

    subject, object  rows of regions (int64)
    confidence       of the edge; of the weaker one where the pattern wants both directions
    kind, place      which edge: place in `KINDS`, place in that kind's columns (int64)
    back             the other direction's edge, as `kind` and `place`, -1 where there is none
    """

    subject: Rows
    object: Rows
    confidence: NDArray[np.float64]
    kind: Rows
    place: Rows
    back_kind: Rows
    back_place: Rows

    def __len__(self) -> int:
        return len(self.subject)

    def at(self, places: Rows | Flags) -> Self:
        """The pairs at some places."""
        return type(self)(**{name: getattr(self, name)[places] for name in FIELDS})

    def keys(self, region_count: int) -> Rows:
        """One number for each pair, ascending."""
        return self.subject * region_count + self.object


FIELDS = ("subject", "object", "confidence", "kind", "place", "back_kind", "back_place")


def pairs_of(  # noqa: PLR0913  the edge, the columns, and what to keep of them
    edge: PatternEdge,
    candidates: Candidates,
    *,
    subjects: Flags,
    objects: Flags,
    min_confidence: float,
    each_once: bool = True,
) -> Pairs:
    """The pairs for a pattern's edge whose ends are among the flagged regions.

    Directed edges are taken as they point, symmetric ones both ways; `mutual` keeps the pairs that
    have an edge in both directions. Without `each_once` the pairs are in no order and may come
    again, which is enough where nothing is joined to them.
    """
    count = len(candidates.region_ids)
    ahead = [*_columns(edge.kinds, candidates, backward=False)]
    ahead += _columns(edge.backward, candidates, backward=True)
    found = _found(ahead, subjects, objects, min_confidence)
    if not edge.mutual:
        return _each_once(found, count) if each_once else found
    behind = [*_columns(edge.kinds, candidates, backward=True)]
    behind += _columns(edge.backward, candidates, backward=False)
    turned = _found(behind, subjects, objects, min_confidence)
    return _both(_each_once(found, count), _each_once(turned, count), count)


def _columns(
    kinds: Iterable[EdgeKind], candidates: Candidates, *, backward: bool
) -> Iterable[Columns]:
    """Subject, object and confidence columns of each kind, read in the direction that is wanted."""
    for kind in sorted(kinds):
        edges = candidates.edges.get(kind)
        if edges is None:
            continue
        number = KINDS.index(kind)
        if kind.symmetric or not backward:
            yield edges.subject, edges.object, edges.confidence, number
        if kind.symmetric or backward:
            yield edges.object, edges.subject, edges.confidence, number


def _found(
    columns: Iterable[Columns], subjects: Flags, objects: Flags, min_confidence: float
) -> Pairs:
    """The pairs of all columns whose ends are flagged, kind by kind."""
    parts: list[Pairs] = []
    for subject, object_, confidence, kind in columns:
        kept = np.flatnonzero(subjects[subject] & objects[object_] & (confidence >= min_confidence))
        none = np.full(len(kept), NONE)
        part = Pairs(
            subject=subject[kept].astype(np.int64),
            object=object_[kept].astype(np.int64),
            confidence=confidence[kept].astype(np.float64),
            kind=np.full(len(kept), kind),
            place=kept,
            back_kind=none,
            back_place=none,
        )
        parts.append(part)
    return Pairs(
        **{
            name: np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, np.int64)])
            for name in FIELDS
        }
    )


def _each_once(pairs: Pairs, region_count: int) -> Pairs:
    """The pairs in order, of each the one with the surest edge; of equals, the first."""
    key = pairs.keys(region_count)
    order = np.lexsort((-pairs.confidence, key))
    return pairs.at(order[_starts(key[order])])


def _starts(ordered: Rows) -> Flags:
    """Which places of an ordered column begin a new value."""
    starts = np.ones(len(ordered), np.bool_)
    starts[1:] = ordered[1:] != ordered[:-1]
    return starts


def _both(ahead: Pairs, behind: Pairs, region_count: int) -> Pairs:
    """The pairs that both have, with the weaker confidence and both edges."""
    _, first, second = np.intersect1d(
        ahead.keys(region_count), behind.keys(region_count), return_indices=True
    )
    kept, back = ahead.at(first), behind.at(second)
    same = (kept.kind == back.kind) & (kept.place == back.place)
    return Pairs(
        subject=kept.subject,
        object=kept.object,
        confidence=np.minimum(kept.confidence, back.confidence),
        kind=kept.kind,
        place=kept.place,
        back_kind=np.where(same, NONE, back.kind),
        back_place=np.where(same, NONE, back.place),
    )
