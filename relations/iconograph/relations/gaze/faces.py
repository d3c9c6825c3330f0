"""The direction of one head from the key points of face and trunk.

The measures are those of a drawn head of one unit from crown to chin: the ear reaches from the brow to
the base of the nose, so that its middle is level with the middle between eyes and nose while the
head is upright. What that front point is away from the ears is how far the head is turned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.pose import GazeState
from iconograph.relations.pose.points import Vector, angles_deg, length, middle, unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iconograph.relations.figure_numbers import HeadGaze, Trust

FRONT_REACH_HEADS = 0.43
"""From the middle of the ears to the front point, in a profile."""

HALF_EARS_HEADS = 0.37
"""From the middle of the ears to one of them, in a face seen from the front."""

NOSE_REACH_SPANS = 0.75
"""What the nose stands out, in distances of the eyes seen from the front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A head's direction on the picture plane (unit vector, None where it has none there).

    `turned_fraction` is the sine of the angle between the head and the line of sight: 0 for a
    face seen from the front, 1 for a profile.
    """

    witness: str
    trust: Trust
    state: GazeState
    direction: Vector | None
    turned_fraction: float


def turn_of(points: Mapping[str, Vector], numbers: HeadGaze) -> Turn | None:
    """What the first witness that has its points says, the most trusted first."""
    return next((turn for see in WITNESSES if (turn := see(points, numbers))), None)


def face_frame(points: Mapping[str, Vector]) -> tuple[Vector, Vector, float] | None:
    """Middle of the ears, from there to the front point, and the head's height in px; None without ears."""
    nose, eyes, ears = points.get("nose"), middle(points, "eye"), middle(points, "ear")
    if nose is None or eyes is None or ears is None:
        return None
    front = (nose + eyes) / 2 - ears
    ahead = length(front) / FRONT_REACH_HEADS
    across = 0.0
    if "left_ear" in points and "right_ear" in points:
        across = length(points["left_ear"] - points["right_ear"]) / 2 / HALF_EARS_HEADS
    return ears, front, math.hypot(ahead, across)


def _by_face(points: Mapping[str, Vector], numbers: HeadGaze) -> Turn | None:
    """Nose, eyes and ears; with one ear in view the head counts as in profile."""
    frame = face_frame(points)
    if frame is None or frame[2] == 0:
        return None
    _, front, height_px = frame
    turned = length(front) / FRONT_REACH_HEADS / height_px
    both = "left_ear" in points and "right_ear" in points
    witness, trust = ("face", numbers.face) if both else ("profile", numbers.profile)
    return _turn(witness, trust, front, turned, numbers)


def _by_eyes(points: Mapping[str, Vector], numbers: HeadGaze) -> Turn | None:
    """The nose against the eyes tells to which side the head is turned, and no more."""
    if not {"nose", "left_eye", "right_eye"} <= points.keys():
        return None
    span = points["left_eye"] - points["right_eye"]
    along = unit(span)
    if along is None:
        return None
    aside = float((points["nose"] - (points["left_eye"] + points["right_eye"]) / 2) @ along)
    turned = math.sin(math.atan(abs(aside) / length(span) / NOSE_REACH_SPANS))
    return _turn("eyes", numbers.eyes, along * math.copysign(1.0, aside), turned, numbers)


def _by_back(points: Mapping[str, Vector], numbers: HeadGaze) -> Turn | None:
    """Ears without a face: the head is turned away, into the picture."""
    face = {"nose", "left_eye", "right_eye"} & points.keys()
    if face or middle(points, "ear") is None:
        return None
    return Turn(
        witness="back",
        trust=numbers.back,
        state=GazeState.UNKNOWN,
        direction=None,
        turned_fraction=0.0,
    )


def _by_trunk(points: Mapping[str, Vector], numbers: HeadGaze) -> Turn | None:
    """The bisector of the angle nose - neck - middle of the hips opens to where the figure looks.

    After Madhu et al., ICC++ (arXiv:2206.11115). A straight line opens to neither side.
    """
    nose, neck, hips = points.get("nose"), middle(points, "shoulder"), middle(points, "hip")
    if nose is None or neck is None or hips is None:
        return None
    up, down = unit(nose - neck), unit(hips - neck)
    if up is None or down is None:
        return None
    bend_deg = 180.0 - float(angles_deg(up, down))
    turned = min(1.0, bend_deg / numbers.full_bend_deg)
    return _turn("trunk", numbers.trunk, up + down, turned, numbers)


def _turn(
    witness: str, trust: Trust, direction: Vector, turned_fraction: float, numbers: HeadGaze
) -> Turn:
    """A turn, or a look at the viewer where the head is hardly turned."""
    frontal = turned_fraction < math.sin(math.radians(numbers.frontal_deg))
    along = None if frontal else unit(np.asarray(direction))
    state = GazeState.VIEWER if frontal and witness in ("face", "eyes") else GazeState.UNKNOWN
    return Turn(
        witness=witness,
        trust=trust,
        state=state,
        direction=along,
        turned_fraction=turned_fraction,
    )


WITNESSES: tuple[Callable[[Mapping[str, Vector], HeadGaze], Turn | None], ...] = (
    _by_face,
    _by_eyes,
    _by_back,
    _by_trunk,
)
