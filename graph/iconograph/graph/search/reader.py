"""Reads tokens from the left: single ones, and the things that are spoken of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.errors import QueryError
from iconograph.graph.iconography.reading import Manner
from iconograph.graph.search.phrase import read_phrases
from iconograph.graph.search.tokens import Token

if TYPE_CHECKING:
    from iconograph.graph.iconography.reading import Relation
    from iconograph.graph.search.draft import Draft

THINGS = ("word", "number")
"""Tokens that a thing begins with."""

END = Token(role="end", text="")


@dataclass(slots=True)
class Reader:
    """A place in a row of tokens; `main` are the nodes that the query is about."""

    tokens: list[Token]
    draft: Draft
    place: int = 0
    main: list[int] = field(default_factory=list)

    def things(self, *, optional: bool = False) -> list[int]:
        """Things joined by "and"; raises `QueryError` where there is none."""
        things = [self.thing(optional=optional)]
        while self.next.role in ("and", "or") and self.peek(1).role in ("word", "number"):
            if self._begins_clause():
                break
            self.take()
            things.append(self.thing(optional=optional))
        return things

    def _begins_clause(self) -> bool:
        """Whether "and" begins a clause: "a flag and a man holding a sword"."""
        ahead = self.tokens[self.place + 1 :]
        words = [
            t.text
            for t in ahead[
                : next(
                    (n for n, t in enumerate(ahead) if t.role not in ("word", "number")), len(ahead)
                )
            ]
            if t.role == "word"
        ]
        following = ahead[len(words)] if len(words) < len(ahead) else END
        if not self.main or following.role != "relation":
            return False
        relation = following.relation
        readings = read_phrases(" ".join(words), self.draft.lexicon)
        acts = any("being" in reading.types for reading in readings)
        return bool(relation and relation.manner is not Manner.PLACE and acts)

    def thing(self, *, optional: bool = False) -> int:
        """One thing as a node: its number, its words, and what it may be instead.

        "The woman" is the woman that was spoken of before.
        """
        count, definite = 1, self.next.definite
        while self.next.role in ("number", "both", "no", "pronouns"):
            count = self.take().number or count
        phrase = self.words()
        while self.next.role == "or" and self.peek(1).role == "word":
            self.take()
            phrase += f" or {self.words()}"
        known = self.draft.find(phrase) if definite else None
        if known is not None:
            return known
        return self.draft.add(phrase, count=count, optional=optional)

    def words(self) -> str:
        """The words of a thing; a posture or deed before its noun is a quality of it."""
        words: list[str] = []
        while self.next.role == "word" or (self._only_qualities(words) and self.is_prenominal()):
            words.append(self.take().text)
        if not words:
            raise self.not_understood()
        return " ".join(words)

    def is_prenominal(self) -> bool:
        """Whether a posture or deed stands before a noun: the kneeling king."""
        token = self.next
        is_deed = token.role == "postures" or (
            token.role == "relation" and token.text.endswith("ing") and " " not in token.text
        )
        return is_deed and self.peek(1).role == "word"

    def begins_thing(self) -> bool:
        """Whether a thing comes next, perhaps with its posture before it."""
        is_posed = self.next.role == "postures" and self.peek(1).role == "word"
        return self.next.role in THINGS or is_posed

    def _only_qualities(self, words: list[str]) -> bool:
        return all(self.draft.lexicon.quality(word) for word in words)

    def absent(self, word: Token) -> int:
        """A node for "nobody" or "nothing"."""
        return self.draft.add("person" if word.role == "nobody" else "anything")

    # Tokens.

    @property
    def next(self) -> Token:
        """The token that is read next."""
        return self.peek(0)

    def peek(self, ahead: int) -> Token:
        """A token some places ahead, `END` after the last."""
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else END

    def take(self) -> Token:
        """Read a token."""
        token = self.next
        self.place += 1
        return token

    def take_relation(self) -> Relation:
        """Read a relation; raises `QueryError` where there is none."""
        relation = self.take().relation
        if relation is None:
            self.place -= 1
            raise self.not_understood()
        return relation

    def skip(self, role: str) -> bool:
        """Read a token of a role if it comes next, and say whether it did."""
        if self.next.role != role:
            return False
        self.place += 1
        return True

    def not_understood(self) -> QueryError:
        """The error that says how far the query was understood."""
        understood = " ".join(token.text for token in self.tokens[: self.place])
        rest = " ".join(token.text for token in self.tokens[self.place :])
        found = f"not {rest!r} after it" if rest else "something is missing after it"
        return QueryError(
            f"understood {understood!r}, but {found}; expected something like "
            f"'woman holding a flower' or 'two men beside a table, both wearing hats'"
        )
