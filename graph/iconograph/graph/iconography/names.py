"""Finds the longest known name in a row of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from iconograph.graph.search.lemmas import POSSESSIVE, WORD, lemmas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

T = TypeVar("T")

GERMAN = "de:"
"""Marks a German name in the data files."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NameIndex(Generic[T]):
    """What each name means, by its words; `longest` is the number of words of the longest name."""

    meanings: Mapping[tuple[str, ...], T]
    longest: int

    @classmethod
    def of(cls, names: Iterable[tuple[str, T]], *, inflected: bool = True) -> NameIndex[T]:
        """An index of names with their meanings, in which the first of two equal names counts.

        A name is found as it is written, then without regard to case, then by its dictionary form,
        so that "God" is not every god and "glasses" are not a glass. Without `inflected` there are
        no dictionary forms.
        """
        meanings: dict[tuple[str, ...], T] = {}
        pairs = [(_split(name), meaning) for name, meaning in names]
        for (text, _), meaning in pairs:
            meanings.setdefault(written_words(text), meaning)
        for (text, _), meaning in pairs:
            meanings.setdefault(lowered(written_words(text)), meaning)
        for (text, language), meaning in pairs if inflected else ():
            meanings.setdefault(lemmas(text, language), meaning)
        return cls(meanings=meanings, longest=max(map(len, meanings), default=0))

    def meaning(self, name: str) -> T | None:
        """What the whole of `name` means, or None."""
        return self._look_up(written_words(name))

    def starting(self, words: Sequence[str], start: int) -> tuple[T, int] | None:
        """The meaning of the longest name that starts at a place, and where it ends."""
        for end in range(min(len(words), start + self.longest), start, -1):
            meaning = self._look_up(tuple(words[start:end]))
            if meaning is not None:
                return meaning, end
        return None

    def starting_exactly(self, words: Sequence[str], start: int) -> tuple[T, int] | None:
        """As `starting`, but only for a name as it is written."""
        for end in range(min(len(words), start + self.longest), start, -1):
            key = tuple(words[start:end])
            if key in self.meanings:
                return self.meanings[key], end
        return None

    def ending(self, words: Sequence[str], end: int) -> tuple[T, int] | None:
        """The meaning of the longest name that ends before a place, and where it starts."""
        for start in range(max(0, end - self.longest), end):
            meaning = self._look_up(tuple(words[start:end]))
            if meaning is not None:
                return meaning, start
        return None

    def _look_up(self, words: tuple[str, ...]) -> T | None:
        text = " ".join(words)
        for form in (words, lowered(words), lemmas(text), lemmas(text, "de")):
            if form in self.meanings:
                return self.meanings[form]
        return None


def written_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are written, possessive endings taken off."""
    return tuple(POSSESSIVE.sub("", word) for word in WORD.findall(text))


def lowered(words: Iterable[str]) -> tuple[str, ...]:
    """The words in lower case."""
    return tuple(word.lower() for word in words)


def _split(name: str) -> tuple[str, str]:
    """A name and its language."""
    return (name.removeprefix(GERMAN), "de") if name.startswith(GERMAN) else (name, "en")
