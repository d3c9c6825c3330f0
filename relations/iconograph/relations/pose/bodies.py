"""Which way bodies are turned, and where stretched arms point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.relations.pose.points import Vector, angles_deg, found_points, length, middle, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bodies:
    """How the n entities stand, NaN where that is not known.

    `forwards` (n x 2) lie on the picture plane along the shoulders; they are as long as the sine
    of the angle between the body and the line of sight. `necks_px` (n x 2) are between the shoulders.
    """

    forwards: NDArray[np.float64]
    necks_px: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """The k reaching arms of a scene: `rows` of their figures, wrists and forearm directions (k x 2).

    `raised_fractions` are 0 for a forearm that hangs down along the trunk, 1 for one held straight
    up. `reach_fractions` are of the arm's length from the shoulder to the wrist, 1 if stretched.
    """

    rows: NDArray[np.intp]
    wrists_px: NDArray[np.float64]
    directions: NDArray[np.float64]
    raised_fractions: NDArray[np.float64]
    reach_fractions: NDArray[np.float64]


def bodies_of(scene: Scene, thresholds: Thresholds) -> Bodies:
    """The bodies of all entities."""
    forwards = np.full((len(scene.regions), 2), np.nan)
    necks = np.full((len(scene.regions), 2), np.nan)
    for row, points in _figures(scene, thresholds):
        neck = middle(points, "shoulder")
        if neck is not None:
            necks[row] = neck
        forward = forward_of(points, thresholds.faces.shoulders_per_trunk)
        if forward is not None:
            forwards[row] = forward
    return Bodies(forwards=forwards, necks_px=necks)


def arms_of(scene: Scene, thresholds: Thresholds) -> Arms:
    """All arms that reach out at least as far as `points_at.smallest_reach_fraction`."""
    found = [
        (row, *arm)
        for row, points in _figures(scene, thresholds)
        for side in ("left", "right")
        if (arm := arm_of(points, side, thresholds.points_at.smallest_reach_fraction))
    ]
    rows, wrists, directions, raised, reach = zip(*found, strict=True) if found else ((),) * 5
    return Arms(
        rows=np.array(rows, dtype=np.intp),
        wrists_px=np.array(wrists, dtype=np.float64).reshape(-1, 2),
        directions=np.array(directions, dtype=np.float64).reshape(-1, 2),
        raised_fractions=np.array(raised, dtype=np.float64),
        reach_fractions=np.array(reach, dtype=np.float64),
    )


def forward_of(points: Mapping[str, Vector], shoulders_per_trunk: float) -> Vector | None:
    """Where a trunk is turned to: shoulders look narrower as it turns, the nose tells the side.

    Needs both shoulders, a hip and the nose; a figure seen from behind has its left shoulder on the left.
    """
    neck, hips, nose = middle(points, "shoulder"), middle(points, "hip"), points.get("nose")
    if neck is None or hips is None or nose is None:
        return None
    down = unit(hips - neck)
    if down is None or not {"left_shoulder", "right_shoulder"} <= points.keys():
        return None
    across = np.array([down[1], -down[0]])
    trunk_px = length(hips - neck)
    width = float((points["left_shoulder"] - points["right_shoulder"]) @ across) / trunk_px
    frontal = min(1.0, abs(width) / shoulders_per_trunk)
    side = math.copysign(1.0, float((nose - neck) @ across))
    return np.asarray(across * side * math.sqrt(1.0 - frontal**2))


def arm_of(
    points: Mapping[str, Vector], side: str, smallest_reach_fraction: float
) -> tuple[Vector, Vector, float, float] | None:
    """Wrist, forearm direction, how far it is raised and how far the arm reaches, if far enough."""
    joints = [points.get(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist")]
    shoulder, elbow, wrist = joints
    if shoulder is None or elbow is None or wrist is None:
        return None
    along, bones_px = unit(wrist - elbow), length(elbow - shoulder) + length(wrist - elbow)
    if along is None or length(wrist - shoulder) < smallest_reach_fraction * bones_px:
        return None
    neck, hips = middle(points, "shoulder"), middle(points, "hip")
    down = np.array([0.0, 1.0]) if neck is None or hips is None else hips - neck
    raised = float(angles_deg(along, down)) / 180.0
    return wrist, along, raised, length(wrist - shoulder) / bones_px


def _figures(scene: Scene, thresholds: Thresholds) -> list[tuple[int, dict[str, Vector]]]:
    surest = thresholds.common.smallest_key_point_confidence
    found = [(row, found_points(r.pose, surest)) for row, r in enumerate(scene.regions)]
    return [(row, points) for row, points in found if points]
