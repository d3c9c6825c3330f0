"""Words brought to the form that is stored, indexed and compared."""

from __future__ import annotations

import functools
import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?", re.UNICODE)
POSSESSIVE = re.compile(r"['\u2019]s?$")


def words(text: str) -> tuple[str, ...]:
    """The words of a text in order: lower case, composed (NFC), possessive endings taken off."""
    normal = unicodedata.normalize("NFC", text).lower()
    return tuple(POSSESSIVE.sub("", word) for word in WORD.findall(normal))


def lemmas(text: str, language: str = "en") -> tuple[str, ...]:
    """The dictionary forms of the words of a text in order: `two flowers` gives two, flower.

    `language` is `en` or `de`; others are taken as they stand. Both stores index these tokens, so
    that they find the same regions.
    """
    return tuple(_lemma(word, language) for word in words(text))


@functools.lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    if language not in ("en", "de"):
        return word
    from simplemma import lemmatize

    return str(lemmatize(word, lang=language)).lower()
