"""What a search answers: works, each with its why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import Edge
from iconograph.graph.model.region import Region
from iconograph.graph.model.work import Image, Work
from iconograph.graph.search.pattern import Pattern, PatternEdge

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One kind of evidence that a region shows a phrase.

    `source` is `label`, `caption`, `iconclass`, `attribute` or a vector space's name;
    `probability` is calibrated, `raw` is the cosine or share it came from, `because` says it in words.
    """

    source: str
    probability: float
    raw: float
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The region found for a role, with every score that speaks for it."""

    role: str
    phrase: str
    region: Region
    probability: float
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A work that answers: its best image's matches and the edges between them.

    `missing` are edges of the pattern that were not found, and `because` says so in words; there are
    none unless works that lack some were asked for (`SearchOptions.unrelated`).
    """

    work: Work
    image: Image
    score: float
    matches: tuple[Match, ...]
    edges: tuple[Edge, ...]
    missing: tuple[PatternEdge, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hits, best first; `notes` say what was lacking, `exact` whether nothing can have been missed."""

    query: str
    pattern: Pattern
    hits: tuple[Hit, ...]
    exact: bool
    notes: tuple[str, ...]
    timing_ms: Mapping[str, float]
