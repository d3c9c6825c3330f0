"""How the small CenterNet is asked, and what its scores mean: `centernet.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.certainty import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One look at the picture, brought to a long side, perhaps mirrored left to right."""

    long_side_px: int
    mirrored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The passes that are spent on a picture, and what their mean score says of a person."""

    name: str
    passes: tuple[Pass, ...]
    persons: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedClass:
    """A COCO class that is named: its index, our label and kind, and the least confidence."""

    index: int
    label: str
    kind: RegionKind
    smallest_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterNetSettings:
    """The numbers of `centernet.toml`, which says what each of them is."""

    stride_px: int
    size_step_px: int
    smallest_side_px: int
    largest_growth: float
    smallest_score: float
    most_peaks: int
    same_thing_iou: float
    repeat_iou: float
    person_share: float
    sure_person_confidence: float
    budget: Budget
    things: Certainty
    classes: tuple[NamedClass, ...]
    sha256: str


def read_centernet_settings(budget: str) -> CenterNetSettings:
    """The numbers for `fast`, `normal` or `deep`; raises `InvalidValueError` for another budget."""
    text = resources.files(__package__).joinpath("centernet.toml").read_text(encoding="utf-8")
    record: dict[str, Any] = tomllib.loads(text)
    budgets = record.pop("budgets")
    if budget not in budgets:
        message = f"found no budget {budget!r} of the detector; expected {', '.join(budgets)}"
        raise InvalidValueError(message)
    persons = Certainty(**record.pop("persons")[budget])
    smallest = record.pop("smallest_person_confidence")
    classes = [{"smallest_confidence": smallest, **named} for named in record.pop("classes")]
    return CenterNetSettings(
        budget=Budget(name=budget, passes=_passes(**budgets[budget]), persons=persons),
        things=Certainty(**record.pop("things")),
        classes=tuple(
            NamedClass(**named | {"kind": RegionKind(named["kind"])}) for named in classes
        ),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **record,
    )


def _passes(*, long_sides_px: list[int], mirrored: bool) -> tuple[Pass, ...]:
    return tuple(
        Pass(long_side_px=side, mirrored=turned)
        for side in long_sides_px
        for turned in ((False, True) if mirrored else (False,))
    )
