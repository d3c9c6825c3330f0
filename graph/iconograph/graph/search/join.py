"""Joins a pattern's nodes and edges to assignments of regions, within one image each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.search.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.search.pairs import Pairs
    from iconograph.graph.search.pattern import Pattern, PatternEdge
    from iconograph.graph.store.candidates import Candidates

    Flags = NDArray[np.bool_]
    Rows = NDArray[np.int64]
    Column = NDArray[np.float32]

MOST_ASSIGNMENTS = 2_000_000
"""Assignments kept while joining; where more come up, the best are kept and the answer is not exact."""

OPTIONAL_MISSING = 0.5
"""The factor of an optional node that the image lacks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignments:
    """Ways to fill a pattern: a region's row for each role, the place in `Pairs` for each edge.

    `log_score` is the sum of the logarithms of all probabilities and confidences; `whole` says
    whether none was dropped for want of room.
    """

    rows: Mapping[str, Rows]
    edges: Mapping[int, Rows]
    log_score: NDArray[np.float64]
    whole: bool = True

    def __len__(self) -> int:
        return len(self.log_score)

    def at(self, places: Rows | Flags) -> Assignments:
        """The assignments at some places."""
        return Assignments(
            rows={role: rows[places] for role, rows in self.rows.items()},
            edges={edge: pairs[places] for edge, pairs in self.edges.items()},
            log_score=self.log_score[places],
            whole=self.whole,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Join:
    """One pattern over one set of candidates; `probability` has a column for each role.

    `mentioning` flags, for roles that are to be absent, the regions whose own label mentions them.
    """

    pattern: Pattern
    candidates: Candidates
    probability: Mapping[str, Column]
    mentioning: Mapping[str, Flags]
    pairs: Mapping[int, Pairs]

    @classmethod
    def of(
        cls,
        pattern: Pattern,
        candidates: Candidates,
        probability: Mapping[str, Column],
        mentioning: Mapping[str, Flags],
    ) -> Join:
        """The join, with the pairs of each edge worked out."""
        is_joined = len(pattern.edges) > 1 or any(node.count > 1 for node in pattern.nodes)
        pairs = {
            number: pairs_of(
                edge,
                candidates,
                subjects=probability[edge.subject] > 0,
                objects=probability[edge.object] > 0,
                min_confidence=pattern.min_confidence,
                each_once=is_joined,
            )
            for number, edge in enumerate(pattern.edges)
        }
        return cls(
            pattern=pattern,
            candidates=candidates,
            probability=probability,
            mentioning=mentioning,
            pairs=pairs,
        )

    def assignments(self) -> Assignments:
        """All ways to fill the pattern with different regions, negated edges heeded."""
        found: Assignments | None = None
        for number in self._order():
            found = self._with_edge(found, number)
        for role in self.pattern.required_roles:
            if found is None or role not in found.rows:
                found = self._with_role(found, role)
        assert found is not None  # noqa: S101  a pattern has at least one required node
        for edge in self.pattern.edges:
            if edge.negated:
                found = self._without(found, edge)
        return self._with_optional(found)

    def _order(self) -> Iterator[int]:
        """Edges that must hold: the rarest first, then those that touch what is bound."""
        left = {n for n, edge in enumerate(self.pattern.edges) if not edge.negated}
        bound: set[str] = set()
        while left:
            edges = self.pattern.edges
            number = min(left, key=lambda n: (not bound & ends(edges[n]), len(self.pairs[n]), n))
            left.remove(number)
            bound |= ends(self.pattern.edges[number])
            yield number

    def _with_edge(self, found: Assignments | None, number: int) -> Assignments:
        edge, pairs = self.pattern.edges[number], self.pairs[number]
        if found is None:
            fresh = Assignments(
                rows={edge.subject: pairs.subject, edge.object: pairs.object},
                edges={number: np.arange(len(pairs))},
                log_score=np.log(pairs.confidence.clip(1e-9)),
            )
            return self._scored(fresh, (edge.subject, edge.object))
        if edge.subject in found.rows and edge.object in found.rows:
            return self._with_closing_edge(found, number)
        if edge.subject not in found.rows and edge.object not in found.rows:
            found = self._with_role(found, edge.subject)
        return self._with_hanging_edge(found, number)

    def _with_closing_edge(self, found: Assignments, number: int) -> Assignments:
        """Keep the assignments whose two bound roles are one of the pairs."""
        edge, pairs = self.pattern.edges[number], self.pairs[number]
        keys = pairs.keys(self._count)
        wanted = found.rows[edge.subject] * self._count + found.rows[edge.object]
        place = np.searchsorted(keys, wanted)
        hit = np.isin(wanted, keys)
        kept, place = found.at(hit), place[hit]
        return Assignments(
            rows=kept.rows,
            edges={**kept.edges, number: place},
            log_score=kept.log_score + np.log(pairs.confidence[place].clip(1e-9)),
            whole=kept.whole,
        )

    def _with_hanging_edge(self, found: Assignments, number: int) -> Assignments:
        """Bind the free role of an edge whose other role is bound."""
        edge, pairs = self.pattern.edges[number], self.pairs[number]
        forward = edge.subject in found.rows
        bound, free = (edge.subject, edge.object) if forward else (edge.object, edge.subject)
        own, other = (pairs.subject, pairs.object) if forward else (pairs.object, pairs.subject)
        order = np.argsort(own, kind="stable")
        found, places, repeated = _expanded(found, found.rows[bound], own[order])
        place = order[places]
        kept = found.at(repeated)
        wider = Assignments(
            rows={**kept.rows, free: other[place]},
            edges={**kept.edges, number: place},
            log_score=kept.log_score + np.log(pairs.confidence[place].clip(1e-9)),
            whole=kept.whole,
        )
        return self._scored(self._distinct(wider, free), (free,))

    def _with_role(self, found: Assignments | None, role: str) -> Assignments:
        """Bind a role that no edge reaches to any region of the same image."""
        rows = np.flatnonzero(self.probability[role] > 0)
        if found is None:
            alone = Assignments(rows={role: rows}, edges={}, log_score=np.zeros(len(rows)))
            return self._scored(alone, (role,))
        image_of = self.candidates.image_of
        order = rows[np.argsort(image_of[rows], kind="stable")]
        bound = next(iter(found.rows.values()))
        found, places, repeated = _expanded(found, image_of[bound], image_of[order])
        kept = found.at(repeated)
        wider = Assignments(
            rows={**kept.rows, role: order[places]},
            edges=kept.edges,
            log_score=kept.log_score,
            whole=kept.whole,
        )
        return self._scored(self._distinct(wider, role), (role,))

    def _without(self, found: Assignments, edge: PatternEdge) -> Assignments:
        """Drop the assignments that have a negated edge."""
        pairs = self.pairs[self.pattern.edges.index(edge)]
        if edge.subject in found.rows and edge.object in found.rows:
            own = found.rows[edge.subject] * self._count + found.rows[edge.object]
            return found.at(~np.isin(own, pairs.keys(self._count)))
        for role, rows, absent in (
            (edge.subject, pairs.subject, edge.object),
            (edge.object, pairs.object, edge.subject),
        ):
            if role in found.rows:
                blocked = np.zeros(self._count, np.bool_)
                blocked[rows] = True
                if role == edge.subject and absent in self.mentioning:
                    blocked |= self.mentioning[absent]
                found = found.at(~blocked[found.rows[role]])
        return found

    def _with_optional(self, found: Assignments) -> Assignments:
        images = self.candidates.image_of[next(iter(found.rows.values()))]
        log_score = found.log_score
        for node in self.pattern.nodes:
            if node.optional:
                best = np.full(len(self.candidates.image_ids), OPTIONAL_MISSING)
                np.maximum.at(best, self.candidates.image_of, self.probability[node.role])
                log_score = log_score + np.log(best[images])
        return Assignments(
            rows=found.rows, edges=found.edges, log_score=log_score, whole=found.whole
        )

    def _distinct(self, found: Assignments, role: str) -> Assignments:
        differs = np.ones(len(found), np.bool_)
        for other, rows in found.rows.items():
            if other != role:
                differs &= rows != found.rows[role]
        return found if differs.all() else found.at(differs)

    def _scored(self, found: Assignments, roles: Sequence[str]) -> Assignments:
        log_score = found.log_score
        for role in roles:
            log_score = log_score + np.log(self.probability[role][found.rows[role]].clip(1e-9))
        return Assignments(
            rows=found.rows, edges=found.edges, log_score=log_score, whole=found.whole
        )

    @property
    def _count(self) -> int:
        return len(self.candidates.region_ids)


def ends(edge: PatternEdge) -> set[str]:
    """The roles of an edge."""
    return {edge.subject, edge.object}


def _expanded(
    found: Assignments, keys: NDArray[np.generic], ordered: NDArray[np.generic]
) -> tuple[Assignments, Rows, Rows]:
    """Each assignment beside each place of `ordered` that has its key, as two columns of places."""
    first = np.searchsorted(ordered, keys, "left")
    counts = np.searchsorted(ordered, keys, "right") - first
    if counts.sum() > MOST_ASSIGNMENTS:
        best = np.argsort(-found.log_score, kind="stable")
        within = best[np.cumsum(counts[best]) <= MOST_ASSIGNMENTS]
        found = found.at(within)
        found = Assignments(
            rows=found.rows, edges=found.edges, log_score=found.log_score, whole=False
        )
        first, counts = first[within], counts[within]
    repeated = np.repeat(np.arange(len(found)), counts)
    inside = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
    return found, np.repeat(first, counts) + inside, repeated
