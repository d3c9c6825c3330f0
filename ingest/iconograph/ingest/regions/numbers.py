"""The numbers that turn proposals into regions, read from data."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from pathlib import Path

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """When two proposals are one thing."""

    same_iou: float
    same_iou_other_label: float
    same_box_iou: float
    nested_fraction: float
    nested_area_ratio: float
    independence: float
    most_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """When a thing lies in another."""

    held_fraction: float
    part_held_fraction: float
    largest_area_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthNumbers:
    """How many regions a picture deserves; `budgets` are factors by the budget's name."""

    things_per_picture: float
    regions_per_figure: float
    regions_per_sitter: float
    smallest_detail: float
    largest_detail: float
    spread_weight: float
    fewest_regions: int
    most_regions: int
    sitter_fraction: float
    sitter_ratio: float
    sitter_most_figures: int
    smallest_fraction: float
    sitter_smallest_fraction: float
    smallest_area_px2: float
    sitter_part_weight: float
    budgets: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionNumbers:
    """All numbers, and the SHA-256 of their file."""

    merging: Merging
    forest: Forest
    depth: DepthNumbers
    sha256: str


def read_region_numbers(path: Path | None = None) -> RegionNumbers:
    """The numbers of a file, or those of this package; raises `InvalidValueError` on other names."""
    shipped = resources.files("iconograph.ingest.regions").joinpath("regions.toml")
    text = (path or shipped).read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return RegionNumbers(
        merging=_section("merging", Merging, tables),
        forest=_section("forest", Forest, tables),
        depth=_section("depth", DepthNumbers, tables),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _section(name: str, kind: type[Section], tables: Mapping[str, Any]) -> Section:
    table = tables.get(name, {})
    expected = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if set(table) != expected:
        message = f"regions.{name} needs {sorted(expected)}, got {sorted(table)}"
        raise InvalidValueError(message)
    return kind(**table)
