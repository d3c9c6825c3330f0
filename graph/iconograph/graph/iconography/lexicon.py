"""What words mean in iconography: things, figures, qualities and relations.

The lexicon is read from the TOML files in `data/`, which say how they are written. A file of one's
own may add to any of them: its tables are those of the built-in files, under `[things]`,
`[figures]`, `[qualities]`, `[relations]` and `[grammar]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iconograph.graph.iconography.names import NameIndex
from iconograph.graph.iconography.reading import DEFAULT_PRIOR, read_lexicon_data
from iconograph.graph.search.lemmas import lemmas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iconograph.graph.iconography.reading import (
        Figure,
        LexiconData,
        Quality,
        Relation,
        Word,
    )

THING_PRIOR = 0.5
"""A head of Holofernes is likelier than not when a head is all that is said."""

CHILD, ADULT, WOMAN, MAN = "child", "adult", "woman", "man"


class Kinship(StrEnum):
    """How the thing that a label names stands to the thing that a phrase names.

    SAME: one thing, perhaps by another name; NARROWER: the label's is a kind of the phrase's;
    BROADER: the label is less exact than the phrase; APART: they are two things.
    """

    SAME = "same"
    NARROWER = "narrower"
    BROADER = "broader"
    APART = "apart"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """Terms with their names, what each is, and how qualities and relations are said.

    terms         finds the term that words name; figures are terms too
    ancestors     all that a term is, itself included; a child is no adult, a woman no man
    children      the terms just below a term, in order
    quality_of    the quality that a word names
    relations     a relation by its way of being said
    grammar       words of the grammar by what they do
    collectives   words before "of" that do not name the thing: a flock of sheep is sheep
    """

    terms: NameIndex[str]
    ancestors: Mapping[str, frozenset[str]]
    children: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    qualities: Mapping[str, Quality]
    quality_of: Mapping[str, str]
    relations: NameIndex[Relation]
    grammar: NameIndex[Word]
    collectives: frozenset[str]

    def is_a(self, term: str, broader: str) -> bool:
        """Whether a term is, or is a kind of, another."""
        return broader in self.ancestors.get(term, (term,))

    def kinship(self, phrase: str, label: str) -> Kinship:
        """How the thing `label` stands to the thing `phrase`; both are terms."""
        if phrase == label:
            return Kinship.SAME
        if self.is_a(label, phrase):
            return Kinship.NARROWER
        return Kinship.BROADER if self.is_a(phrase, label) else Kinship.APART

    def narrower(self, term: str) -> tuple[str, ...]:
        """The term and all terms below it, near ones first."""
        found = {term: None}
        for broader in (queue := [term]):
            new = [child for child in self.children.get(broader, ()) if child not in found]
            found.update(dict.fromkeys(new))
            queue.extend(new)
        return tuple(found)

    def quality(self, word: str) -> str | None:
        """The quality that a word names, in any of its forms."""
        return self.quality_of.get(word.lower()) or self.quality_of.get("".join(lemmas(word)))

    def prior(self, quality: str) -> float:
        """How probable a quality, or a thing mentioned with another, is where nothing is said of it."""
        known = self.qualities.get(quality)
        if known:
            return known.prior
        return THING_PRIOR if quality in self.ancestors else DEFAULT_PRIOR

    def opposed(self, first: str, second: str) -> bool:
        """Whether two qualities rule each other out."""
        return second in self._opposites(first) or first in self._opposites(second)

    def _opposites(self, quality: str) -> frozenset[str]:
        known = self.qualities.get(quality)
        return known.opposite if known else frozenset()


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The built-in lexicon, with a file of one's own added where one is given.

    Raises `InputError` that names the file and what is wrong in it.
    """
    return _lexicon(read_lexicon_data(extra))


def _lexicon(data: LexiconData) -> Lexicon:
    children: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for term, parents in sorted(data.parents.items()):
        for parent in sorted(parents):
            children.setdefault(parent, []).append(term)
    for name, term in data.term_names:
        names.setdefault(term, []).append(name)
    return Lexicon(
        terms=NameIndex.of(data.term_names),
        ancestors={term: _ancestors(term, data) for term in data.parents},
        children={parent: tuple(terms) for parent, terms in children.items()},
        names={term: tuple(dict.fromkeys(own)) for term, own in names.items()},
        figures=data.figures,
        qualities=data.qualities,
        quality_of={n: q.name for q in reversed(list(data.qualities.values())) for n in q.names},
        relations=NameIndex.of(data.relations, inflected=False),
        grammar=NameIndex.of(((word.text, word) for word in data.grammar), inflected=False),
        collectives=data.collectives,
    )


def _ancestors(term: str, data: LexiconData) -> frozenset[str]:
    found = _closure(term, data.parents)
    if WOMAN in found:
        found -= {MAN}
    if CHILD not in found:
        return found
    grown = {t for t in found if t not in data.figures and ADULT in _closure(t, data.parents)}
    return found - grown


def _closure(term: str, parents: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found, waiting = {term}, [term]
    while waiting:
        new = parents.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)
