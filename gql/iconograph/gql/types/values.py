"""Small types that others are made of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Self, TypeVar, cast

import strawberry
from strawberry import field

from iconograph.graph.model.concept import Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeLayer, EdgeStatus
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import LabelOrigin, Level, RegionKind
from iconograph.graph.model.vector import Modality
from iconograph.graph.model.work import Text

E = TypeVar("E", bound=type[Enum])
F = TypeVar("F", bound=Callable[..., object])


def computed(description: str) -> Callable[[F], F]:
    """Make a method a field that is worked out only when it is asked for.

    This is `strawberry.field`, whose own annotation would make the method untyped.
    """
    return cast("Callable[[F], F]", strawberry.field(description=description))


def published(cls: E) -> E:
    """Make an enumeration of the model part of the schema; its docstring becomes the description."""
    return strawberry.enum(cls, description=inspect.cleandoc(cls.__doc__ or ""))


for _enumeration in (
    EdgeKind,
    EdgeLayer,
    EdgeStatus,
    GazeState,
    LabelOrigin,
    Level,
    Modality,
    RegionKind,
    Scheme,
):
    published(_enumeration)


@strawberry.type(description="Words in a language.")
class LocalText:
    text: str = field(description="The words.")
    language: str = field(description="BCP 47 tag such as `en`; empty where nobody said.")

    @classmethod
    def from_model(cls, text: Text) -> Self:
        return cls(text=text.text, language=text.language)


@strawberry.type(description="A text under a name.")
class NamedText:
    name: str = field(description="What it is.")
    text: str = field(description="What it says.")

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> list[Self]:
        return [cls(name=name, text=text) for name, text in pairs]


@strawberry.type(description="A number under a name; the unit is in the name.")
class NamedNumber:
    name: str = field(description="What was measured, with its unit: `gap_heights`, `angle_deg`.")
    number: float = field(description="How much.")

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, float]]) -> list[Self]:
        return [cls(name=name, number=number) for name, number in pairs]


@strawberry.type(description="How many there are of something.")
class NamedCount:
    name: str = field(description="What was counted; edges of one kind as `edge:HOLDS`.")
    count: int = field(description="How many.")

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> list[Self]:
        return [cls(name=name, count=count) for name, count in sorted(counts.items())]


def xy_px(point: Point) -> list[float]:
    """A point as [x, y] in pixels."""
    return [point.x_px, point.y_px]
