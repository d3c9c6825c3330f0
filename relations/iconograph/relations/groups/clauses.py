"""What one figure is and does, as a clause: "a woman in a red robe holding a lily"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import Edge, EdgeKind
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.relations.groups.nouns import Noun, counted_list, is_clothing, listed, noun_of

if TYPE_CHECKING:
    from iconograph.graph.model.ids import RegionId

FIGURES = frozenset({RegionKind.PERSON, RegionKind.ANIMAL})
ACTS = {
    EdgeKind.POINTS_AT: "pointing at",
    EdgeKind.TOUCHES: "touching",
    EdgeKind.GAZES_AT: "looking at",
}
"""What a figure does to another or to a thing, the most telling first."""


DOES = re.compile(r"\s+(?!in\b|with\b|of\b)")
"""What needs a comma before more is told: "man lying in the grass, holding a flute"."""


class Naming(StrEnum):
    """How much of a label is told: all, "old man", or "man"."""

    FULL = "full"
    SHORT = "short"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How many things are told that a figure wears and holds, whether it acts, and what is around."""

    worn: int
    held: int
    acts: bool
    scenery: int
    naming: Naming


DETAILS = (
    Detail(worn=2, held=2, acts=True, scenery=3, naming=Naming.FULL),
    Detail(worn=2, held=2, acts=True, scenery=0, naming=Naming.FULL),
    Detail(worn=1, held=1, acts=True, scenery=3, naming=Naming.SHORT),
    Detail(worn=0, held=1, acts=False, scenery=3, naming=Naming.SHORT),
    Detail(worn=0, held=0, acts=False, scenery=0, naming=Naming.PLAIN),
)
"""From the most to the least; all captions fit one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause, and whether it names the figure alone."""

    text: str
    is_bare: bool


@dataclass(slots=True, kw_only=True)
class Told:
    """What there is to tell, and what has been told.

    `said` are regions that were named, `apart` those that will be named on their own, whatever
    another does to them.
    """

    regions: Mapping[RegionId, Region]
    nouns: Mapping[RegionId, Noun]
    objects: Mapping[tuple[EdgeKind, RegionId], Sequence[RegionId]]
    detail: Detail
    said: set[RegionId] = field(default_factory=set)
    apart: frozenset[RegionId] = frozenset()

    @classmethod
    def of(cls, regions: Iterable[Region], edges: Iterable[Edge], detail: Detail) -> Told:
        """What labels and edges say; edges in both directions where their kind is symmetric."""
        by_id = {region.id: region for region in regions}
        nouns = {i: noun for i, region in by_id.items() if (noun := name_of(region))}
        objects: dict[tuple[EdgeKind, RegionId], list[RegionId]] = {}
        for edge in sorted(edges, key=lambda edge: (-edge.confidence, edge.id)):
            ends = (edge.subject_id, edge.object_id)
            for subject, object_ in (ends, ends[::-1]) if edge.kind.symmetric else (ends,):
                if subject in nouns and object_ in nouns:
                    known = objects.setdefault((edge.kind, subject), [])
                    known += [object_] if object_ not in known else []
        named = {i: _named(noun, detail.naming) for i, noun in nouns.items()}
        return cls(regions=by_id, nouns=named, objects=objects, detail=detail)

    def of_kind(self, kind: EdgeKind, subject: RegionId) -> Sequence[RegionId]:
        """The objects of a subject's edges of a kind, the surest first."""
        return self.objects.get((kind, subject), ())

    def things(self, kind: EdgeKind, subject: RegionId, most: int) -> list[RegionId]:
        """Those of them to be told: neither told already nor in the subject's own name."""
        noun = self.nouns[subject]
        fresh = [
            thing
            for thing in self.of_kind(kind, subject)
            if thing not in self.said | self.apart and not self.nouns[thing].is_told_by(noun)
        ]
        return fresh[:most]

    def listed(self, things: Sequence[RegionId]) -> str:
        """The things with articles and numbers; they have been told then."""
        self.said.update(things)
        return counted_list([self.nouns[thing] for thing in things])


def is_figure(region: Region) -> bool:
    """Whether a region is a person or an animal."""
    return region.level is Level.ENTITY and region.kind in FIGURES


def name_of(region: Region) -> Noun | None:
    """The surest English label as a noun, else the surest of any language, else the kind of figure."""
    english = [label for label in region.labels if label.language.startswith("en")]
    best = max(english, key=lambda label: label.confidence, default=None)
    text = best.text if best else region.label
    if not text.strip():
        return noun_of(region.kind.value) if is_figure(region) else None
    return noun_of(text)


def clause_of(figure: RegionId, told: Told) -> Clause:
    """What a figure is, wears, holds and does; it and all that is named have been told then."""
    told.said.add(figure)
    noun, detail = told.nouns[figure], told.detail
    worn = told.things(EdgeKind.WEARS, figure, detail.worn)
    # After "man in a hat" a second "in" would be read as where the hat is.
    clothes = [thing for thing in worn if is_clothing(told.nouns[thing]) and not noun.after]
    others = [thing for thing in worn if thing not in clothes]
    doing = [f"wearing {told.listed(others)}"] if others else []
    held = told.things(EdgeKind.HOLDS, figure, detail.held)
    doing += [f"holding {told.listed(held)}"] if held else []
    doing += [] if doing and noun.after else _act(figure, told)
    said = [noun.counted()]
    said += [f"in {told.listed(clothes)}"] if clothes else []
    text = " ".join(said)
    if doing:
        text += (", " if DOES.match(noun.after) else " ") + _enumerated(doing)
    return Clause(text=text, is_bare=text == noun.counted())


def _enumerated(doing: Sequence[str]) -> str:
    """With "and" between, or commas where one of them has an "and" of its own."""
    return ", ".join(doing) if any(" and " in part for part in doing) else listed(doing)


def _act(figure: RegionId, told: Told) -> list[str]:
    """The first thing that the figure does to something not named yet, as a list of at most one."""
    for kind, words in ACTS.items() if told.detail.acts else ():
        targets = told.things(kind, figure, 1)
        if targets:
            return [f"{words} {told.listed(targets)}"]
    return []


def _named(noun: Noun, naming: Naming) -> Noun:
    match naming:
        case Naming.FULL:
            return noun
        case Naming.SHORT:
            return noun.short
        case Naming.PLAIN:
            return noun.plain
