"""What the labels of all regions say, counted once for each state of the store."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.statements import CHANGES

if TYPE_CHECKING:
    from iconograph.graph.store.candidates import Bar
    from iconograph.graph.store.neo4j.connection import Connection

Sayings = Sequence[tuple[Sequence[str], Sequence[str], int]]
"""Label texts, the tokens that are indexed for them, and how many regions have just these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The labels of a store, judged for one node.

    shown, silent  texts that show what is wanted, and texts that say nothing about it
    tokens         every region with a shown text holds one of these
    bearers        the number of regions that hold one of `tokens`, at the most
    silent_count   how many regions have no shown text, but also not only texts that rule them out
    """

    shown: frozenset[str]
    silent: frozenset[str]
    tokens: frozenset[str]
    bearers: int
    silent_count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The labels of all regions after so many changes of the store."""

    changes: int
    sayings: Sayings
    held_by: Counter[str]
    """The number of regions that hold each token."""

    @classmethod
    def of(cls, sayings: Sayings, *, changes: int) -> Vocabulary:
        """The vocabulary of label texts and their tokens."""
        held_by: Counter[str] = Counter()
        for _, tokens, count in sayings:
            held_by.update(dict.fromkeys(tokens, count))
        return cls(changes=changes, sayings=sayings, held_by=held_by)

    def judged(self, bar: Bar) -> Judged:
        """What the labels say of one node's phrase."""
        texts = {text for labels, _, _ in self.sayings for text in labels}
        verdicts = {text: bar.judge(text) for text in texts}
        chosen: set[str] = set()
        silent_count = 0
        for labels, tokens, count in self.sayings:
            if tokens and any(verdicts[text] for text in labels):
                # One token of each region is enough; the rarest brings the fewest others.
                chosen.add(min(tokens, key=lambda token: (self.held_by[token], token)))
            elif not labels or any(verdicts[text] is not False for text in labels):
                silent_count += count
        return Judged(
            shown=frozenset(text for text in texts if verdicts[text]),
            silent=frozenset(text for text in texts if verdicts[text] is None),
            tokens=frozenset(chosen),
            bearers=sum(self.held_by[token] for token in chosen),
            silent_count=silent_count,
        )


class VocabularyReader:
    """Reads the vocabulary again when the store has changed; several threads may ask at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: Vocabulary | None = None
        self._lock = threading.Lock()

    def current(self) -> Vocabulary:
        """The vocabulary of the store as it is."""
        changes = int(self._connection.rows(CHANGES)[0][0])
        with self._lock:
            if self._held is None or self._held.changes != changes:
                sayings = self._connection.collected(cypher.SAYINGS)
                self._held = Vocabulary.of(sayings, changes=changes)
            return self._held
