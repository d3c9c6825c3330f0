"""Bodies: limbs, hands, feet and trunk, bare or armoured."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Frame, between, ellipse, limb, smooth, tube, unit
from iconograph.ingest.scenes.figure import XY, Figure, Skeleton
from iconograph.ingest.scenes.styles import Colour, mixed

TURNED = 0.3
"""From this facing on, both feet point to where the body is turned; below it they point outwards."""


def paint_neck(brush: Brush, figure: Figure, skeleton: Skeleton) -> None:
    """The neck, from between the shoulders into the head."""
    u = skeleton.unit_px
    thick = {"man": 0.44, "woman": 0.36}.get(figure.sex, 0.34) * u
    low, high = (
        skeleton.offset("neck", 0, 0.12),
        skeleton.offset("head", -0.06 * figure.facing, 0.2),
    )
    brush.fill(
        tube([low, between(low, high, 0.5), high], [thick * 1.35, thick, thick]), figure.skin
    )
    shade = ellipse(high[0], high[1] + 0.36 * u, thick * 0.55, 0.12 * u)
    brush.dab(shade, mixed(figure.skin, (60, 24, 16), 0.75), opacity=0.5, blur_px=0.08 * u)


def paint_arm(brush: Brush, figure: Figure, skeleton: Skeleton, side: str) -> None:
    """A bare arm from shoulder to wrist."""
    u = skeleton.unit_px
    strong = 1.0 if figure.sex == "man" else 0.82
    shoulder, elbow, wrist = (skeleton[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
    line = [shoulder, between(shoulder, elbow, 0.45), elbow, between(elbow, wrist, 0.35), wrist]
    widths = [w * u * strong for w in (0.5, 0.45, 0.33, 0.36, 0.21)]
    brush.fill(limb(line, widths), figure.skin, Surface(round_px=0.1 * u, outline=0.6))
    blend = ellipse(
        shoulder[0] - (0.12 if side == "left" else -0.12) * u,
        shoulder[1] + 0.02 * u,
        0.2 * u,
        0.2 * u,
    )
    brush.dab(blend, figure.skin, opacity=0.85, blur_px=0.09 * u)


def paint_hand(brush: Brush, figure: Figure, skeleton: Skeleton, side: str, grip: str) -> None:
    """A hand with fingers: at rest, around something, open, or pointing."""
    u = skeleton.unit_px * 0.92
    elbow, wrist = skeleton[f"{side}_elbow"], skeleton[f"{side}_wrist"]
    dx, dy = unit(elbow, wrist)
    turn = math.degrees(math.atan2(dy, dx))
    frame = Frame(x_px=wrist[0], y_px=wrist[1], scale_px=u, angle_deg=turn)
    outward = -1.0 if side == "right" else 1.0
    flip = outward if dy >= 0 else -outward
    fingers, thumb, curl = _FINGERS[grip]
    skin, soft = mixed(figure.skin, (190, 110, 90), 0.08), Surface(round_px=0.05 * u)
    brush.fill(frame(smooth(_PALM)), skin, soft)
    for i, (spread, length) in enumerate(fingers):
        knuckle = (0.26, (0.12 - 0.08 * i) * flip)
        bend = -math.radians(spread) * flip
        middle = _onward(knuckle, bend, 0.55 * length)
        tip = _onward(middle, bend - curl * flip, 0.45 * length)
        brush.fill(frame(tube([knuckle, middle, tip], [0.1, 0.09, 0.065], per=3)), skin, soft)
    base = (0.1, 0.1 * flip)
    tip = _onward(base, math.radians(thumb) * flip, 0.26)
    ring = tube([base, between(base, tip, 0.5), tip], [0.12, 0.1, 0.07], per=3)
    brush.fill(frame(ring), skin, soft)


def _onward(point: XY, turn: float, length: float) -> XY:
    return (point[0] + length * math.cos(turn), point[1] + length * math.sin(turn))


_PALM = (
    (-0.06, -0.1),
    (0.12, -0.15),
    (0.3, -0.16),
    (0.34, 0.0),
    (0.3, 0.15),
    (0.12, 0.14),
    (-0.06, 0.1),
)


_FINGERS: dict[str, tuple[Sequence[tuple[float, float]], float, float]] = {
    "rest": (((-6, 0.36), (-2, 0.4), (4, 0.38), (10, 0.3)), 38, 0.35),
    "open": (((-22, 0.38), (-6, 0.43), (8, 0.4), (24, 0.32)), 62, 0.1),
    "grip": (((2, 0.17), (4, 0.18), (8, 0.17), (12, 0.14)), 20, 1.2),
    "point": (((-4, 0.5), (14, 0.2), (20, 0.18), (26, 0.15)), 30, 0.0),
}
"""For each shape of the hand: spread (degrees) and length of four fingers, thumb angle, curl (radians)."""


def paint_leg(brush: Brush, figure: Figure, skeleton: Skeleton, side: str, colour: Colour) -> None:
    """A leg from hip to foot, in skin or hose."""
    u = skeleton.unit_px
    strong = 1.0 if figure.sex == "man" else 0.96
    hip, knee, ankle = (skeleton[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    line = [hip, between(hip, knee, 0.4), knee, between(knee, ankle, 0.35), ankle]
    widths = [w * u * strong for w in (0.8, 0.74, 0.45, 0.5, 0.24)]
    brush.fill(limb(line, widths), colour, Surface(round_px=0.13 * u))
    cap = ellipse(knee[0], knee[1], 0.13 * u, 0.12 * u)
    brush.dab(cap, mixed(colour, (255, 236, 210), 0.4), opacity=0.3, blur_px=0.06 * u)
    paint_foot(brush, figure, skeleton, side, colour)


def paint_foot(brush: Brush, figure: Figure, skeleton: Skeleton, side: str, colour: Colour) -> None:
    """A foot, seen from the side where the figure is turned, else foreshortened."""
    u = skeleton.unit_px
    x, y = skeleton[f"{side}_ankle"]
    outward = -1.0 if side == "right" else 1.0
    turned = abs(figure.facing) > TURNED
    turn = figure.facing if turned else 0.45 * outward
    reach = 0.75 * max(0.6, abs(turn))
    frame = Frame(x_px=x, y_px=y, scale_px=u, mirrored=turn < 0)
    ring = [
        (-0.13, -0.1),
        (0.13, -0.1),
        (0.2 + reach * 0.4, 0.03),
        (reach + 0.02, 0.15),
        (reach, 0.25),
        (reach * 0.4, 0.27),
        (-0.16, 0.24),
    ]
    brush.fill(frame(smooth(ring, per=4)), colour, Surface(round_px=0.07 * u))


def paint_trunk(brush: Brush, figure: Figure, skeleton: Skeleton) -> None:
    """A bare trunk, modelled by soft light and shadow."""
    u, f = skeleton.unit_px, figure.facing
    frame = Frame(x_px=skeleton["hips"][0], y_px=skeleton["hips"][1], scale_px=u)
    lean = (skeleton["neck"][0] - skeleton["hips"][0]) / u
    narrow = 1 - 0.3 * abs(f)
    sides = {
        "man": ((0.26, -2.32), (0.9, -2.12), (1.0, -1.8), (0.78, -1.4), (0.6, -0.75), (0.62, -0.25), (0.68, 0.15), (0.2, 0.42)),
        "woman": ((0.22, -2.32), (0.7, -2.12), (0.8, -1.85), (0.62, -1.35), (0.5, -0.85), (0.68, -0.3), (0.8, 0.12), (0.2, 0.42)),
    }.get(figure.sex, ((0.16, -1.7), (0.5, -1.55), (0.56, -1.3), (0.5, -0.9), (0.55, -0.4), (0.56, -0.1), (0.5, 0.2), (0.14, 0.32)))  # fmt: skip
    right = np.array(sides) * (narrow, 1)
    ring = np.vstack([right, right[::-1] * (-1, 1)])
    ring[:, 0] += lean * np.clip(-ring[:, 1] / 2.3, 0, 1) + 0.08 * f
    brush.fill(frame(smooth(ring)), figure.skin, Surface(round_px=0.2 * u))
    _model_trunk(brush, figure, frame.moved(lean * 0.75 + 0.12 * f, 0))


def _model_trunk(brush: Brush, figure: Figure, frame: Frame) -> None:
    u = frame.scale_px
    dark = mixed(figure.skin, (84, 34, 22), 0.7)
    light = mixed(figure.skin, (255, 240, 216), 0.6)
    if figure.sex not in {"man", "woman"}:
        brush.dab(frame(ellipse(0, -0.35, 0.05, 0.05)), dark, opacity=0.6, blur_px=0.02 * u)
        return
    woman = figure.sex == "woman"
    for side in (-1, 1):
        x = side * (0.33 if woman else 0.38)
        low = -1.34 if woman else -1.45
        under = tube(
            [(x - 0.3, low - 0.1), (x, low + 0.05), (x + 0.27, low - 0.12)], [0.03, 0.1, 0.03]
        )
        brush.dab(frame(under), dark, opacity=0.55, blur_px=0.05 * u)
        brush.dab(
            frame(ellipse(x - 0.05, low - 0.22, 0.19, 0.16)), light, opacity=0.5, blur_px=0.1 * u
        )
        brush.dab(
            frame(ellipse(x, low - 0.1, 0.045, 0.04)), (160, 84, 70), opacity=0.7, blur_px=0.012 * u
        )
        groin = smooth([(side * 0.62, -0.15), (side * 0.4, 0.1), (side * 0.12, 0.33)], closed=False)
        brush.line(frame(groin), 0.05 * u, dark, opacity=0.28)
    middle = tube([(0, -1.5), (0.02, -0.9), (0, -0.5)], [0.05, 0.07, 0.04])
    brush.dab(frame(middle), dark, opacity=0.4, blur_px=0.05 * u)
    brush.dab(frame(ellipse(0, -0.48, 0.035, 0.05)), dark, opacity=0.8, blur_px=0.015 * u)


def paint_loincloth(brush: Brush, skeleton: Skeleton, colour: Colour) -> None:
    """A cloth, or a branch of leaves where the colour is green, about the hips."""
    u = skeleton.unit_px
    frame = Frame(x_px=skeleton["hips"][0], y_px=skeleton["hips"][1], scale_px=u)
    red, green, _ = colour
    if green > red:
        for i in range(9):
            x, y = -0.42 + 0.105 * i, 0.22 + (0.14 if i % 2 else 0)
            leaf = frame.moved(x, y, angle_deg=(i - 4) * -9)
            brush.fill(leaf(smooth(_LEAF)), colour, Surface(round_px=0.06 * u))
        return
    lines = (
        [(0.68, -0.1 + 0.05 * i), (0.1, 0.15 + 0.1 * i), (-0.66, -0.05 + 0.09 * i)]
        for i in range(4)
    )
    folds = tuple((frame(smooth(line, closed=False)), 0.07 * u, 0.8) for line in lines)
    brush.fill(frame(smooth(_CLOTH)), colour, Surface(round_px=0.08 * u, folds=folds))


_LEAF = ((0, -0.3), (0.15, -0.05), (0.02, 0.26), (-0.14, -0.02))
_CLOTH = (
    (-0.72, -0.22), (0, -0.08), (0.74, -0.25), (0.78, 0.2), (0.5, 0.62), (0.28, 0.95), (0.12, 0.6), (-0.3, 0.58), (-0.72, 0.3),
)  # fmt: skip


def paint_armour(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """Breast-plate, skirt of strips and shoulder pieces."""
    u = skeleton.unit_px
    frame = Frame(x_px=skeleton["hips"][0], y_px=skeleton["hips"][1], scale_px=u)
    lean = (skeleton["neck"][0] - skeleton["hips"][0]) / u
    for i in range(8):
        x = -0.63 + 0.18 * i
        strip = tube([(x * 0.9, -0.1), (x * 1.1, 0.4), (x * 1.25, 0.95)], [0.2, 0.21, 0.19])
        brush.fill(frame(strip), mixed(MADDER_LEATHER, colour, 0.2), Surface(round_px=0.05 * u))
    half = np.array(_BREAST_PLATE)
    ring = np.vstack([half, half[::-1] * (-1, 1)])
    ring[:, 0] *= 1 - 0.25 * abs(figure.facing)
    ring[:, 0] += lean * np.clip(-ring[:, 1] / 2.3, 0, 1)
    brush.fill(frame(smooth(ring)), colour, Surface(round_px=0.22 * u, depth=1.5))
    _model_plate(brush, frame.moved(lean * 0.6 + 0.15 * figure.facing, 0), colour)
    for side in ("right", "left"):
        x, y = skeleton[f"{side}_shoulder"]
        piece = ellipse(x, y + 0.05 * u, 0.36 * u, 0.34 * u)
        brush.fill(piece, colour, Surface(round_px=0.12 * u, depth=1.4))


def _model_plate(brush: Brush, frame: Frame, colour: Colour) -> None:
    u = frame.scale_px
    for line in (
        [(0, -2.1), (0.03, -1.3), (0, -0.1)],
        [(-0.62, -0.75), (0, -0.6), (0.62, -0.75)],
        [(-0.55, -1.5), (0, -1.32), (0.55, -1.5)],
    ):
        edge = frame(smooth(line, closed=False))
        brush.line(edge, 0.035 * u, mixed(colour, (30, 26, 30), 0.55), opacity=0.7)
    shine = tube([(-0.42, -1.9), (-0.45, -1.4), (-0.36, -0.9)], [0.06, 0.12, 0.05])
    brush.dab(frame(shine), (250, 248, 240), opacity=0.7, blur_px=0.05 * u)


_BREAST_PLATE = (
    (0.1, -2.2), (0.5, -2.28), (0.92, -2.0), (0.88, -1.5), (0.66, -0.8), (0.7, -0.05), (0.1, 0.08),
)  # fmt: skip


MADDER_LEATHER: Colour = (122, 62, 40)


def cuff_of(skeleton: Skeleton, side: str, share: float = 0.82) -> XY:
    """Where a sleeve ends, between elbow and wrist."""
    return between(skeleton[f"{side}_elbow"], skeleton[f"{side}_wrist"], share)
