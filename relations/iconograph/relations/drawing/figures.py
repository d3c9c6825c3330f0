"""Bodies, hands and gazes as they were found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from iconograph.graph.model.pose import GazeState
from iconograph.relations.drawing.lines import stroke
from iconograph.relations.drawing.style import BODY_COLOUR, GAZE_COLOUR, INK

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.ImageDraw import ImageDraw

    from iconograph.graph.model.pose import Gaze, Pose
    from iconograph.relations.drawing.lines import Place

BONES = (
    ("left_ear", "left_eye"),
    ("left_eye", "nose"),
    ("nose", "right_eye"),
    ("right_eye", "right_ear"),
    ("left_shoulder", "right_shoulder"),
    ("left_shoulder", "left_elbow"),
    ("left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"),
    ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"),
    ("left_hip", "right_hip"),
    ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"),
    ("right_hip", "right_knee"),
    ("right_knee", "right_ankle"),
)
SMALLEST_CONFIDENCE = 0.3
"""Key points that are less sure are not drawn."""

LONGEST_CONE_FRACTION = 0.22
"""A gaze reaches so far, in longer sides of the sheet, unless its target is nearer."""

WIDEST_CONE_DEG = 120.0
"""A wider cone says no more than its direction, and would cover the picture."""

CONE_ALPHA = 70
ARC_STEPS = 12


def draw_pose(
    draw: ImageDraw, pose: Pose, put: Callable[[float, float], Place], width: int
) -> None:
    """The bones between key points that were found, and rings at the hands.

    `put` gives the place on the sheet of a place in the image.
    """
    found = {
        name: put(point.x_px, point.y_px)
        for bone in BONES
        for name in bone
        if (point := pose.key_point(name)) and point.confidence >= SMALLEST_CONFIDENCE
    }
    for first, second in BONES:
        if first in found and second in found:
            stroke(draw, [found[first], found[second]], BODY_COLOUR, width, dashed=False)
    for hand in pose.hands:
        _ring(draw, put(hand.x_px, hand.y_px), 3.0 * width, width)


def draw_gaze(
    draw: ImageDraw, gaze: Gaze, put: Callable[[float, float], Place], width: int, longest: float
) -> None:
    """A cone along the direction; a ring for a look at the viewer, a bar for closed eyes.

    `longest` is how far a cone reaches at the most, on the sheet.
    """
    start = put(gaze.origin.x_px, gaze.origin.y_px)
    size = 3.0 * width
    if gaze.state is GazeState.CLOSED:
        ends = [(start[0] - size, start[1]), (start[0] + size, start[1])]
        stroke(draw, ends, GAZE_COLOUR, width, dashed=False)
    elif gaze.direction is None:
        if gaze.state is GazeState.VIEWER:
            _ring(draw, start, size, width)
    else:
        reach = longest
        if gaze.target:
            reach = min(longest, math.dist(start, put(gaze.target.x_px, gaze.target.y_px)))
        _cone(draw, start, math.atan2(gaze.direction[1], gaze.direction[0]), gaze.cone_deg, reach)
        along = (start[0] + reach * gaze.direction[0], start[1] + reach * gaze.direction[1])
        stroke(draw, [start, along], GAZE_COLOUR, width, dashed=False)


def _cone(draw: ImageDraw, start: Place, angle: float, cone_deg: float, reach: float) -> None:
    half = math.radians(min(cone_deg, WIDEST_CONE_DEG)) / 2
    turns = [angle + half * (2 * step / ARC_STEPS - 1) for step in range(ARC_STEPS + 1)]
    arc = [(start[0] + reach * math.cos(t), start[1] + reach * math.sin(t)) for t in turns]
    draw.polygon([start, *arc], fill=(*GAZE_COLOUR, CONE_ALPHA))


def _ring(draw: ImageDraw, place: Place, radius: float, width: int) -> None:
    x, y = place
    for ink, extra in ((INK, 2), (GAZE_COLOUR, 0)):
        r = radius + extra / 2
        draw.ellipse((x - r, y - r, x + r, y + r), outline=(*ink, 255), width=width + extra)
