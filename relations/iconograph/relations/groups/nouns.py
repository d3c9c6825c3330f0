"""Noun phrases in plain English, made of labels."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from iconograph.graph.search.lemmas import lemmas

ASIDE = re.compile(r"\s*\([^)]*\)|[,;:].*")
"""What explains a label: "swing (ropes and seat)" is a swing."""

ARTICLE = re.compile(r"^(?:an?|the|one)\s+", re.IGNORECASE)

PLACE = (
    r"\s+(?:around|at|before|behind|below|beside|between|by|from|in|like|near|on|over|to|under"
    r"|with|without|\w{2,}ing|(?:\w{3,}ed|bent|seen)\s+(?:at|by|from|in|on|over|to|with))\b.*"
)
TAIL = re.compile(rf"\s+of\b.*|{PLACE}")
"""What follows the noun: the "in hat" of "man in hat"."""

LOOSE_TAIL = re.compile(PLACE)
"""What may be left out: of a "bunch of grapes on a plate" the plate, but not the grapes."""

BECOMES = ((re.compile(r"(s|x|z|ch|sh)$"), r"\1es"), (re.compile(r"([^aeiou])y$"), r"\1ies"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A thing as its label names it: `text` without an article, `head` its noun in lower case.

    `before` and `after` are what surrounds the head in the text. A name takes no article and has no
    plural.
    """

    text: str
    before: str
    head: str
    after: str
    is_name: bool
    is_plural: bool

    @property
    def plain(self) -> Noun:
        """The noun without what surrounds it; a name stays whole."""
        return self if self.is_name else noun_of(self.head)

    @property
    def short(self) -> Noun:
        """The noun without where it is and what it does: "old man" of "old man in a hat"."""
        kept = LOOSE_TAIL.sub("", self.after)
        return self if self.is_name else noun_of(f"{self.before}{self.head}{kept}")

    @property
    def definite(self) -> str:
        """The noun as it is spoken of again: `the goat`."""
        return self.text if self.is_name else f"the {self.before}{self.head}"

    def is_told_by(self, other: Noun) -> bool:
        """Whether the other names this: a "woman in white with a fan" a white dress and a fan."""
        said, seen = frozenset(lemmas(other.text)), frozenset(lemmas(other.after))
        return bool(
            said & set(lemmas(self.head)) or seen & set(lemmas(f"{self.before}{self.head}"))
        )

    def counted(self, number: int = 1) -> str:
        """`a goat`, `three goats`, `flowers`, `Venus`; unnumbered where it cannot be counted."""
        uncounted = self.is_plural or self.head in _grammar().without_article
        if self.is_name or (uncounted and number == 1):
            return self.text
        if number == 1:
            return f"{_article(self.text)} {self.text}"
        plural = self.head if uncounted else _plural(self.head)
        several = f"{self.before}{plural}{self.after}"
        return several if uncounted else f"{_number(number)} {several}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The content of grammar.toml."""

    plurals: Mapping[str, str]
    without_article: frozenset[str]
    singular: frozenset[str]
    consonant: frozenset[str]
    vowel: frozenset[str]
    common: frozenset[str]
    clothing: frozenset[str]
    numbers: tuple[str, ...]


@functools.lru_cache(maxsize=50_000)
def noun_of(label: str) -> Noun:
    """The noun phrase of a label that is not empty."""
    text = ARTICLE.sub("", ASIDE.sub("", label).strip()) or label.strip()
    named = TAIL.sub("", text) or text
    place = named.rfind(" ") + 1
    before, head, after = named[:place], named[place:], text[len(named) :]
    is_kind = head.lower() in _grammar().common and not before[:1].isupper()
    is_name = head[:1].isupper() and not is_kind
    if not is_name:
        before, head = _uncapitalised(before), head.lower()
    return Noun(
        text=f"{before}{head}{after}",
        before=before,
        head=head,
        after=after,
        is_name=is_name,
        is_plural=not is_name and _is_plural(head),
    )


def is_clothing(noun: Noun) -> bool:
    """Whether one is "in" such a thing rather than wearing it."""
    return noun.head in _grammar().clothing or bool(set(lemmas(noun.head)) & _grammar().clothing)


def counted_list(nouns: Sequence[Noun]) -> str:
    """`a man, two women and a dog`: the same things are counted, the order is that of the first."""
    numbers: dict[Noun, int] = {}
    for noun in nouns:
        numbers[noun] = numbers.get(noun, 0) + 1
    return listed([noun.counted(number) for noun, number in numbers.items()])


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def with_article(phrase: str) -> str:
    """The phrase as it stands in a sentence: `a woman and a goat`, `three men`, `Venus and Mars`."""
    first, between, rest = re.split(r"(, | and |$)", phrase, maxsplit=1)
    return f"{noun_of(first).counted()}{between}{rest}"


def without_article(phrase: str) -> str:
    """The phrase as a caption begins: `woman holding a flower`."""
    return ARTICLE.sub("", phrase)


def _uncapitalised(text: str) -> str:
    """`Old ` becomes `old `; words with a capital further on are names and stay."""
    return text[:1].lower() + text[1:]


def _is_plural(head: str) -> bool:
    grammar = _grammar()
    if head in grammar.singular or head in grammar.plurals:
        return False
    if head in grammar.plurals.values():
        return True
    return head.endswith("s") and not head.endswith("ss") and lemmas(head) != (head,)


def _article(text: str) -> str:
    first = re.split(r"[\s-]", text.lower(), maxsplit=1)[0]
    is_vowel = first[:1] in tuple("aeiou") and first not in _grammar().consonant
    return "an" if is_vowel or first in _grammar().vowel else "a"


def _plural(head: str) -> str:
    for word, plural in _grammar().plurals.items():
        if head == word or (head.endswith(f"-{word}")):
            return head.removesuffix(word) + plural
    for ending, becomes in BECOMES:
        if ending.search(head):
            return ending.sub(becomes, head)
    return f"{head}s"


def _number(number: int) -> str:
    words = _grammar().numbers
    return words[number] if number < len(words) else str(number)


@functools.lru_cache(maxsize=1)
def _grammar() -> Grammar:
    file = resources.files("iconograph.relations.groups").joinpath("grammar.toml")
    found: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Grammar(
        plurals=found["plurals"],
        without_article=frozenset(found["without_article"]["words"]),
        singular=frozenset(found["singular"]["words"]),
        consonant=frozenset(found["sounds"]["consonant"]),
        vowel=frozenset(found["sounds"]["vowel"]),
        common=frozenset(found["common"]["words"]),
        clothing=frozenset(found["clothing"]["words"]),
        numbers=tuple(found["numbers"]["words"]),
    )
