"""The numbers of the rules, read from data."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from typing import TYPE_CHECKING, Any, get_type_hints

from iconograph.graph.errors import InvalidValueError
from iconograph.relations.figure_numbers import (
    Faces,
    GazesAt,
    HeadGaze,
    InFrontOf,
    PointsAt,
    SameSide,
)
from iconograph.relations.logistic import Logistic
from iconograph.relations.words import Words, read_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all rules share."""

    smallest_confidence: float
    most_neighbours: int
    head_heights_per_figure: float
    smallest_key_point_confidence: float
    smallest_wrist_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Nearness of two things of like size."""

    reach_sizes: float
    most_covered_fraction: float
    figures: Logistic
    figures_with_heads: Logistic
    outlined_figures: Logistic
    things: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """Height over another thing."""

    reach_sizes: float
    smallest_shared_width_fraction: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Enclosure."""

    smallest_covered_fraction: float
    largest_area_ratio: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    """A part in its whole."""

    smallest_covered_fraction: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """A thing in a hand or in the arms."""

    reach_sizes: float
    furthest_hand_heads: float
    with_hands: Logistic
    with_seen_hands: Logistic
    without_hands: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Wears:
    """A thing on a body."""

    smallest_covered_fraction: float
    usual_off_sizes: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Contact without holding."""

    reach_sizes: float
    furthest_hand_heads: float
    furthest_outline_sizes: float
    with_hands: Logistic
    without_hands: Logistic
    on_furniture: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Divides:
    """Lines between groups of figures."""

    smallest_elongation: float
    smallest_enclosed_fraction: float
    most_straddle_fraction: float
    standing_strength: float
    enclosing_strength: float
    most_lines: int
    lowest_level_line_fraction: float
    highest_level_line_fraction: float
    smallest_scale_ratio: float
    level: Logistic
    upright: Logistic
    margin: Logistic
    parting_strength: float
    smallest_filled_fraction: float
    smallest_filled_box_fraction: float
    most_thickness_fraction: float
    agreement_angle_deg: float
    agreement_fraction: float
    smallest_strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLines:
    """Long edges, and bars between panels."""

    join_angle_deg: float
    join_fraction: float
    smallest_edge_coverage: float
    smallest_side_fraction: float
    thickest_bar_fraction: float
    most_askew_deg: float
    smallest_bar_coverage: float
    smallest_bar_contrast: float
    smallest_bar_evenness: float
    most_bar_unevenness: float
    bar_strength: float
    edge: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Realms:
    """Two parts of a picture of different colour and texture."""

    smallest_colour_deviation: float
    smallest_realm_fraction: float
    strip_fraction: float
    most_straddle_fraction: float
    strength: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class MainAxes:
    """The lines along which a picture is ordered."""

    smallest_colour_deviation: float
    furthest_off_middle_fraction: float
    smallest_likeness: float
    smallest_elongation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrossDivide:
    """Two figures on different sides of a line."""

    most_straddle_fraction: float
    confidence: Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What binds figures into groups, and how the groups are cut."""

    smallest_edge_confidence: float
    holds_weight: float
    touches_weight: float
    beside_weight: float
    beside_gap_sizes: float
    wears_weight: float
    part_of_weight: float
    gazes_at_weight: float
    faces_weight: float
    points_at_weight: float
    across_divide_weight: float
    smallest_weight: float
    resolution: float
    most_figures: int
    highest_resolution: float
    same_group_iou: float
    smallest_panel_fraction: float
    label_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """All numbers of the rules by rule, the words they know, and the hash of the file of numbers."""

    common: Common
    beside: Beside
    above: Above
    inside: Inside
    part_of: PartOf
    holds: Holds
    wears: Wears
    touches: Touches
    divides: Divides
    straight_lines: StraightLines
    realms: Realms
    main_axes: MainAxes
    across_divide: AcrossDivide
    same_side: SameSide
    head_gaze: HeadGaze
    gazes_at: GazesAt
    faces: Faces
    points_at: PointsAt
    in_front_of: InFrontOf
    groups: Groups
    words: Words
    sha256: str


def read_thresholds(path: Path | None = None) -> Thresholds:
    """The numbers of a file, or those of this package; raises `InvalidValueError` on other names."""
    shipped = resources.files("iconograph.relations").joinpath("data/thresholds.toml")
    text = (path or shipped).read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    kinds = {
        name: kind
        for name, kind in get_type_hints(Thresholds).items()
        if name not in ("words", "sha256")
    }
    if set(tables) != set(kinds):
        message = f"thresholds need the tables {sorted(kinds)}, got {sorted(tables)}"
        raise InvalidValueError(message)
    read: dict[str, Any] = {
        name: _section(name, kind, tables[name]) for name, kind in kinds.items()
    }
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Thresholds(**read, words=read_words(), sha256=sha256)


def _section(name: str, kind: type[Any], table: Mapping[str, Any]) -> object:
    if kind is Logistic:
        return _logistic(table)
    hints = get_type_hints(kind)
    expected = {field.name for field in fields(kind)}
    if set(table) != expected:
        message = f"thresholds.{name} needs {sorted(expected)}, got {sorted(table)}"
        raise InvalidValueError(message)
    return kind(
        **{
            key: _section(f"{name}.{key}", hints[key], value) if isinstance(value, dict) else value
            for key, value in table.items()
        }
    )


def _logistic(table: Mapping[str, float]) -> Logistic:
    weights = {name: float(weight) for name, weight in table.items() if name != "bias"}
    return Logistic(bias=float(table["bias"]), weights=weights)
