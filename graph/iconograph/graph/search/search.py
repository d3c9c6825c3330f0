"""The compound query: words or a pattern in, ranked works out, each with its why.

`words -> pattern -> plan -> candidates -> probabilities -> join -> ranking -> why`. All that ranks
is a pure function of columns (`match`, `pairs`, `join`, `rank`), so both stores answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from iconograph.graph.errors import QueryError
from iconograph.graph.model.checks import require_fraction
from iconograph.graph.search.answer import Answer, Hit, Score
from iconograph.graph.search.attributes import ATTRIBUTE_FIT, inferences
from iconograph.graph.search.calibration import calibrations
from iconograph.graph.search.hits import hits_of
from iconograph.graph.search.match import Matcher
from iconograph.graph.search.parse import parse
from iconograph.graph.search.plan import at_level, planned, with_counted_alike
from iconograph.graph.search.ranking import rank
from iconograph.graph.search.unrelated import UNRELATED_WORTH, loosened
from iconograph.graph.store.candidates import DEFAULT_SEEDS, WorkFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.region import Level
    from iconograph.graph.model.vector import TextEncoder, VectorSpace
    from iconograph.graph.search.attributes import Inference
    from iconograph.graph.search.pattern import Pattern
    from iconograph.graph.search.plan import Plan
    from iconograph.graph.search.port import ConceptFinder
    from iconograph.graph.search.ranking import Ranking
    from iconograph.graph.search.unrelated import Loosened
    from iconograph.graph.store.port import GraphStore

MIN_PROBABILITY = 0.35
"""Below this a region does not show a phrase: a label that is merely less exact ("figure" for
"queen") or lacks a wanted quality ("man" for "old man") does not answer by itself."""

MOST_SEEDS = 4000
MOST_WORKS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How much is wanted, and how sure it must be.

    limit            works at the most, 1 to `MOST_WORKS`
    level            of all nodes that name none
    min_probability  that a region shows its phrase
    min_confidence   of an edge; the larger of this and the pattern's counts
    work_filter      replaces the pattern's where it is not empty
    unrelated        after the works in which all is so, those that show all that is asked for but in
                     which some relation was not found; each hit says which (see `unrelated`)
    """

    limit: int = 10
    level: Level | None = None
    min_probability: float = MIN_PROBABILITY
    min_confidence: float = 0.0
    work_filter: WorkFilter = WorkFilter()
    unrelated: bool = False

    def __post_init__(self) -> None:
        require_fraction(
            "SearchOptions",
            min_probability=self.min_probability,
            min_confidence=self.min_confidence,
        )
        if not 1 <= self.limit <= MOST_WORKS:
            message = f"a search answers with 1 to {MOST_WORKS} works, asked for {self.limit}"
            raise QueryError(message)


def search(  # noqa: PLR0913  the store, the query, and what may help to answer it
    store: GraphStore,
    query: str | Pattern,
    *,
    lexicon: Lexicon,
    encoders: Sequence[TextEncoder] = (),
    concepts: ConceptFinder | None = None,
    options: SearchOptions = SearchOptions(),
) -> Answer:
    """The works that answer a query, best first; none where nothing matches.

    Raises `QueryError` for words that cannot be understood, `VectorSpaceError` when an encoder does
    not fit the store's vectors of its space.
    """
    clock = _Clock()
    pattern = _with_options(parse(query, lexicon) if isinstance(query, str) else query, options)
    clock.stop("parse")
    spaces = store.spaces()
    usable, notes = _usable(spaces, encoders)
    searcher = _Searcher(
        store=store,
        lexicon=lexicon,
        encoders=usable,
        concepts=concepts,
        options=options,
        matcher=Matcher(lexicon=lexicon, curves=calibrations(spaces)),
        clock=clock,
    )
    hits, exact = searcher.hits(pattern)
    return Answer(
        query=query if isinstance(query, str) else "",
        pattern=pattern,
        hits=tuple(hits),
        exact=exact,
        notes=notes,
        timing_ms=clock.times(),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Searcher:
    """Answers one query."""

    store: GraphStore
    lexicon: Lexicon
    encoders: Sequence[TextEncoder]
    concepts: ConceptFinder | None
    options: SearchOptions
    matcher: Matcher
    clock: _Clock

    def hits(self, pattern: Pattern) -> tuple[list[Hit], bool]:
        """The hits of a pattern and, where wanted, of those that lack some relation after them."""
        best, exact = self._best(pattern)
        if self.options.unrelated:
            exact &= self._add_unrelated(pattern, best)
        return list(best.values())[: self.options.limit], exact

    def _best(self, pattern: Pattern) -> tuple[dict[str, Hit], bool]:
        """Hits of the pattern itself and of those in which an attribute stands for a figure.

        The best of each work by its id, the best works first.
        """
        ranking = self._ranking(pattern)
        found, exact = self._hits(ranking), ranking.exact
        for inference in inferences(pattern, self.lexicon):
            ranking = self._ranking(inference.pattern)
            found += [
                _inferred(h, inference) for h in self._hits(ranking) if inference.allows(h.work)
            ]
            exact = exact and ranking.exact
        return _by_work(found), exact

    def _add_unrelated(self, pattern: Pattern, best: dict[str, Hit]) -> bool:
        """Add works that lack a relation, those that lack the fewest first, until there are enough.

        Says whether none can have been missed. Each is worth less than all before it.
        """
        exact = True
        for alike in loosened(pattern):
            if len(best) >= self.options.limit:
                break
            worth = min([UNRELATED_WORTH, *(hit.score for hit in best.values())])
            found: list[Hit] = []
            for own in alike:
                hits, whole = self._best(own.pattern)
                found += [_lacking(hit, own, worth) for hit in hits.values()]
                exact &= whole
            best |= {work: hit for work, hit in _by_work(found).items() if work not in best}
        return exact

    def _ranking(self, pattern: Pattern) -> Ranking:
        """The ranking, with as many seeds as it takes to be sure of it, up to `MOST_SEEDS`."""
        plan = planned(pattern, self.lexicon, self.encoders, self.concepts)
        self.clock.stop("encode")
        ranking = self._once(plan, DEFAULT_SEEDS)
        seeds = DEFAULT_SEEDS
        while not ranking.exact and seeds < MOST_SEEDS:
            seeds *= 2
            ranking = self._once(plan, seeds)
        return ranking

    def _once(self, plan: Plan, seeds: int) -> Ranking:
        request = plan.request(seeds, self.matcher.curves, self.options.min_probability)
        candidates = self.store.candidates(request)
        self.clock.stop("candidates")
        ranking = rank(
            plan,
            candidates,
            self.matcher,
            limit=self.options.limit,
            min_probability=self.options.min_probability,
        )
        self.clock.stop("rank")
        return ranking

    def _hits(self, ranking: Ranking) -> list[Hit]:
        hits = hits_of(ranking, self.store, self.matcher)
        self.clock.stop("fetch")
        return hits


class _Clock:
    """Adds up the time spent on each step."""

    def __init__(self) -> None:
        self._started = self._last = perf_counter()
        self._spent: dict[str, float] = {}

    def stop(self, step: str) -> None:
        """Count the time since the last stop for a step."""
        now = perf_counter()
        self._spent[step] = self._spent.get(step, 0.0) + now - self._last
        self._last = now

    def times(self) -> dict[str, float]:
        """Milliseconds by step, and in all."""
        spent = {**self._spent, "total": perf_counter() - self._started}
        return {step: round(seconds * 1000, 3) for step, seconds in spent.items()}


def _with_options(pattern: Pattern, options: SearchOptions) -> Pattern:
    if options.work_filter != WorkFilter():
        pattern = replace(pattern, work_filter=options.work_filter)
    if options.min_confidence > pattern.min_confidence:
        pattern = replace(pattern, min_confidence=options.min_confidence)
    if options.level:
        pattern = at_level(pattern, options.level)
    return with_counted_alike(pattern)


def _usable(
    spaces: Sequence[VectorSpace], encoders: Sequence[TextEncoder]
) -> tuple[list[TextEncoder], tuple[str, ...]]:
    """Encoders for whose space the store has vectors, and notes on what is left out."""
    held = {space.name: space for space in spaces}
    usable = [encoder for encoder in encoders if encoder.space.name in held]
    for encoder in usable:
        held[encoder.space.name].require_same(encoder.space)
    return usable, tuple(_lacks(set(held), {encoder.space.name for encoder in encoders}))


def _lacks(stored: set[str], known: set[str]) -> Iterator[str]:
    for name in sorted(stored - known):
        yield f"vectors of {name} were not searched: there is no encoder for this space"
    for name in sorted(known - stored):
        yield f"phrases were not compared in {name}: the store holds no vectors of this space"


def _by_work(hits: Iterable[Hit]) -> dict[str, Hit]:
    """The best hit of each work by its id, the best first."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.work.id)):
        best.setdefault(hit.work.id, hit)
    return best


def _lacking(hit: Hit, loosened: Loosened, worth: float) -> Hit:
    """The hit at its worth beside those that lack less, with what it lacks."""
    return replace(
        hit,
        score=round(hit.score * worth, 6),
        missing=loosened.missing,
        because=loosened.because,
    )


def _inferred(hit: Hit, inference: Inference) -> Hit:
    """The hit at the worth of an inference, with the rule in the why."""
    why = Score(source="attribute", probability=ATTRIBUTE_FIT, raw=1.0, because=inference.rule)
    matches = tuple(
        replace(match, scores=(why, *match.scores)) if match.role == inference.role else match
        for match in hit.matches
    )
    return replace(hit, score=round(hit.score * ATTRIBUTE_FIT, 6), matches=matches)
