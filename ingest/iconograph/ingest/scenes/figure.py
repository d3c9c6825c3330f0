"""Who stands where and how: figures as values, and their joints on the picture plane."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from iconograph.ingest.scenes.curves import between, joint
from iconograph.ingest.scenes.styles import Colour

XY = tuple[float, float]

HEADS_TALL = 7.3
"""Standing height in heads; children have fewer."""

CHILD_HEADS_TALL = 5.0
UPPER_ARM, FOREARM = 1.38, 1.22
PROFILE_YAW = 0.85
"""From this turn of the head on, it is drawn in profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hair:
    """Hair and beard; `cut` is long, short, curls, bald or bound."""

    colour: Colour
    cut: str = "long"
    beard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What a figure wears, each by its colour, or None where it wears none."""

    robe: Colour | None = None
    mantle: Colour | None = None
    armour: Colour | None = None
    veil: Colour | None = None
    hat: Colour | None = None
    crown: Colour | None = None
    halo: Colour | None = None
    wings: Colour | None = None
    loincloth: Colour | None = None
    short: bool = False


WORN = ("robe", "mantle", "armour", "veil", "hat", "crown", "halo", "wings", "loincloth")
"""The parts of a dress that become regions of their own, in the order of `Dress`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where the eyes go: a unit vector on the picture, or None towards the viewer; or shut."""

    direction: XY | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A person at a place.

    `foot` is the ground point below the body (px) and `height_px` the standing height. `facing` turns
    the body from -1 (profile to the picture's left) over 0 (front) to 1. `right` and `left` are where
    the figure's own hands go, as offsets from its neck in heads (x, y on the picture); None hangs.
    `grips` names the shape of the hands (right, left): rest, grip, open or point.
    """

    sex: str
    foot: XY
    height_px: float
    stance: str = "standing"
    facing: float = 0.0
    right: XY | None = None
    left: XY | None = None
    grips: tuple[str, str] = ("rest", "rest")
    dress: Dress = Dress()
    hair: Hair
    skin: Colour
    aged: bool = False
    eyes: Colour = (84, 58, 36)

    @property
    def head_px(self) -> float:
        """Height of the head from crown to chin."""
        tall = CHILD_HEADS_TALL if self.sex in {"child", "cherub"} else HEADS_TALL
        return self.height_px / tall

    @property
    def side(self) -> float:
        """+1 where the body is turned to the picture's right or to the front, else -1."""
        return -1.0 if self.facing < 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """The joints of a figure in picture pixels; `unit_px` is the height of its head."""

    joints: Mapping[str, XY]
    unit_px: float

    def __getitem__(self, name: str) -> XY:
        return self.joints[name]

    def offset(self, name: str, dx: float, dy: float) -> XY:
        """A point at a distance in heads from a joint."""
        x, y = self.joints[name]
        return (x + dx * self.unit_px, y + dy * self.unit_px)

    def middle(self, a: str, b: str) -> XY:
        """The point half way between two joints."""
        return between(self.joints[a], self.joints[b], 0.5)


def skeleton_of(figure: Figure) -> Skeleton:
    """The joints of the figure in its stance."""
    local = _STANCES[figure.stance](figure)
    u, (fx, fy) = figure.head_px, figure.foot
    joints = {name: (fx + x * u, fy + y * u) for name, (x, y) in local.items()}
    for side, target in (("right", figure.right), ("left", figure.left)):
        joints |= _arm(figure, joints, side, target)
    return Skeleton(joints=joints, unit_px=u)


def _arm(figure: Figure, joints: Mapping[str, XY], side: str, target: XY | None) -> dict[str, XY]:
    u = figure.head_px
    outward = -1.0 if side == "right" else 1.0
    shoulder, neck = joints[f"{side}_shoulder"], joints["neck"]
    if target is None:
        hang = (0.28 * outward + 0.2 * figure.facing, 2.3)
        end = (shoulder[0] + hang[0] * u, shoulder[1] + hang[1] * u)
    else:
        end = (neck[0] + target[0] * u, neck[1] + target[1] * u)
    shrink = 0.78 if figure.sex in {"child", "cherub"} else 1.0
    # An arm that reaches a near point comes towards the viewer, and is seen shortened.
    distance = math.hypot(end[0] - shoulder[0], end[1] - shoulder[1]) / u
    shrink *= max(0.6, min(1.0, distance / (0.86 * shrink * (UPPER_ARM + FOREARM))))
    lengths = (UPPER_ARM * u * shrink, FOREARM * u * shrink)
    # The elbow hangs down and outwards: of the two solutions the one further from the body's middle.
    options = [joint(shoulder, end, lengths, bend=bend) for bend in (1.0, -1.0)]
    elbow, wrist = max(
        options, key=lambda o: 0.4 * (o[0][0] - shoulder[0]) * outward + (o[0][1] - shoulder[1])
    )
    return {f"{side}_elbow": elbow, f"{side}_wrist": wrist}


def _girdle(figure: Figure, name: str, centre: XY, half: float, tilt: float) -> dict[str, XY]:
    narrow = 1.0 - 0.5 * abs(figure.facing)
    return {
        f"right_{name}": (centre[0] - half * narrow, centre[1] + tilt),
        f"left_{name}": (centre[0] + half * narrow, centre[1] - tilt),
    }


def _trunk(figure: Figure, hips: XY, lean: float) -> dict[str, XY]:
    """Hips, shoulders, neck and head above the point between the hips."""
    grown = figure.sex not in {"child", "cherub"}
    long = 2.35 if grown else 1.75
    wide = {"man": 0.98, "woman": 0.8}.get(figure.sex, 0.66)
    neck = (hips[0] + lean, hips[1] - long)
    forward = 0.16 * figure.facing
    return {
        "hips": hips,
        "neck": neck,
        "head": (neck[0] + forward + lean * 0.15, neck[1] - (0.74 if grown else 0.6)),
        **_girdle(figure, "hip", hips, 0.42 if grown else 0.3, 0.03),
        **_girdle(figure, "shoulder", (neck[0], neck[1] + 0.3), wide, -0.03),
    }


def _standing(figure: Figure) -> dict[str, XY]:
    f = figure.facing
    grown = figure.sex not in {"child", "cherub"}
    hip_y = -3.85 if grown else -2.2
    apart = 0.36 if grown else 0.26
    return _trunk(figure, (0.05, hip_y), 0.04 * f) | {
        "right_knee": (-apart + 0.12 * f, hip_y * 0.52),
        "left_knee": (apart + 0.2 + 0.1 * f, hip_y * 0.52),
        "right_ankle": (-apart * 0.9, -0.22),
        "left_ankle": (apart + 0.1, -0.18),
    }


def _striding(figure: Figure) -> dict[str, XY]:
    s = figure.side
    stride = {"near": (0.75 * s, -0.2), "far": (-0.95 * s, -0.24)}
    ahead, behind = ("left", "right") if s > 0 else ("right", "left")
    return _trunk(figure, (0.0, -3.6), 0.3 * s) | {
        f"{ahead}_knee": (0.72 * s, -2.0),
        f"{behind}_knee": (-0.5 * s, -1.9),
        f"{ahead}_ankle": stride["near"],
        f"{behind}_ankle": stride["far"],
    }


def _kneeling(figure: Figure) -> dict[str, XY]:
    s = figure.side
    return _trunk(figure, (-0.05 * s, -2.0), 0.12 * s) | {
        "right_knee": (0.3 * s - 0.14, -0.26),
        "left_knee": (0.3 * s + 0.14, -0.3),
        "right_ankle": (-1.35 * s, -0.2),
        "left_ankle": (-1.25 * s, -0.26),
    }


def _seated(figure: Figure) -> dict[str, XY]:
    f = figure.facing
    grown = figure.sex not in {"child", "cherub"}
    scale = 1.0 if grown else 0.62
    legs = {
        "right_knee": (-0.62 + 0.85 * f, -1.72),
        "left_knee": (0.62 + 0.85 * f, -1.72),
        "right_ankle": (-0.5 + 0.8 * f, -0.2),
        "left_ankle": (0.5 + 0.8 * f, -0.2),
    }
    return _trunk(figure, (0.0, -2.1 * scale), 0.05 * f) | {
        name: (x * scale, y * scale) for name, (x, y) in legs.items()
    }


_STANCES = {
    "standing": _standing,
    "striding": _striding,
    "kneeling": _kneeling,
    "seated": _seated,
}
STANCES = tuple(_STANCES)


def head_turn(figure: Figure, look: Look) -> tuple[float, float]:
    """Yaw -1..1 of the head (right is above 0) and its roll in degrees, from body and gaze."""
    if look.direction is None:
        return (0.45 * figure.facing, 5.0 * figure.facing)
    dx, dy = look.direction
    yaw = max(-1.0, min(1.0, 1.12 * dx))
    roll = math.degrees(math.atan2(dy, max(0.45, abs(dx)))) * (1 if dx >= 0 else -1)
    return (yaw, max(-26.0, min(26.0, 0.45 * roll)))
