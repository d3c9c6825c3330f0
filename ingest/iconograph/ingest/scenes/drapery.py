"""Robes, sleeves, mantles and wings: shapes that follow the joints, and the folds in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from iconograph.ingest.scenes.body import cuff_of
from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import between, ellipse, limb, smooth, tube, unit
from iconograph.ingest.scenes.figure import XY, Figure, Skeleton
from iconograph.ingest.scenes.robes import ROBES, Fold, chest_folds, skirt_folds, tunic
from iconograph.ingest.scenes.styles import Colour, mixed


def paint_robe(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """A robe from neck to hem with the folds of its stance, and a hem line."""
    u = skeleton.unit_px
    outline, hem = ROBES[figure.stance](brush, figure, skeleton)
    if figure.dress.short and figure.stance in {"standing", "striding"}:
        outline, hem = tunic(figure, skeleton)
    folds = [*chest_folds(figure, skeleton), *skirt_folds(brush, figure, skeleton, hem)]
    surface = Surface(round_px=0.17 * u, depth=1.0, folds=tuple(folds))
    brush.fill(smooth(outline, per=5), colour, surface)
    _paint_collar(brush, figure, skeleton, colour)
    if figure.stance in {"standing", "striding"} and figure.sex != "cherub":
        _paint_belt(brush, figure, skeleton, colour)


def paint_sleeve(
    brush: Brush, figure: Figure, skeleton: Skeleton, side: str, colour: Colour
) -> None:
    """A sleeve that widens to its cuff."""
    u = skeleton.unit_px * (0.8 if figure.sex in {"child", "cherub"} else 1.0)
    shoulder, elbow = skeleton[f"{side}_shoulder"], skeleton[f"{side}_elbow"]
    cuff = cuff_of(skeleton, side)
    line = [shoulder, between(shoulder, elbow, 0.5), elbow, between(elbow, cuff, 0.5), cuff]
    strong = 1.0 if figure.sex == "man" else 0.9
    widths = [w * u * strong for w in (0.6, 0.56, 0.5, 0.44, 0.4)]
    folds = [
        (np.array(_across(line, t, 0.26 * u)), 0.07 * u, h)
        for t, h in ((0.3, 0.7), (0.42, -0.6), (0.5, 0.9), (0.6, -0.6), (0.74, 0.7))
    ]
    brush.fill(limb(line, widths), colour, Surface(round_px=0.14 * u, folds=tuple(folds)))
    inner = tube([between(elbow, cuff, 0.93), cuff], [0.42 * u * strong, 0.42 * u * strong], per=3)
    brush.dab(inner, mixed(colour, (255, 240, 200), 0.5), opacity=0.5, blur_px=0.01 * u)


def paint_mantle_behind(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """The back of a cloak, wider than the body."""
    u = skeleton.unit_px
    ground = figure.foot[1]
    left = skeleton.offset("right_shoulder", -0.2, -0.05)
    right = skeleton.offset("left_shoulder", 0.2, -0.05)
    trail = {"kneeling": (1.2, 0.5), "seated": (0.75, 0.75)}.get(figure.stance, (0.55, 0.55))
    back, front = trail if figure.facing >= 0 else trail[::-1]
    hip_y = skeleton["hips"][1]
    x0 = min(skeleton["right_ankle"][0], skeleton["left_ankle"][0]) - back * u
    x1 = max(skeleton["right_ankle"][0], skeleton["left_ankle"][0]) + front * u
    ring = [
        skeleton.offset("neck", -0.3, 0.05), left, (left[0] - 0.25 * u, hip_y - 0.9 * u), (x0, (hip_y + ground) / 2), (x0 - 0.1 * u, ground),
        ((x0 + x1) / 2, ground + 0.06 * u), (x1 + 0.1 * u, ground), (x1, (hip_y + ground) / 2), (right[0] + 0.25 * u, hip_y - 0.9 * u), right,
        skeleton.offset("neck", 0.3, 0.05),
    ]  # fmt: skip
    folds = []
    for top, edge, inward in ((left, x0, u), (right, x1, -u)):
        for i in range(3):
            low = (edge + 0.2 * i * inward, ground)
            line = [top, (edge + (0.1 + 0.12 * i) * inward, hip_y), low]
            folds.append((smooth(line, closed=False), 0.1 * u, 0.8))
    brush.fill(
        smooth(ring, per=5),
        mixed(colour, (20, 16, 24), 0.12),
        Surface(round_px=0.16 * u, folds=tuple(folds)),
    )


def paint_mantle(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """The front of a cloak: over the shoulders, and drawn across the lap or the legs."""
    u, s = skeleton.unit_px, figure.side
    near, far = ("right", "left") if s > 0 else ("left", "right")
    out = -s
    ground = figure.foot[1]
    hip = skeleton["hips"]
    knee, ankle = skeleton[f"{far}_knee"], skeleton[f"{near}_ankle"]
    low = (ankle[0] + out * 0.5 * u, min(ground, ankle[1] + 0.25 * u))
    ring = [
        skeleton.offset("neck", out * 0.2, 0.12), skeleton.offset(f"{near}_shoulder", out * 0.14, -0.12),
        skeleton.offset(f"{near}_shoulder", out * 0.34, 0.7), (hip[0] + out * 0.85 * u, hip[1] - 0.1 * u), low,
        (low[0] - out * 0.6 * u, ground - 0.12 * u), (knee[0] - out * 0.3 * u, knee[1] + 0.5 * u), (knee[0] - out * 0.38 * u, knee[1] - 0.25 * u),
        (hip[0] - out * 0.6 * u, hip[1] - 0.3 * u), (hip[0] - out * 0.1 * u, hip[1] - 0.55 * u), skeleton.offset(f"{near}_shoulder", -out * 0.3, 0.6),
    ]  # fmt: skip
    top = skeleton.offset(f"{near}_shoulder", out * 0.05, 0.1)
    folds = []
    for i, height in enumerate((0.9, -0.7, 0.8, -0.6, 0.9, -0.6)):
        end = between((low[0], low[1]), (knee[0] - out * 0.3 * u, knee[1] + 0.3 * u), i / 5)
        middle = (hip[0] + out * (0.65 - 0.22 * i) * u, hip[1] - (0.2 - 0.04 * i) * u)
        folds.append((smooth([top, middle, end], closed=False), 0.09 * u, height))
    brush.fill(smooth(ring, per=5), colour, Surface(round_px=0.14 * u, folds=tuple(folds)))


def _across(line: Sequence[XY], share: float, half_px: float) -> list[XY]:
    """A short line square to a sleeve at a share of its length."""
    place = share * (len(line) - 1)
    first = min(int(place), len(line) - 2)
    a, b = line[first], line[first + 1]
    x, y = between(a, b, place - first)
    dx, dy = unit(a, b)
    return [(x - dy * half_px, y + dx * half_px), (x + dy * half_px, y - dx * half_px)]


def paint_lap(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """The lap of a seated figure: thighs that come forward to the knees, and the cloth below them."""
    u = skeleton.unit_px * (0.6 if figure.sex in {"child", "cherub"} else 1.0)
    knees = [skeleton["right_knee"], skeleton["left_knee"]]
    feet = [
        (skeleton[f"{side}_ankle"][0] + 0.1 * out * u, figure.foot[1] - 0.16 * u)
        for side, out in (("right", -1), ("left", 1))
    ]
    rings = [np.array([*knees, *feet[::-1]])]
    for side, knee, foot in zip(("right", "left"), knees, feet, strict=True):
        hip = skeleton[f"{side}_hip"]
        rings += [
            tube([hip, between(hip, knee, 0.5), knee], [1.0 * u, 1.04 * u, 0.94 * u]),
            tube([knee, between(knee, foot, 0.5), foot], [0.94 * u, 0.86 * u, 1.05 * u]),
        ]
    folds = tuple(_lap_folds(knees, feet, u))
    brush.fill(rings, colour, Surface(round_px=0.26 * u, folds=folds, outline=0.6))
    for x, y in knees:
        light = ellipse(x - 0.06 * u, y - 0.14 * u, 0.3 * u, 0.22 * u)
        brush.dab(light, mixed(colour, brush.style.glow, 0.5), opacity=0.6, blur_px=0.14 * u)


def _lap_folds(knees: Sequence[XY], feet: Sequence[XY], u: float) -> Iterator[Fold]:
    """Folds that hang from each knee, and others that sag between both."""
    for (kx, ky), (fx, fy) in zip(knees, feet, strict=True):
        for i, height in enumerate((0.9, -0.6, 0.7, -0.6, 0.8)):
            dx = (i - 2) * 0.17 * u
            line = [
                (kx + 0.5 * dx, ky + 0.05 * u),
                (kx + 1.2 * dx, (ky + fy) / 2),
                (fx + 1.5 * dx, fy + 0.2 * u),
            ]
            yield smooth(line, closed=False), 0.1 * u, height
    (ax, ay), (bx, by) = knees
    for i, height in enumerate((0.9, -0.7, 0.9, -0.6)):
        low = ((ax + bx) / 2, (ay + by) / 2 + (0.1 + 0.26 * i) * u)
        yield smooth([(ax + 0.1 * u, ay), low, (bx - 0.1 * u, by)], closed=False), 0.11 * u, height


def _paint_collar(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    u = skeleton.unit_px
    lean = 0.1 * figure.facing
    line = [
        skeleton.offset("neck", -0.24, 0.02),
        skeleton.offset("neck", lean, 0.3),
        skeleton.offset("neck", 0.24, 0.02),
    ]
    brush.line(smooth(line, closed=False), 0.07 * u, brush.style.gold, opacity=0.85)
    brush.line(smooth(line, closed=False), 0.02 * u, mixed(colour, (20, 10, 10), 0.6), opacity=0.6)


def _paint_belt(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    u = skeleton.unit_px
    waist = between(skeleton["neck"], skeleton["hips"], 0.7)
    half = (0.55 if figure.sex == "woman" else 0.62) * u
    line = smooth(
        [
            (waist[0] - half, waist[1] - 0.02 * u),
            (waist[0], waist[1] + 0.07 * u),
            (waist[0] + half, waist[1] - 0.02 * u),
        ],
        closed=False,
    )
    brush.line(line, 0.13 * u, mixed(colour, (46, 26, 16), 0.75), opacity=0.9)
    brush.line(line, 0.05 * u, brush.style.gold, opacity=0.6)
