"""What the words of a label say of a thing: whether one wears it, holds it, or is divided by it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.search.lemmas import lemmas, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class WordGroup(StrEnum):
    """What a thing is for: worn, carried, fixed, enclosing or standing as a divide, containing, of a body.

    Some of what is worn has a place: on the head, on the trunk or on the feet.
    """

    WORN = "worn"
    HEADWEAR = "headwear"
    BODYWEAR = "bodywear"
    FOOTWEAR = "footwear"
    PORTABLE = "portable"
    FIXED = "fixed"
    ENCLOSING = "enclosing"
    STANDING = "standing"
    CONTAINING = "containing"
    BODY = "body"


COLLECTIVE = re.compile(r"^.*\b(?:bunch|bouquet|pair|sheaf|sprig|branch|piece) of\b")
"""What comes before the thing itself: a "bunch of grapes" is grapes."""

REST = re.compile(
    r"[(,;:].*|\b(?:at|behind|beside|for|from|holding|in|like|near|of|on|over|to|under|wearing|with)\b.*"
)
"""What tells of something else: a "man with a sword" is no sword."""

ALTERNATIVE = re.compile(r"\b(?:and|or)\b|[/&]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Nouns by group, in lower case and the singular where they have one."""

    groups: Mapping[WordGroup, frozenset[str]]

    def groups_of(self, labels: Iterable[str]) -> frozenset[WordGroup]:
        """The groups of the things that the labels name."""
        named: frozenset[str] = frozenset().union(*(nouns(label) for label in labels))
        return frozenset(group for group, known in self.groups.items() if known & named)


def nouns(label: str) -> frozenset[str]:
    """The nouns that name the thing, as written and as lemmas: `two lilies in a vase` gives lily.

    Both, since a lemma can lead astray: the lemma of tights is tight.
    """
    named = REST.sub("", COLLECTIVE.sub("", label.lower()).lstrip())
    parts = [words(part) for part in ALTERNATIVE.split(named)]
    last = [part[-1] for part in parts if part]
    return frozenset(last) | {lemma for word in last for lemma in lemmas(word)}


def read_words() -> Words:
    """The words that come with this package; raises `InvalidValueError` on other groups."""
    file = resources.files("iconograph.relations").joinpath("data/words.toml")
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    if set(found) != set(WordGroup):
        message = f"words.toml needs the groups {sorted(WordGroup)}, got {sorted(found)}"
        raise InvalidValueError(message)
    return Words(groups={group: frozenset(found[group]["words"]) for group in WordGroup})
