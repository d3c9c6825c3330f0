"""Found key points of figures, by name and as plane vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
"""(x, y) on the picture plane."""

SIDES = tuple(side.value for side in Side)

SHORTEST_PX = 1e-6
"""A vector no longer than this has no direction."""


def found_points(pose: Pose | None, smallest_confidence: float) -> dict[str, Vector]:
    """The COCO key points that were found, in pixels by name; some may lie outside the picture."""
    if pose is None:
        return {}
    return {
        name: np.array([point.x_px, point.y_px])
        for name, point in zip(COCO_KEY_POINTS, pose.key_points, strict=bool(pose.key_points))
        if point.confidence > 0 and point.confidence >= smallest_confidence
    }


def middle(points: Mapping[str, Vector], joint: str) -> Vector | None:
    """Between the left and the right joint, at the one that was found, or None."""
    sides = [points[name] for name in (f"left_{joint}", f"right_{joint}") if name in points]
    return sum(sides, np.zeros(2)) / len(sides) if sides else None


def length(vector: Vector) -> float:
    """Euclidean length."""
    return float(np.hypot(*vector))


def unit(vector: Vector) -> Vector | None:
    """The direction of a vector, or None where it has none."""
    size = length(vector)
    return vector / size if size > SHORTEST_PX else None


def angles_deg(
    vectors: NDArray[np.float64], directions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Angle between vectors and directions along the last axis, 0..180; 0 for a vector without length."""
    dots = (vectors * directions).sum(axis=-1)
    crosses = vectors[..., 0] * directions[..., 1] - vectors[..., 1] * directions[..., 0]
    return np.asarray(np.degrees(np.arctan2(np.abs(crosses), dots)), dtype=np.float64)
