"""On which side of a line things are, for a line at any angle.

The side of a thing is that of its centre; how far it reaches across is judged by the ellipse in its
box, so that a slanting line is not said to cut a figure whose box it clips at an empty corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import Evidence
from iconograph.graph.model.geometry import Point, folded_angle_deg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.axis import Axis
    from iconograph.relations.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that a witness saw, not yet numbered; strength 0..1 says how much it divides.

    `from_pixels` says whether it can only be seen with the picture at hand.
    """

    witness: str
    centre: Point
    angle_deg: float
    length_px: float
    strength: float
    evidence: Evidence
    from_pixels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """Where n things are as seen from a line.

    `distances_px` of the centres are positive to the right of a line that runs downwards and
    below one that runs to the right; `straddle_fractions` (0..0.5) is the share of a thing's width
    across the line that lies on its other side, or before the divide where that is a thing with a
    thickness; `past_end_fractions` (0..1) the share of its extent
    along the line beyond the line's ends.
    """

    distances_px: NDArray[np.float64]
    straddle_fractions: NDArray[np.float64]
    past_end_fractions: NDArray[np.float64]


def sides_of(scene: Scene, line: Line | Axis) -> Sides:
    """The sides of all things of a scene."""
    cos, sin = math.cos(math.radians(line.angle_deg)), math.sin(math.radians(line.angle_deg))
    away = scene.centres_px - np.array([line.centre.x_px, line.centre.y_px])
    along = away @ np.array([cos, sin])
    across = away @ (np.array([sin, -cos]) if abs(sin) > abs(cos) else np.array([-sin, cos]))
    half_along = np.hypot(scene.widths_px * cos, scene.heights_px * sin) / 2
    half_across = np.hypot(scene.widths_px * sin, scene.heights_px * cos) / 2
    inside = half_across - np.abs(across) + (line.evidence.number("thickness_px") or 0.0) / 2
    beyond = np.abs(along) + half_along - line.length_px / 2
    return Sides(
        distances_px=across,
        straddle_fractions=np.clip(inside / (2 * half_across), 0.0, 0.5),
        past_end_fractions=np.clip(beyond / (2 * half_along), 0.0, 1.0),
    )


def normal_of(angle_deg: float) -> NDArray[np.float64]:
    """Unit vector across a line."""
    turn = math.radians(angle_deg)
    return np.array([-math.sin(turn), math.cos(turn)])


def angle_between_deg(one: float, other: float) -> float:
    """Angle between two undirected lines, 0..90."""
    return abs(folded_angle_deg(one - other))


def distance_px(line: Line | Axis, point: Point) -> float:
    """How far a point is from a line that has no ends."""
    away = np.array([point.x_px - line.centre.x_px, point.y_px - line.centre.y_px])
    return float(abs(away @ normal_of(line.angle_deg)))


def chord_of(point: Point, angle_deg: float, size_px: tuple[float, float]) -> tuple[Point, float]:
    """Middle and length of the part of a line that lies in a picture of (width, height).

    A line that misses the picture has a length of 0.
    """
    along = np.array([math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))])
    start, end = -math.inf, math.inf
    for place, step, side in zip((point.x_px, point.y_px), along, size_px, strict=True):
        if abs(step) > 1e-9:  # noqa: PLR2004  a line along a side meets no other of that direction
            ways = sorted((-place / step, (side - place) / step))
            start, end = max(start, ways[0]), min(end, ways[1])
        elif not 0 <= place <= side:
            return point, 0.0
    middle = (start + end) / 2
    x, y = point.x_px + middle * along[0], point.y_px + middle * along[1]
    return Point(x_px=float(x), y_px=float(y)), max(0.0, float(end - start))


def cut_at(angle_deg: float, offset_px: float, size_px: tuple[float, float]) -> tuple[Point, float]:
    """Middle and length of the cut through a picture at a distance across from its origin."""
    x, y = offset_px * normal_of(angle_deg)
    return chord_of(Point(x_px=float(x), y_px=float(y)), angle_deg, size_px)
