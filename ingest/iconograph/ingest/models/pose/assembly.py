"""Poses put together from arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.ingest.models.pose.whole_body import WHOLE_BODY, index_fingers, palms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.geometry import Point
    from iconograph.graph.model.pose import IndexFinger


def pose_of(
    places_px: NDArray[np.floating],
    confidences: NDArray[np.floating],
    *,
    hands: tuple[Point, ...] = (),
    fingers: tuple[IndexFinger, ...] = (),
    method: str,
) -> Pose:
    """A pose from places, k x 2, and confidences, k, in 0..1: of 17 key points, or of 133.

    Of 133 it has the hands and index fingers that these show; of 17 those that are given.
    """
    body = len(COCO_KEY_POINTS)
    points = tuple(
        KeyPoint(x_px=float(x), y_px=float(y), confidence=min(1.0, max(0.0, float(confidence))))
        for (x, y), confidence in zip(places_px[:body], confidences[:body], strict=True)
    )
    if len(places_px) == WHOLE_BODY:
        hands, fingers = palms(places_px, confidences), index_fingers(places_px, confidences)
    return Pose(key_points=points, hands=hands, index_fingers=fingers, method=method)
