"""How well a phrase fits a notation's words, as a probability.

The steps were set by eye on a dozen look-ups in both languages: high where the phrase is a whole
keyword or a whole part of the text, low where its words only occur.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iconograph.graph.iconography.iconclass.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Collection

PART_AND_KEYWORD = 0.95
PART = 0.85
SAID_KEYWORD = 0.7
KEYWORD = 0.6
OWN_WORDS = 0.55
WITH_WORDS_ABOVE = 0.35
SOME_WORDS = 0.25
CONCISENESS = 0.04
"""Added in proportion to the phrase's share of the text."""

ASIDES = re.compile(
    r"\([^)]*\)"  # who else, where, when
    r"|\s~.*"  # where the notation belongs
    r"|[;,] (possible attributes|mögliche Attribute)\b.*"  # a saint with a lily is no lily
)
PARTS = re.compile(r"[:;]|\s-\s")
"""Between a kind and its sort (`flowers: lily`), a scene and its variant, a thing and its aspect."""


def fit(
    phrase: frozenset[str], text: str, keywords: Collection[str], language: str, *, all_found: bool
) -> float:
    """The probability, 0..1, that a notation with this text and these keywords is what is meant.

    `phrase` holds tokens. `all_found` says that every one of them is in the text, its keywords, or
    the keywords of the notations above.
    """
    keyword_sets = [frozenset(tokens(ASIDES.sub("", word), language)) for word in keywords]
    is_keyword = phrase in keyword_sets
    said = ASIDES.sub("", text)
    if any(phrase == frozenset(tokens(part, language)) for part in PARTS.split(said)):
        return PART_AND_KEYWORD if is_keyword else PART
    said_words = frozenset(tokens(said, language))
    own = phrase & frozenset(tokens(text, language)).union(*keyword_sets)
    if is_keyword:
        step = SAID_KEYWORD if phrase <= said_words else KEYWORD
    elif own == phrase:
        step = OWN_WORDS
    elif all_found:
        step = WITH_WORDS_ABOVE
    else:
        step = SOME_WORDS * len(own) / len(phrase)
    return step + CONCISENESS * len(phrase & said_words) / max(1, len(said_words))
