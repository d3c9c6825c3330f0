"""What is true of every region of a drawn corpus, as facts that phrases can be checked against.

A fact is a short text: `is woman`, `colour red`, `wears red robe`, `holds lily`, `has wing`, `old`,
`kneeling`, `of angel` (a part's or garment's owner), `with dog` (what a group or scene takes in). A
phrase is true of a region when all its facts are among the region's. What is true of a thing is true
of what the thing is a kind of: who holds a lily holds a flower.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level, RegionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.training.corpora import TruePicture, TrueRegion

TOO_WIDE = frozenset({"being", "thing"})
"""Terms above everything: a phrase of them says nothing."""

COLOURS = ("red", "brown", "yellow", "green", "blue", "purple", "black", "white", "grey")
"""The quality that each colour word of a drawn label names."""

STANCES = {"striding": "walking"}
SMALLEST_AREA_PX2, SMALLEST_SIDE_PX = 100, 8
"""Regions below either are left out: too little can be seen."""

LEAST_WORN_SHARE = 0.03
"""A garment of which less of its wearer's area is seen may be said or not."""

LARGE_SHARE = 0.35
"""Where one thing takes so much of a scene, a phrase for the thing may be said of the scene or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A noun of the lexicon (or a label that it lacks) with the qualities said of it."""

    term: str
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactRegion:
    """A region with what is true of it.

    `picture` counts into the pictures it was read from, `picture_size_px` is width and height. `things` are its nouns, the label's first.
    `worn`, `held` and `parts` are those of a person, `members` those of a group or scene, `owner`
    the wearer of a garment. Facts in `perhaps` are neither true nor false of it.
    """

    picture: int
    picture_size_px: tuple[int, int]
    drawn: TrueRegion
    area_px2: int
    things: tuple[Thing, ...]
    worn: tuple[Thing, ...] = ()
    held: tuple[Thing, ...] = ()
    parts: tuple[Thing, ...] = ()
    members: tuple[Thing, ...] = ()
    owner: Thing | None = None
    facts: frozenset[str]
    perhaps: frozenset[str] = frozenset()


def thing_named(label: str, lexicon: Lexicon) -> Thing:
    """The noun and the qualities that a drawn label or words with an article name.

    What follows a comma, `in` or `of` is left off unless the lexicon knows the whole.
    """
    text = label.split(",", maxsplit=1)[0].strip()
    for article in ("a ", "an ", "the ", "two "):
        text = text.removeprefix(article)
    qualities: list[str] = []
    while True:
        term = lexicon.terms.meaning(text)
        if term is not None:
            return Thing(term=term, qualities=tuple(qualities))
        first, _, rest = text.partition(" ")
        quality = lexicon.quality(first) if rest else None
        if quality is None:
            break
        qualities.append(quality)
        text = rest
    for cut in (" in ", " of "):
        head = text.partition(cut)[0]
        if head != text and cut == " in ":
            return Thing(term=lexicon.terms.meaning(head) or head, qualities=tuple(qualities))
    return Thing(term=text, qualities=tuple(qualities))


def kinds_of(term: str, lexicon: Lexicon) -> frozenset[str]:
    """The term and what it is a kind of, but for what everything is."""
    return frozenset(lexicon.ancestors.get(term, frozenset({term}))) - TOO_WIDE


def related_facts(relation: str, thing: Thing, lexicon: Lexicon) -> frozenset[str]:
    """`wears robe`, `wears red robe`, `wears red garment` and so on."""
    said = ("", *(f"{quality} " for quality in thing.qualities))
    return frozenset(
        f"{relation} {quality}{term}" for term in kinds_of(thing.term, lexicon) for quality in said
    )


def claimed(relation: str, thing: Thing) -> frozenset[str]:
    """What words claim of a thing: `wears robe` and `wears red robe`, and nothing wider.

    Wider facts would claim too much: a saint of whom nothing is known is a man, yet some are women.
    """
    return frozenset(
        [f"{relation} {thing.term}", *(f"{relation} {q} {thing.term}" for q in thing.qualities)]
    )


def claimed_being(thing: Thing) -> frozenset[str]:
    """What a noun with its qualities claims: `is robe`, `colour red`, `old`."""
    said = (f"colour {q}" if q in COLOURS else q for q in thing.qualities)
    return frozenset([f"is {thing.term}", *said])


def thing_facts(things: Iterable[Thing], lexicon: Lexicon) -> frozenset[str]:
    """`is woman`, `is person`, `old`; a colour of a thing itself is `colour red`."""
    facts: set[str] = set()
    for thing in things:
        facts |= {f"is {term}" for term in kinds_of(thing.term, lexicon)}
        facts |= {f"colour {q}" if q in COLOURS else q for q in thing.qualities}
    return frozenset(facts)


def fact_regions(pictures: Iterable[TruePicture], lexicon: Lexicon) -> tuple[FactRegion, ...]:
    """The regions of pictures, picture after picture, but for those too small to be seen."""
    found: list[FactRegion] = []
    for number, picture in enumerate(pictures):
        found += _Scene(number, picture, lexicon).regions()
    return tuple(found)


class _Scene:
    """The regions of one picture, by id, and what can be read from them together."""

    def __init__(self, number: int, picture: TruePicture, lexicon: Lexicon) -> None:
        self.number = number
        self.size_px = (picture.width_px, picture.height_px)
        self.by_id = {region.id: region for region in picture.regions}
        self.area = {region.id: area_of(picture, region) for region in picture.regions}
        self.ends: dict[tuple[str, int], list[int]] = defaultdict(list)
        for subject, predicate, target in picture.relations:
            self.ends[predicate, subject].append(target)
            if predicate == EdgeKind.PART_OF:
                self.ends[_HAS, target].append(subject)
        self.lexicon = lexicon

    def regions(self) -> list[FactRegion]:
        return [
            self._whole(own) if own.level is not Level.ENTITY else self._entity(own)
            for own in self.by_id.values()
            if self.area[own.id] >= SMALLEST_AREA_PX2 and _shorter_side(own) >= SMALLEST_SIDE_PX
        ]

    def _entity(self, own: TrueRegion) -> FactRegion:
        things = self._things(own)
        worn, held = self._ends(own, EdgeKind.WEARS), self._ends(own, EdgeKind.HOLDS)
        parts = tuple(thing for thing, _ in self._ends(own, _HAS))
        dressed = tuple(thing for thing, share in worn if share >= LEAST_WORN_SHARE)
        hidden = [thing for thing, share in worn if share < LEAST_WORN_SHARE]
        owners: tuple[Thing, ...] = ()
        if own.kind in {RegionKind.ATTRIBUTE, RegionKind.PART} and own.parent_id in self.by_id:
            owners = self._things(self.by_id[own.parent_id])
        carried = tuple(thing for thing, _ in held)
        facts = thing_facts(things, self.lexicon) | self._related("wears", dressed)
        facts |= self._related("holds", carried) | self._related("has", parts)
        return FactRegion(
            picture=self.number, picture_size_px=self.size_px, drawn=own, area_px2=self.area[own.id], things=things,
            worn=dressed, held=carried, parts=parts, owner=owners[0] if owners else None,
            facts=facts | self._related("of", owners), perhaps=self._related("wears", hidden),
        )  # fmt: skip

    def _whole(self, own: TrueRegion) -> FactRegion:
        """A group or scene; what fills most of it may be taken for it."""
        inside = [region for region in self.by_id.values() if _is_inside(region, own)]
        members = tuple(dict.fromkeys(thing for region in inside for thing in self._things(region)))
        perhaps: frozenset[str] = frozenset()
        for region in inside:
            if self.area[region.id] >= LARGE_SHARE * self.area[own.id]:
                perhaps |= self._entity(region).facts
        things = self._things(own)
        facts = thing_facts(things, self.lexicon) | self._related("with", members)
        return FactRegion(
            picture=self.number, picture_size_px=self.size_px, drawn=own, area_px2=self.area[own.id], things=things,
            members=members, facts=facts, perhaps=perhaps,
        )  # fmt: skip

    def _things(self, own: TrueRegion) -> tuple[Thing, ...]:
        if own.level is Level.SCENE:
            subject = own.attributes.get("subject", own.label)
            return (Thing(term=own.label), Thing(term=subject), Thing(term="scene"))
        if own.level is Level.GROUP:
            return (Thing(term=own.label), Thing(term="group"))
        label = "open book" if own.label == "book" else own.label
        things = [thing_named(label, self.lexicon)]
        if "is" in own.attributes:
            things.append(thing_named(own.attributes["is"], self.lexicon))
            things.append(self._body(things, own))
        return tuple(dict.fromkeys(things))

    def _body(self, things: list[Thing], own: TrueRegion) -> Thing:
        """A person's stance, and man or woman where nothing said is at odds with it."""
        stance = own.attributes["stance"]
        kinds = {kind for thing in things for kind in kinds_of(thing.term, self.lexicon)}
        sex = own.attributes["sex"] if not kinds & {"angel", "child"} else ""
        term = sex if sex in {"man", "woman"} else "person"
        return Thing(term=term, qualities=(STANCES.get(stance, stance),))

    def _ends(self, own: TrueRegion, relation: str) -> list[tuple[Thing, float]]:
        """What a region wears, holds or has as a part, with its area over the region's."""
        ends = self.ends[relation, own.id]
        return [(self._things(self.by_id[e])[0], self.area[e] / self.area[own.id]) for e in ends]

    def _related(self, relation: str, things: Iterable[Thing]) -> frozenset[str]:
        facts: frozenset[str] = frozenset()
        for thing in things:
            facts |= related_facts(relation, thing, self.lexicon)
        return facts


_HAS = "has"
_STANDING = frozenset({RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT})


def _is_inside(region: TrueRegion, whole: TrueRegion) -> bool:
    """Whether a thing that stands for itself lies in a group or scene."""
    if region.level is not Level.ENTITY or region.kind not in _STANDING:
        return False
    return whole.level is Level.SCENE or region.parent_id == whole.id


def _shorter_side(region: TrueRegion) -> float:
    x0, y0, x1, y1 = region.box_px
    return float(min(x1 - x0, y1 - y0))


def area_of(picture: TruePicture, region: TrueRegion) -> int:
    """The number of a region's pixels."""
    from pycocotools import mask as rle

    drawn = region.drawn
    if isinstance(drawn, list):
        drawn = rle.merge(rle.frPyObjects(drawn, picture.height_px, picture.width_px))
    return int(rle.area(drawn))
