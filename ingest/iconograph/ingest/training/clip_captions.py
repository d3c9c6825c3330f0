"""Phrases of many forms for a drawn region, each with the facts that make it true.

The same content is said in many ways: other names of the lexicon, qualities as adjectives, garments
with or without their colour, articles dropped. What a phrase claims is known exactly, so that for
every phrase and region of a batch it is known whether they belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from iconograph.graph.iconography.names import GERMAN
from iconograph.graph.model.region import Level
from iconograph.ingest.training.clip_facts import (
    COLOURS,
    FactRegion,
    Thing,
    claimed,
    claimed_being,
    kinds_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from iconograph.graph.iconography.lexicon import Lexicon

Item = TypeVar("Item")

UNCOUNTED = frozenset({"armour", "armor", "clothing", "attire", "water", "sky", "ground"})
PREFIXES = ("a picture of", "a painting of", "picture of", "image of", "detail of")
TITLE_PREFIXES = ("the scene of", "a painting of", "picture of", "scene:")
ADJECTIVES = {
    ("has", "wing"): ("winged",),
    ("has", "halo"): ("haloed",),
    ("wears", "crown"): ("crowned",),
    ("wears", "veil"): ("veiled",),
    ("wears", "armour"): ("armoured", "armored"),
}
"""Adjectives for what a person wears or has."""

WORN_WORDS = ("in", "wearing", "wearing", "dressed in", "with", "who wears")
HELD_WORDS = ("holding", "holding", "with", "carrying", "who holds", "holds")
HELD_ENDINGS = ("", "", "", "", " in hand", " in the hand")
PAIRINGS = ("and", "and", "with", "beside", "next to")
GERMAN_SHARE = 0.04
LISTED_SHARE = 0.2
"""How often a figure with several things is said by these alone: `red robe, blue mantle`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a phrase says: a thing, what it wears, holds and has, whose it is, what it shows.

    Without a `thing` the phrase names only what the figure wears and holds, or what the group or
    scene shows.
    """

    thing: Thing | None = None
    worn: tuple[Thing, ...] = ()
    held: tuple[Thing, ...] = ()
    parts: tuple[Thing, ...] = ()
    owner: Thing | None = None
    members: tuple[Thing, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        """What must be true of a region for the phrase to be true of it."""
        facts = claimed_being(self.thing) if self.thing else frozenset()
        for relation, things in (
            ("wears", self.worn),
            ("holds", self.held),
            ("has", self.parts),
            ("with", self.members),
            ("of", (self.owner,) if self.owner else ()),
        ):
            facts = facts.union(*(claimed(relation, thing) for thing in things))
        return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase with the facts that make it true."""

    text: str
    facts: frozenset[str]

    def truth(self, region: FactRegion) -> float:
        """1 where the phrase is true of a region, 0 where it is false, 0.5 where it may be either."""
        if self.facts <= region.facts:
            return 1.0
        return 0.5 if self.facts <= region.facts | region.perhaps else 0.0


class Phrasing:
    """Makes phrases with the lexicon's words; all chance comes from the generator it is given."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def phrase(self, region: FactRegion, rng: np.random.Generator) -> Phrase:
        """Something true of a region, said somehow; now and then its label as it was drawn."""
        if rng.random() < 0.15:  # noqa: PLR2004  now and then
            return label_phrase(region)
        return self.said(self.content(region, rng), rng)

    def said(self, content: Content, rng: np.random.Generator) -> Phrase:
        """The content in one of its wordings."""
        text = self._wording(content, rng)
        return Phrase(text=text, facts=content.facts)

    def content(self, region: FactRegion, rng: np.random.Generator) -> Content:
        """Something true of a region."""
        if region.drawn.level is not Level.ENTITY:
            return self._whole_content(region, rng)
        thing = self._noun(region, rng)
        if region.owner is not None:
            owned = rng.random() < 0.15  # noqa: PLR2004  mostly the garment alone
            return Content(thing=thing, owner=self._wider(region.owner, rng) if owned else None)
        count = int(rng.choice(4, p=(0.35, 0.35, 0.22, 0.08)))
        clauses = [("worn", t) for t in region.worn] + [("held", t) for t in region.held]
        clauses += [("parts", t) for t in region.parts]
        chosen = [clauses[i] for i in rng.permutation(len(clauses))[:count]]
        # One garment alone would name the garment; two or more name who wears them.
        listed = len(chosen) > 1 and rng.random() < LISTED_SHARE
        return Content(
            thing=None if listed else thing,
            worn=tuple(self._worn(t, rng) for name, t in chosen if name == "worn"),
            held=tuple(self._wider(t, rng, 0.15) for name, t in chosen if name == "held"),
            parts=tuple(t for name, t in chosen if name == "parts"),
        )

    def _whole_content(self, region: FactRegion, rng: np.random.Generator) -> Content:
        """A title, or two or three of what a group or scene shows."""
        named = region.things[: -1 if len(region.things) > 1 else None]
        if rng.random() < 0.5 or not region.members:  # noqa: PLR2004  half
            return Content(thing=_one(named, rng))
        count = min(len(region.members), int(rng.choice((1, 2, 3), p=(0.15, 0.6, 0.25))))
        chosen = rng.permutation(len(region.members))[:count]
        return Content(members=tuple(replace(region.members[i], qualities=()) for i in chosen))

    def _noun(self, region: FactRegion, rng: np.random.Generator) -> Thing:
        """One of the region's nouns, or what it is a kind of, with some qualities."""
        first = rng.random() < 0.5  # noqa: PLR2004  the label as often as all else
        thing = region.things[0] if first else _one(region.things, rng)
        said = tuple(dict.fromkeys(q for t in region.things for q in t.qualities))
        # Colours matter most; what else may be said is said now and then.
        share = 0.8 if len(said) == 1 and said[0] in COLOURS else 0.25
        kept = tuple(quality for quality in said if rng.random() < share)
        return self._wider(Thing(term=thing.term, qualities=kept), rng, 0.2)

    def _worn(self, thing: Thing, rng: np.random.Generator) -> Thing:
        coloured = thing if rng.random() < 0.8 else replace(thing, qualities=())  # noqa: PLR2004  mostly
        return self._wider(coloured, rng, 0.12)

    def _wider(self, thing: Thing, rng: np.random.Generator, share: float = 0.3) -> Thing:
        """Now and then what the thing is a kind of."""
        if rng.random() >= share:
            return thing
        wider = sorted(kinds_of(thing.term, self.lexicon) - {"object", "adult"})
        return replace(thing, term=_one(wider, rng)) if wider else thing

    def _wording(self, content: Content, rng: np.random.Generator) -> str:
        if content.members:
            return self._members_wording(content.members, rng)
        if content.thing is None:
            things = [*content.worn, *content.parts, *content.held]
            named = [self._named(thing, rng, bare=rng.random() < 0.7) for thing in things]  # noqa: PLR2004  mostly
            return _one((", ", " and "), rng).join(named)
        adjectives, parts, worn = self._as_adjectives(content, rng)
        bare = rng.random() < 0.3  # noqa: PLR2004  as people type
        noun = self._named(content.thing, rng, adjectives=adjectives, bare=bare)
        clauses = [(rng.random(), f"with {self._named(t, rng, bare=bare)}") for t in parts]
        if worn:
            listed = self._listed(worn, rng, bare=bare)
            clauses.append((rng.random(), f"{_one(WORN_WORDS, rng)} {listed}"))
        if content.held:
            listed = self._listed(content.held, rng, bare=bare)
            ending = _one(HELD_ENDINGS, rng)
            clauses.append((rng.random(), f"{_one(HELD_WORDS, rng)} {listed}{ending}"))
        joint = _one((" ", ", ", " and "), rng)
        said = [clause for _, clause in sorted(clauses)]
        text = " ".join([noun, *said[:1]]) + "".join(joint + clause for clause in said[1:])
        if content.owner is not None:
            text += f" of {self._named(content.owner, rng, bare=bare)}"
        return f"{_one(PREFIXES, rng)} {text}" if rng.random() < 0.05 else text  # noqa: PLR2004  seldom

    def _as_adjectives(
        self, content: Content, rng: np.random.Generator
    ) -> tuple[list[str], list[Thing], list[Thing]]:
        """Adjectives, and the parts and garments that are left to be said as clauses."""
        adjectives: list[str] = []
        left: dict[str, list[Thing]] = {"has": [], "wears": []}
        for relation, things in (("has", content.parts), ("wears", content.worn)):
            for thing in things:
                words = ADJECTIVES.get((relation, thing.term))
                if words and not thing.qualities and rng.random() < 0.5:  # noqa: PLR2004  either way
                    adjectives.append(_one(words, rng))
                else:
                    left[relation].append(thing)
        return adjectives, left["has"], left["wears"]

    def _members_wording(self, members: Sequence[Thing], rng: np.random.Generator) -> str:
        bare = rng.random() < 0.3  # noqa: PLR2004  as people type
        named = [self._named(member, rng, bare=bare) for member in members]
        if len(named) == 1:
            return f"{_one(('a picture with', 'scene with', 'a group with'), rng)} {named[0]}"
        return f"{', '.join(named[:-1])} {_one(PAIRINGS, rng)} {named[-1]}"

    def _listed(self, things: Sequence[Thing], rng: np.random.Generator, *, bare: bool) -> str:
        named = [self._named(thing, rng, bare=bare) for thing in things]
        return " and ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)

    def _named(
        self, thing: Thing, rng: np.random.Generator, *, adjectives: Sequence[str] = (), bare: bool
    ) -> str:
        """A thing by one of its names, with its qualities before it and an article if it takes one."""
        name = self._name(thing.term, rng)
        words = [*adjectives, *(self._quality_word(q, rng) for q in thing.qualities), name]
        text = " ".join(words)
        plural = name.endswith("s") and not name.endswith("ss")
        if bare or plural or name in UNCOUNTED or name[:1].isupper():
            return text
        return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"

    def _name(self, term: str, rng: np.random.Generator) -> str:
        names = self.lexicon.names.get(term, ())
        if not names or rng.random() < 0.55:  # noqa: PLR2004  the term itself most often
            return term
        english = [name for name in names if not name.startswith(GERMAN)]
        german = [name.removeprefix(GERMAN) for name in names if name.startswith(GERMAN)]
        if german and rng.random() < GERMAN_SHARE:
            return _one(german, rng)
        return _one(english, rng) if english else term

    def _quality_word(self, quality: str, rng: np.random.Generator) -> str:
        known = self.lexicon.qualities.get(quality)
        if known is None or rng.random() < 0.8:  # noqa: PLR2004  the plain word mostly
            return quality
        english = [name for name in sorted(known.names) if not name.startswith(GERMAN)]
        return _one(english, rng) if english else quality


def label_phrase(region: FactRegion) -> Phrase:
    """A region's label, and what it claims."""
    return Phrase(text=region.drawn.label, facts=claimed_being(region.things[0]))


def _one(items: Sequence[Item], rng: np.random.Generator) -> Item:
    return items[int(rng.integers(len(items)))]
