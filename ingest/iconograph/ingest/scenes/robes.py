"""The outline of a robe in each stance, and where its folds run."""

from __future__ import annotations

from collections.abc import Sequence

from iconograph.ingest.scenes.canvas import Brush
from iconograph.ingest.scenes.curves import (
    Points,
    between,
    smooth,
)
from iconograph.ingest.scenes.figure import XY, Figure, Skeleton

Fold = tuple[Points, float, float]


def _standing_robe(brush: Brush, figure: Figure, skeleton: Skeleton) -> tuple[list[XY], list[XY]]:
    ground = figure.foot[1]
    u = skeleton.unit_px
    x0 = min(skeleton["right_ankle"][0], skeleton["left_ankle"][0]) - 0.55 * u
    x1 = max(skeleton["right_ankle"][0], skeleton["left_ankle"][0]) + 0.55 * u
    hem = _hem(brush, (x0, ground), (x1, ground), u)
    hip_y = skeleton["hips"][1]
    left = [
        skeleton.offset("hips", -0.74, 0.1),
        (between((x0, ground), skeleton["hips"], 0.4)[0] - 0.3 * u, (hip_y + ground) / 2),
    ]
    right = [
        (between((x1, ground), skeleton["hips"], 0.4)[0] + 0.3 * u, (hip_y + ground) / 2),
        skeleton.offset("hips", 0.74, 0.1),
    ]
    return [
        *_shoulders(figure, skeleton, "left_side"),
        *left,
        *hem,
        *right,
        *_shoulders(figure, skeleton, "right_side"),
    ], hem


def tunic(figure: Figure, skeleton: Skeleton) -> tuple[list[XY], list[XY]]:
    """The outline of a short robe, and its hem."""
    hem = [
        skeleton.offset("hips", x, y)
        for x, y in ((-0.95, 1.25), (-0.5, 1.4), (0, 1.32), (0.5, 1.42), (0.95, 1.25))
    ]
    left, right = [skeleton.offset("hips", -0.72, 0.1)], [skeleton.offset("hips", 0.72, 0.1)]
    return [
        *_shoulders(figure, skeleton, "left_side"),
        *left,
        *hem,
        *right,
        *_shoulders(figure, skeleton, "right_side"),
    ], hem


def _kneeling_robe(brush: Brush, figure: Figure, skeleton: Skeleton) -> tuple[list[XY], list[XY]]:
    ground, u, s = figure.foot[1], skeleton.unit_px, figure.side
    x = figure.foot[0]
    front, back = (x + 0.95 * s * u, ground), (x - 2.1 * s * u, ground + 0.02 * u)
    hem = _hem(brush, back, front, u)
    rear = [
        (x - 0.85 * s * u, ground - 2.0 * u),
        (x - 1.2 * s * u, ground - 1.2 * u),
        (x - 1.75 * s * u, ground - 0.5 * u),
    ]
    fore = [(x + 0.8 * s * u, ground - 0.7 * u), (x + 0.62 * s * u, ground - 1.9 * u)]
    first, second = ("left_side", "right_side") if s > 0 else ("right_side", "left_side")
    top_rear, top_fore = _shoulders(figure, skeleton, first), _shoulders(figure, skeleton, second)
    if s < 0:
        top_rear, top_fore = top_rear[::-1], top_fore[::-1]
    return [*top_rear, *rear, *hem, *fore, *top_fore], hem


def _seated_robe(brush: Brush, figure: Figure, skeleton: Skeleton) -> tuple[list[XY], list[XY]]:
    ground, u = figure.foot[1], skeleton.unit_px
    small = 0.6 if figure.sex in {"child", "cherub"} else 1.0
    rk, lk = skeleton["right_knee"], skeleton["left_knee"]
    x0, x1 = (
        skeleton["right_ankle"][0] - 0.55 * u * small,
        skeleton["left_ankle"][0] + 0.55 * u * small,
    )
    hem = _hem(brush, (x0, ground), (x1, ground), u * small)
    out = 0.42 * small * u
    left = [
        skeleton.offset("hips", -0.85 * small, -0.05),
        (rk[0] - out, rk[1] - 0.1 * u),
        (rk[0] - out * 1.1, rk[1] + 0.5 * u * small),
    ]
    right = [
        (lk[0] + out * 1.1, lk[1] + 0.5 * u * small),
        (lk[0] + out, lk[1] - 0.1 * u),
        skeleton.offset("hips", 0.85 * small, -0.05),
    ]
    if figure.facing > 0:
        left[1] = between(left[0], left[1], 0.55)
    else:
        right[1] = between(right[2], right[1], 0.55)
    return [
        *_shoulders(figure, skeleton, "left_side"),
        *left,
        *hem,
        *right,
        *_shoulders(figure, skeleton, "right_side"),
    ], hem


ROBES = {
    "standing": _standing_robe,
    "striding": _standing_robe,
    "kneeling": _kneeling_robe,
    "seated": _seated_robe,
}


def _shoulders(figure: Figure, skeleton: Skeleton, side: str) -> list[XY]:
    """From the neck down to the waist on the picture's left, or up from it on the right."""
    small = 0.62 if figure.sex in {"child", "cherub"} else 1.0
    slim = 0.92 if figure.sex == "woman" else 1.0
    if side == "left_side":
        waist = between(skeleton["neck"], skeleton["hips"], 0.66)
        u = skeleton.unit_px
        return [
            skeleton.offset("neck", -0.22, 0.0), skeleton.offset("right_shoulder", -0.12 * small, -0.14),
            skeleton.offset("right_shoulder", -0.1 * small, 0.45 * small), (waist[0] - 0.6 * slim * small * u, waist[1]),
        ]  # fmt: skip
    waist = between(skeleton["neck"], skeleton["hips"], 0.66)
    u = skeleton.unit_px
    return [
        (waist[0] + 0.6 * slim * small * u, waist[1]), skeleton.offset("left_shoulder", 0.1 * small, 0.45 * small),
        skeleton.offset("left_shoulder", 0.12 * small, -0.14), skeleton.offset("neck", 0.22, 0.0),
    ]  # fmt: skip


def _hem(brush: Brush, start: XY, end: XY, u: float) -> list[XY]:
    steps = 7
    waves = brush.rng.uniform(-0.07, 0.05, steps) * u
    return [
        (start[0] + (end[0] - start[0]) * i / (steps - 1), start[1] + float(waves[i]))
        for i in range(steps)
    ]


def chest_folds(figure: Figure, skeleton: Skeleton) -> list[Fold]:
    """Folds that run from the shoulders to the belt."""
    u = skeleton.unit_px
    waist = between(skeleton["neck"], skeleton["hips"], 0.66)
    middle = waist[0] + 0.12 * figure.facing * u
    folds = []
    for side, out in (("right", -1), ("left", 1)):
        for i, height in enumerate((0.8, -0.6, 0.7)):
            start = skeleton.offset(f"{side}_shoulder", -out * (0.1 + 0.2 * i), 0.05)
            line = [
                start,
                (start[0] * 0.6 + middle * 0.4, (start[1] + waist[1]) / 2),
                (middle + out * (0.36 - 0.12 * i) * u, waist[1]),
            ]
            folds.append((smooth(line, closed=False), 0.08 * u, height))
    return folds


def skirt_folds(brush: Brush, figure: Figure, skeleton: Skeleton, hem: Sequence[XY]) -> list[Fold]:
    """Folds that hang from belt or knees to the hem."""
    u = skeleton.unit_px
    waist = between(skeleton["neck"], skeleton["hips"], 0.72)
    count = 9 if not figure.dress.short else 6
    folds: list[Fold] = []
    for i in range(count):
        share = (i + 0.5 + float(brush.rng.uniform(-0.25, 0.25))) / count
        end = between(hem[0], hem[-1], share)
        start = (waist[0] + (share - 0.5) * 0.95 * u * _way(hem), waist[1])
        if figure.stance == "seated":
            knee = skeleton["right_knee" if share < 0.5 else "left_knee"]  # noqa: PLR2004  the nearer knee
            start = (knee[0] + (share - 0.5) * 0.7 * u, knee[1] - 0.1 * u)
        sway = float(brush.rng.uniform(-0.12, 0.12)) * u
        middle = ((start[0] + end[0]) / 2 + sway, (start[1] + end[1]) / 2)
        height = (1.0 if i % 2 else -0.8) * float(brush.rng.uniform(0.7, 1.1))
        folds.append(
            (
                smooth([start, middle, end], closed=False),
                float(brush.rng.uniform(0.07, 0.13)) * u,
                height,
            )
        )
    if figure.stance == "seated":
        a, b = skeleton["right_knee"], skeleton["left_knee"]
        for i in range(3):
            sag = (0.25 + 0.3 * i) * u
            line = [a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + sag), b]
            folds.append((smooth(line, closed=False), 0.09 * u, 0.8 if i % 2 == 0 else -0.6))
    return folds


def _way(hem: Sequence[XY]) -> float:
    return 1.0 if hem[-1][0] > hem[0][0] else -1.0
