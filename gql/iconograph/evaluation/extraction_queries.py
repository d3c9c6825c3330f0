"""Questions "A relation B" that drawn scenes answer, with the pictures of which each is true."""

from __future__ import annotations

import itertools
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.evaluation.drawn_truth import true_of, with_article
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.evaluation.drawn_truth import Truth
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.search.phrase import Phrase

    Readings = tuple[Phrase, ...]
    Ends = tuple[Readings, Readings]

SAYINGS = {
    EdgeKind.HOLDS: "{subject} holding {object}",
    EdgeKind.WEARS: "{subject} wearing {object}",
    EdgeKind.BESIDE: "{subject} beside {object}",
    EdgeKind.ABOVE: "{subject} above {object}",
    EdgeKind.IN_FRONT_OF: "{subject} in front of {object}",
    EdgeKind.GAZES_AT: "{subject} looking at {object}",
    EdgeKind.POINTS_AT: "{subject} pointing at {object}",
    EdgeKind.TOUCHES: "{subject} touching {object}",
    EdgeKind.ACROSS_DIVIDE: "{subject} separated from {object}",
    EdgeKind.PART_OF: "{object} with {subject}",
}
"""The kinds that are asked for, and how; what comes second in the words has an article."""

SAME_SAID = {EdgeKind.TOUCHES: frozenset({EdgeKind.TOUCHES, EdgeKind.HOLDS})}
"""What a kind of question is answered by where it is more than its own kind: who holds touches."""

FEWEST_FRACTION, MOST_FRACTION = 0.01, 0.1
"""A question that fewer or more of the pictures answer is none: it tells little, or asks little."""

QUERIES_PER_KIND = 15
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationQuery:
    """Two phrases with the relation between them, and the files in which it is so.

    Of `uncertain` files nobody could say (see `Truth.stated`): they count neither way. `tempting`
    are those that show both things, but not so related.
    """

    subject: str
    kind: EdgeKind
    object: str
    relevant: frozenset[str]
    uncertain: frozenset[str] = frozenset()
    tempting: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """`woman holding an apple`."""
        first, second = self.subject, with_article(self.object)
        if self.kind is EdgeKind.PART_OF:
            first, second = with_article(self.subject), self.object
        return SAYINGS[self.kind].format(subject=first, object=second)


def relation_queries(truths: Sequence[Truth], lexicon: Lexicon) -> tuple[RelationQuery, ...]:
    """Questions that between a hundredth and a tenth of the pictures answer, at least one of them.

    `QUERIES_PER_KIND` of each kind at the most, drawn by a fixed seed from all that the truth states;
    of two that differ by the order of a symmetric kind's ends one is asked.
    """
    facts = _Facts.of(truths)
    fewest = max(1, round(FEWEST_FRACTION * len(truths)))
    most = max(1, math.floor(MOST_FRACTION * len(truths)))
    rng = random.Random(SEED)  # noqa: S311  a sample, no secret
    queries: list[RelationQuery] = []
    for kind in SAYINGS:
        pairs = sorted(facts.asked[kind])
        rng.shuffle(pairs)
        fitting = (
            query
            for subject, object_ in pairs
            if fewest
            <= len((query := facts.judged(subject, kind, object_, lexicon)).relevant)
            <= most
        )
        queries += itertools.islice(fitting, QUERIES_PER_KIND)
    return tuple(queries)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Facts:
    """What the truths say, by what is known of the ends, so that each question is judged once.

    `asked` are the words of related ends, `certain` and `uncertain` the files by kind and ends, and
    `shown` the files that show something, each with how many of it.
    """

    asked: Mapping[EdgeKind, set[tuple[str, str]]]
    certain: Mapping[EdgeKind, Mapping[Ends, set[str]]]
    uncertain: Mapping[EdgeKind, Mapping[Ends, set[str]]]
    shown: Mapping[Readings, Mapping[str, int]]

    @classmethod
    def of(cls, truths: Iterable[Truth]) -> _Facts:
        asked: dict[EdgeKind, set[tuple[str, str]]] = defaultdict(set)
        certain: dict[EdgeKind, dict[Ends, set[str]]] = defaultdict(lambda: defaultdict(set))
        uncertain: dict[EdgeKind, dict[Ends, set[str]]] = defaultdict(lambda: defaultdict(set))
        shown: dict[Readings, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for truth in truths:
            file = truth.file_name
            for region in truth.bundle.regions:
                if region.level is Level.ENTITY:
                    shown[truth.readings[region.id]][file] += 1
            for fact in truth.stated:
                ends = (truth.readings[fact.subject_id], truth.readings[fact.object_id])
                where = certain if fact.certain else uncertain
                words = (truth.words[fact.subject_id], truth.words[fact.object_id])
                where[fact.kind][ends].add(file)
                if fact.kind.symmetric:
                    where[fact.kind][ends[::-1]].add(file)
                    words = (min(words), max(words))
                if fact.certain:
                    asked[fact.kind].add(words)
        return cls(asked=asked, certain=certain, uncertain=uncertain, shown=shown)

    def judged(self, subject: str, kind: EdgeKind, object_: str, lexicon: Lexicon) -> RelationQuery:
        """A question with the pictures of which it is true."""
        phrases = (subject, object_)
        kinds = SAME_SAID.get(kind, frozenset({kind}))
        relevant, doubtful = (
            frozenset(
                file
                for own in kinds
                for ends, files in where.get(own, {}).items()
                if all(true_of(text, end, lexicon) for text, end in zip(phrases, ends, strict=True))
                for file in files
            )
            for where in (self.certain, self.uncertain)
        )
        return RelationQuery(
            subject=subject,
            kind=kind,
            object=object_,
            relevant=relevant,
            uncertain=doubtful - relevant,
            tempting=self._with_both(subject, object_, lexicon) - relevant - doubtful,
        )

    def _with_both(self, subject: str, object_: str, lexicon: Lexicon) -> frozenset[str]:
        """The files that show something of each phrase, and not the same for both."""
        first: dict[str, set[Readings]] = defaultdict(set)
        second: dict[str, set[Readings]] = defaultdict(set)
        for readings, files in self.shown.items():
            for text, where in ((subject, first), (object_, second)):
                if true_of(text, readings, lexicon):
                    for file in files:
                        where[file].add(readings)
        return frozenset(
            file
            for file in first.keys() & second.keys()
            if len(first[file] | second[file]) > 1 or self.shown[next(iter(first[file]))][file] > 1
        )
