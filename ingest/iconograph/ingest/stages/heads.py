"""Where the head of a body lies, from its key points, and what it looks at."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box
from iconograph.graph.model.pose import FACE_KEY_POINTS
from iconograph.ingest.stages.stored_outputs import GAZES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iconograph.graph.model.pose import Gaze, KeyPoint, Pose
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.stages.looks import Look

SIDES_PER_DISTANCE = (
    ("left_ear", "right_ear", 1.75),
    ("left_eye", "right_eye", 3.0),
    ("left_shoulder", "right_shoulder", 0.72),
)
"""How long a head's box is on each side, in distances between two key points seen from the front.

A figure turned aside shows them nearer to each other, so the longest side counts.
"""

HAIR_FRACTION = 0.05
"""So much of its side a head's middle lies above that of the face."""

SMALLEST_CONFIDENCE = 0.2
SMALLEST_SIDE_PX = 4.0


def head_of(pose: Pose) -> Box | None:
    """The head's box: the pose's own, else a square around the face; None where no face is seen."""
    if pose.head is not None:
        return pose.head
    face = [point for name in FACE_KEY_POINTS if (point := _seen(pose, name))]
    sides_px = [
        ratio * math.hypot(a.x_px - b.x_px, a.y_px - b.y_px)
        for first, second, ratio in SIDES_PER_DISTANCE
        if (a := _seen(pose, first)) and (b := _seen(pose, second))
    ]
    side_px = max(sides_px, default=0.0)
    if not face or side_px < SMALLEST_SIDE_PX:
        return None
    x_px = sum(point.x_px for point in face) / len(face)
    y_px = sum(point.y_px for point in face) / len(face) - HAIR_FRACTION * side_px
    half_px = side_px / 2
    try:
        return Box(
            x0_px=max(0.0, x_px - half_px),
            y0_px=max(0.0, y_px - half_px),
            x1_px=x_px + half_px,
            y1_px=y_px + half_px,
        )
    except InvalidValueError:
        return None


def gazes_of_heads(
    heads: Mapping[int, Box], look: Look, estimator: GazeTargetEstimator
) -> dict[int, Gaze | None]:
    """What heads in a looked-at picture are seen to look at, under the numbers that they came with."""
    if not heads:
        return {}
    boxes = np.array([head.corners_px for head in heads.values()], np.float32)
    found = look.remembered(estimator, GAZES, partial(estimator, look.pixels, boxes), boxes)
    return dict(zip(heads, found, strict=True))


def _seen(pose: Pose, name: str) -> KeyPoint | None:
    point = pose.key_point(name)
    return point if point and point.confidence >= SMALLEST_CONFIDENCE else None
