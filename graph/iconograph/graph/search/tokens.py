"""A query cut into the tokens of its grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.iconography.names import lowered
from iconograph.graph.search.lemmas import POSSESSIVE

if TYPE_CHECKING:
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.iconography.reading import Relation

PIECE = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*['\u2019]?|[,;:.?!]")
SEPARATORS = {",": "comma", ":": "comma", ";": "stop", ".": "stop", "?": "stop", "!": "stop"}
DEFINITE = frozenset({"the", "der", "die", "das", "this", "that"})
IGNORED = frozenset({"articles", "copulas", "fillers"})
"""Words that say nothing that a pattern could hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or phrase by what it does: `word`, `relation`, `comma`, or a role of the grammar.

    `definite` says that "the" stood before it.
    """

    role: str
    text: str
    relation: Relation | None = None
    number: int = 0
    definite: bool = False


def tokens_of(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a query in order, openings such as "show me" taken off.

    At each place the longest of all known names, relations and grammar words is taken.
    """
    pieces = PIECE.findall(text)
    words = tuple(POSSESSIVE.sub("", piece) for piece in pieces)
    tokens: list[Token] = []
    place, definite = 0, False
    while place < len(words):
        found, end = _token(words, place, lexicon)
        said = " ".join(pieces[place:end])
        place = end
        is_opening = found.role == "openings" and not any(t.role == "word" for t in tokens)
        if found.role in IGNORED or is_opening:
            definite = said.lower() in DEFINITE
            continue
        role = "word" if found.role == "openings" else found.role
        tokens.append(
            Token(
                role=role,
                text=said,
                relation=found.relation,
                number=found.number,
                definite=definite,
            )
        )
        definite = False
    while tokens and tokens[-1].role in SEPARATORS.values():
        tokens.pop()
    return tokens


def _token(words: tuple[str, ...], place: int, lexicon: Lexicon) -> tuple[Token, int]:
    if words[place] in SEPARATORS:
        return Token(role=SEPARATORS[words[place]], text=words[place]), place + 1
    words = words[: _next_separator(words, place)]
    if words[place].isdigit():
        return Token(role="number", text=words[place], number=int(words[place])), place + 1
    low = lowered(words)
    term = lexicon.terms.starting(words, place)
    length = term[1] - place if term else 0
    relation = lexicon.relations.starting_exactly(low, place)
    grammar = lexicon.grammar.starting_exactly(low, place)
    if grammar and grammar[1] - place >= max(length, relation[1] - place if relation else 0):
        word, end = grammar
        return Token(role=word.role, text=word.text, number=word.number), end
    if relation and relation[1] - place >= length:
        return Token(role="relation", text="", relation=relation[0]), relation[1]
    return Token(role="word", text=""), place + max(length, 1)


def _next_separator(words: tuple[str, ...], place: int) -> int:
    return next((n for n in range(place, len(words)) if words[n] in SEPARATORS), len(words))
