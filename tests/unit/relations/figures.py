"""Drawn-up bodies: key points of a standing figure, turned as one likes."""

from __future__ import annotations

from iconograph.graph.model.geometry import Box
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose

XY = tuple[float, float]

FRONT: dict[str, XY] = {
    "nose": (0, 14),
    "left_eye": (16, -3),
    "right_eye": (-16, -3),
    "left_ear": (37, 5),
    "right_ear": (-37, 5),
    "left_shoulder": (75, 100),
    "right_shoulder": (-75, 100),
    "left_elbow": (80, 200),
    "right_elbow": (-80, 200),
    "left_wrist": (80, 300),
    "right_wrist": (-80, 300),
    "left_hip": (50, 300),
    "right_hip": (-50, 300),
}
"""A figure seen from the front, in px from the middle of a head of 100 px."""

TO_RIGHT: dict[str, XY] = FRONT | {
    "nose": (43, 14),
    "left_eye": (30, -4),
    "right_eye": (25, -4),
    "left_ear": (0, 5),
    "right_ear": (0, 5),
    "left_shoulder": (-2, 100),
    "right_shoulder": (2, 100),
}
"""Head and trunk in profile."""


def a_body(at: XY, joints: dict[str, XY], *, confidence: float = 1.0, flip: bool = False) -> Pose:
    """The joints around a place, turned to the left if flipped; those not named are not found.

    A mirrored figure's left is the right of its image, so that flipping swaps the names too.
    """
    points = []
    for name in COCO_KEY_POINTS:
        source = _other(name) if flip else name
        if source not in joints:
            points.append(KeyPoint(x_px=0, y_px=0, confidence=0))
            continue
        x, y = joints[source]
        x_px = at[0] - x if flip else at[0] + x
        points.append(KeyPoint(x_px=x_px, y_px=at[1] + y, confidence=confidence))
    return Pose(key_points=tuple(points))


def a_head(at: XY, *, size_px: float = 100) -> Pose:
    """No key points, but a head's box around a place."""
    half = size_px / 2
    box = Box(x0_px=at[0] - half, y0_px=at[1] - half, x1_px=at[0] + half, y1_px=at[1] + half)
    return Pose(head=box)


def _other(name: str) -> str:
    side, _, joint = name.partition("_")
    return {"left": f"right_{joint}", "right": f"left_{joint}"}.get(side, name)
