"""How well a label's words fit a phrase's words."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.iconography.lexicon import CHILD, MAN, WOMAN, Kinship
from iconograph.graph.search.lemmas import lemmas
from iconograph.graph.search.phrase import read_phrases

if TYPE_CHECKING:
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.search.phrase import Phrase

ANYTHING = frozenset({"thing", "object", "anything", "something"})
"""Heads that say nothing of what a region shows."""

SEXES_AND_AGES = frozenset({MAN, WOMAN, CHILD, "adult"})
"""What a person is whatever else it does; of one known by a role none is said, and each may be so."""

NOT_ONE_MORTAL = frozenset({"heavenly figure", "mythical being", "skeleton", "crowd", "couple"})
"""Persons, as the lexicon has them, that are no single man, woman or child."""

FIT_OF_KINSHIP = {
    Kinship.SAME: 0.98,
    Kinship.NARROWER: 0.95,
    Kinship.BROADER: 0.25,
    Kinship.APART: 0.0,
}
"""How probably a region shows a phrase's thing when its label names one of that kinship.

A label that is less exact than the phrase, "figure" for "queen", is too weak to answer alone.
"""

WORDS_OF_KINSHIP = {
    Kinship.SAME: "is",
    Kinship.NARROWER: "is a kind of",
    Kinship.BROADER: "may be",
    Kinship.APART: "is not",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a label says of a phrase.

    fit        probability that the thing is the phrase's thing, its qualities left aside
    confirmed  the wanted qualities and details that the label has, too
    denied     whether the label has a quality that rules a wanted one out
    known      whether the lexicon knows both things, so that words decide and not their likeness
    """

    fit: float
    confirmed: frozenset[str]
    denied: bool
    known: bool
    kinship: Kinship

    @property
    def apart(self) -> bool:
        """Whether the label names another thing, as far as the lexicon knows both."""
        return self.known and self.kinship is Kinship.APART


def wanted(phrase: Phrase) -> tuple[str, ...]:
    """Qualities and details of a phrase that have to be confirmed, in order."""
    return tuple(sorted(phrase.qualities | phrase.details))


@functools.lru_cache(maxsize=500_000)
def wording(phrase: Phrase, label: str, lexicon: Lexicon) -> Wording:
    """The best of a label's readings for a phrase."""
    readings = [_compare(phrase, reading, lexicon) for reading in read_phrases(label, lexicon)]
    if not readings:
        return Wording(
            fit=0.0, confirmed=frozenset(), denied=False, known=False, kinship=Kinship.APART
        )
    return max(readings, key=lambda w: (w.fit > 0 and not w.denied, w.fit, len(w.confirmed)))


def _compare(phrase: Phrase, label: Phrase, lexicon: Lexicon) -> Wording:
    kinship = _kinship(phrase, label)
    has = label.qualities | label.usual
    mentioned = {
        term for detail in label.details for term in lexicon.ancestors.get(detail, {detail})
    }
    return Wording(
        fit=FIT_OF_KINSHIP[kinship],
        confirmed=frozenset(wanted(phrase)) & (has | mentioned),
        denied=_denies(phrase.qualities, label, lexicon),
        known=phrase.known and label.known,
        kinship=kinship,
    )


def _kinship(phrase: Phrase, label: Phrase) -> Kinship:
    if phrase.head in ANYTHING or phrase.head == label.head:
        return Kinship.SAME
    if phrase.head in label.types:
        return Kinship.NARROWER
    is_less_exact = label.head in phrase.types or _may_be(phrase, label) or _may_be(label, phrase)
    return Kinship.BROADER if is_less_exact else Kinship.APART


def _may_be(plain: Phrase, role: Phrase) -> bool:
    """Whether a person known by a role, as a singer, may be a plain man, woman or child."""
    is_mortal = "person" in role.types and not NOT_ONE_MORTAL & role.types
    return plain.head in SEXES_AND_AGES and is_mortal and not SEXES_AND_AGES & role.types


def _denies(qualities: frozenset[str], label: Phrase, lexicon: Lexicon) -> bool:
    """Whether the label rules a quality out, by what it says or else by what goes without saying."""
    said = label.qualities
    usual = {q for q in label.usual if not any(lexicon.opposed(q, s) for s in said)}
    return any(lexicon.opposed(q, own) for q in qualities for own in said | usual)


def mentions(phrase: Phrase, label: str, lexicon: Lexicon) -> bool:
    """Whether a label mentions the phrase's thing beside its own: the hat of "man in hat"."""
    return any(
        phrase.head in lexicon.ancestors.get(detail, {detail})
        for reading in read_phrases(label, lexicon)
        for detail in reading.details
    )


def names_of(phrase: Phrase, lexicon: Lexicon) -> frozenset[str]:
    """Lemmas by which a text may speak of the phrase's thing."""
    names = (phrase.head, *lexicon.names.get(phrase.head, ()))
    words = {lemma for name in names for lemma in lemmas(name.removeprefix("de:"))}
    return frozenset(words)


def names_below(phrase: Phrase, lexicon: Lexicon) -> frozenset[str]:
    """Lemmas of all that is a kind of the phrase's thing."""
    terms = lexicon.narrower(phrase.head) if phrase.known else ()
    names = [name for term in terms for name in lexicon.names.get(term, (term,))]
    return frozenset(lemma for name in names for lemma in lemmas(name.removeprefix("de:")))
