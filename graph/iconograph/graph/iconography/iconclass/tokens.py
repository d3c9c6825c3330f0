"""Words of Iconclass texts and of what is looked for, brought to one form."""

from __future__ import annotations

from iconograph.graph.search.lemmas import lemmas

SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""German keywords write Schoepfung, German texts Schöpfung."""

IGNORED = {
    "en": frozenset(["a", "an", "the", "of"]),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "des",
            "dem",
            "den",
            "ein",
            "eine",
            "einer",
            "eines",
            "einem",
            "einen",
        ]
    ),
}

TITLES = {
    "en": frozenset(["saint", "st"]),
    "de": frozenset(["heilig", "heilige", "heiliger", "hl", "sankt", "st"]),
}
"""Iconclass lists saints by name and trade: `the monk and hermit Jerome`."""


def tokens(text: str, language: str) -> tuple[str, ...]:
    """Lemmas of a text without articles, umlauts spelt out."""
    ignored = IGNORED[language]
    kept = [lemma for lemma in lemmas(text, language) if lemma not in ignored]
    return tuple(" ".join(kept).translate(SPELT_OUT).split())


def phrase_tokens(phrase: str, language: str) -> frozenset[str]:
    """Tokens of what is looked for; a title such as Saint is left out before a name."""
    found = frozenset(tokens(phrase, language))
    return found - TITLES[language] or found
