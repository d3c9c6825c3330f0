"""What the small detector tells apart: classes of drawn things, colours of cloth, families of boxes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.scenes.words import GARMENT_WORDS

if TYPE_CHECKING:
    from iconograph.ingest.training.corpora import TruePicture, TrueRegion

STRIDE_PX = 8
"""Input pixels a cell of the detector's answer, along each side."""

COLOURS = ("black", "blue", "brown", "green", "grey", "purple", "red", "white", "yellow")
UNCOLOURED = -1

LARGE_FRACTION = 0.5
"""An object whose median long side is larger than this share of the picture has boxes of its own."""

SMALL_THINGS = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnClass:
    """One class: `name` is its label, or the garment where `coloured` (then `red robe` and so on).

    Boxes of one `family` are predicted by the same weights, so two of them cannot share a middle.
    `rival` names the classes of which only one can be in one place.
    """

    name: str
    kind: str
    coloured: bool
    family: str
    rival: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All classes, and the labels that are made of them."""

    classes: tuple[DrawnClass, ...]

    @classmethod
    def of(cls, pictures: Iterable[TruePicture]) -> Self:
        """The classes of all entities in a corpus, by name and kind."""
        seen: Counter[tuple[str, RegionKind, bool]] = Counter()
        sides: dict[tuple[str, RegionKind, bool], list[float]] = defaultdict(list)
        for picture in pictures:
            for region in picture.entities:
                name, colour = parted(region.label)
                key = (name, region.kind, colour != UNCOLOURED)
                seen[key] += 1
                x0, y0, x1, y1 = region.box_px
                longer = max(picture.width_px, picture.height_px)
                sides[key].append(float(max(x1 - x0, y1 - y0)) / longer)
        if not seen:
            message = "a vocabulary needs at least one annotated entity, got none"
            raise InvalidValueError(message)
        return cls(
            classes=tuple(
                _class(name, kind, coloured=coloured, side=float(np.median(sides[name, kind, coloured])))
                for name, kind, coloured in sorted(seen, key=lambda key: (key[1].value, *key))
            )
        )  # fmt: skip

    @classmethod
    def from_json(cls, content: list[dict[str, Any]]) -> Self:
        """What `to_json` wrote."""
        return cls(classes=tuple(DrawnClass(**values) for values in content))

    def to_json(self) -> list[dict[str, Any]]:
        """The classes as JSON values."""
        return [asdict(one) for one in self.classes]

    @property
    def families(self) -> tuple[str, ...]:
        """The families of boxes, in the order of their weights."""
        return tuple(dict.fromkeys(one.family for one in self.classes))

    @property
    def rivals(self) -> tuple[str, ...]:
        """The groups of classes that exclude each other."""
        return tuple(dict.fromkeys(one.rival for one in self.classes))

    @property
    def garments(self) -> tuple[str, ...]:
        """The coloured classes, in the order of their weights."""
        return tuple(one.name for one in self.classes if one.coloured)

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Each label with its kind: one a class, one a class and colour for garments."""
        return tuple(
            (f"{colour} {one.name}" if one.coloured else one.name, one.kind)
            for one in self.classes
            for colour in (COLOURS if one.coloured else ("",))
        )

    @property
    def first_labels(self) -> tuple[int, ...]:
        """Where in `labels` each class begins."""
        sizes = [len(COLOURS) if one.coloured else 1 for one in self.classes]
        return tuple(int(start) for start in np.cumsum([0, *sizes[:-1]]))

    def index_of(self, region: TrueRegion) -> tuple[int, int]:
        """Class and colour of a region (-1 where it has none); class -1 for what is not known."""
        name, colour = parted(region.label)
        for index, one in enumerate(self.classes):
            if (one.name, one.kind) == (name, region.kind.value):
                return index, colour
        return -1, UNCOLOURED


def parted(label: str) -> tuple[str, int]:
    """`red robe` as (`robe`, index of red); other labels whole, with -1."""
    colour, _, name = label.partition(" ")
    if name in GARMENT_WORDS.values() and colour in COLOURS:
        return name, COLOURS.index(colour)
    return label, UNCOLOURED


def _class(name: str, kind: RegionKind, *, coloured: bool, side: float) -> DrawnClass:
    family = rival = f"{kind.value}: {name}"
    if kind in {RegionKind.PERSON, RegionKind.ANIMAL}:
        family = rival = kind.value
    elif kind is RegionKind.OBJECT and side <= LARGE_FRACTION:
        family = rival = SMALL_THINGS
    return DrawnClass(name=name, kind=kind.value, coloured=coloured, family=family, rival=rival)
