"""What else may be shown where not all relations are found: patterns that lack some of their edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from iconograph.graph.search.report import relation_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.search.pattern import Pattern, PatternEdge

MOST_COMBINED = 3
"""With more edges that must hold, those that lack some but not all are looked for one by one only."""

UNRELATED_WORTH = 0.5
"""What a work that lacks some relation is worth at the most beside one that lacks none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosened:
    """A pattern in which the edges in `missing` are no longer asked for; all else is."""

    pattern: Pattern
    missing: tuple[PatternEdge, ...]
    because: str


def loosened(pattern: Pattern) -> Iterator[tuple[Loosened, ...]]:
    """Patterns that lack one edge, then those that lack two and so on, as far as any can be left out.

    Negated edges stay, and so does what every node is for: an edge without which a node of a negated
    edge would no longer be wanted, but be wanted absent, is not left out.
    """
    firm = tuple(edge for edge in pattern.edges if not edge.negated)
    most = len(firm)
    numbers = range(1, most + 1) if most <= MOST_COMBINED else (1, most)
    for number in numbers:
        yield tuple(
            own
            for missing in combinations(firm, number)
            if (own := _without(pattern, missing)).pattern.absent_roles == pattern.absent_roles
        )


def _without(pattern: Pattern, missing: tuple[PatternEdge, ...]) -> Loosened:
    edges = tuple(edge for edge in pattern.edges if not any(edge is own for own in missing))
    return Loosened(
        pattern=replace(pattern, edges=edges), missing=missing, because=_because(pattern, missing)
    )


def _because(pattern: Pattern, missing: tuple[PatternEdge, ...]) -> str:
    """`both are shown; no such relation was found: [woman] holds [flower]`."""
    shown = "both are shown" if len(pattern.required_roles) == 2 else "all are shown"  # noqa: PLR2004
    least = pattern.min_confidence
    sure = f" of confidence {least:g} or more" if least > 0 else ""
    said = "; ".join(relation_text(edge, pattern) for edge in missing)
    if len(missing) == 1:
        return f"{shown}; no such relation{sure} was found: {said}"
    return f"{shown}; no such relations{sure} were found together: {said}"
