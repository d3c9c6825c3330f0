"""Poses put together from arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.pose import KeyPoint, Pose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.geometry import Point


def pose_of(
    places_px: NDArray[np.floating],
    confidences: NDArray[np.floating],
    *,
    hands: tuple[Point, ...] = (),
    method: str,
) -> Pose:
    """A pose from places, 17 x 2, and confidences, 17, in 0..1."""
    points = tuple(
        KeyPoint(x_px=float(x), y_px=float(y), confidence=min(1.0, max(0.0, float(confidence))))
        for (x, y), confidence in zip(places_px, confidences, strict=True)
    )
    return Pose(key_points=points, hands=hands, method=method)
