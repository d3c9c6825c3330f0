"""Candidates to a ranking: the pure heart of a search."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.search.join import Join
from iconograph.graph.search.rank import ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iconograph.graph.search.join import Assignments
    from iconograph.graph.search.match import Matcher
    from iconograph.graph.search.plan import Plan
    from iconograph.graph.search.rank import Found
    from iconograph.graph.store.candidates import Candidates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """Images that answer, best first; `exact` says whether nothing better can be missing."""

    plan: Plan
    join: Join
    assignments: Assignments
    found: Sequence[Found]
    exact: bool


def rank(
    plan: Plan, candidates: Candidates, matcher: Matcher, *, limit: int, min_probability: float
) -> Ranking:
    """The ranking of a plan over the candidates."""
    pattern = plan.pattern
    probability = {}
    for place, sought in enumerate(plan.sought):
        column = matcher.probabilities(sought, place, candidates)
        probability[sought.node.role] = np.where(column >= min_probability, column, np.float32(0.0))
    absent = pattern.absent_roles
    mentioning = {
        sought.node.role: matcher.mentioning(sought, candidates)
        for sought in plan.sought
        if sought.node.role in absent
    }
    join = Join.of(pattern, candidates, probability, mentioning)
    assignments = join.assignments()
    found = ranked(join, assignments, limit)
    least = found[-1].score if len(found) >= limit else 0.0
    reach = 0.0 if candidates.complete else _reach(plan, candidates, matcher, min_probability)
    return Ranking(
        plan=plan,
        join=join,
        assignments=assignments,
        found=found,
        exact=assignments.whole and least >= reach,
    )


def _reach(plan: Plan, candidates: Candidates, matcher: Matcher, min_probability: float) -> float:
    """The best score that an answer outside the candidates could have.

    A store fetches the edges of each region that it finds, so what it misses has an edge of which
    it found neither end, or a region without an edge: one end that is whole makes an edge whole.
    All else is taken as certain.
    """
    pattern = plan.pattern
    unseen = {}
    for place, sought in enumerate(plan.sought):
        best = matcher.unseen(
            sought.readings,
            candidates.unseen_cosine[place],
            token=candidates.unseen_token[place],
        )
        missing = place not in candidates.whole_nodes and best >= min_probability
        unseen[sought.node.role] = best if missing else 0.0
    firm = [edge for edge in pattern.edges if not edge.negated]
    bound = {role for edge in firm for role in (edge.subject, edge.object)}
    factors = len(pattern.required_roles) + len(firm) + sum(n.optional for n in pattern.nodes)
    missed = [unseen[edge.subject] * unseen[edge.object] for edge in firm]
    missed += [unseen[role] for role in pattern.required_roles if role not in bound]
    return math.pow(max(missed), 1.0 / factors)
