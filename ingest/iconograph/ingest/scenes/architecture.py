"""Rooms, arches, columns, thrones, tables and hangings."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from iconograph.ingest.scenes.canvas import FLAT, Brush, Surface
from iconograph.ingest.scenes.curves import (
    Frame,
    Points,
    box,
    ellipse,
    smooth,
)
from iconograph.ingest.scenes.settings import Area
from iconograph.ingest.scenes.styles import Colour, mixed


def paint_room(brush: Brush, area: Area, horizon_px: float) -> None:
    """A room: back wall, beams, and a floor of tiles that run to a vanishing point."""
    x0, y0, x1, y1 = area
    stone = brush.style.stone
    brush.fill(box(x0, y0, x1, horizon_px + 2), mixed(stone, brush.style.shadow, 0.25), FLAT)
    brush.fill(box(x0, horizon_px, x1, y1), mixed(stone, brush.style.ground, 0.4), FLAT)
    middle, far = (x0 + x1) / 2, horizon_px - 0.35 * (y1 - horizon_px)
    rows = [horizon_px + (y1 - horizon_px) * t**1.6 for t in np.linspace(0, 1, 7)]
    dark = mixed(brush.style.cloths[0], brush.style.shadow, 0.35)
    for i, (top, bottom) in enumerate(pairwise(rows)):
        for j in range(-9, 9):
            if (i + j) % 2:
                continue
            corners = [
                _towards((middle, far), middle + (j + d) * 0.14 * (x1 - x0), y, y1)
                for d, y in ((0, top), (1, top), (1, bottom), (0, bottom))
            ]
            brush.fill(
                np.array(corners),
                mixed(dark, stone, 0.25),
                Surface(depth=0, outline=0.3),
            )
    for x in np.linspace(x0, x1, 6):
        beam = box(
            float(x) - 0.012 * (x1 - x0), y0, float(x) + 0.012 * (x1 - x0), y0 + 0.05 * (y1 - y0)
        )
        brush.fill(np.clip(beam, (x0, y0), (x1, y1)), (96, 66, 42), Surface(round_px=2))
    brush.dab(
        box(x0, horizon_px - 4, x1, horizon_px + 4), brush.style.shadow, opacity=0.6, blur_px=5
    )


def _towards(point: tuple[float, float], x: float, y: float, near: float) -> tuple[float, float]:
    t = (y - point[1]) / (near - point[1])
    return (point[0] + (x - point[0]) * t, y)


def paint_window(brush: Brush, area: Area) -> None:
    """An arched window on a landscape."""
    x0, y0, x1, y1 = area
    half = (x1 - x0) / 2
    arch = _arch(x0, y0, x1, y1)
    brush.fill(
        _arch(x0 - 0.15 * half, y0 - 0.15 * half, x1 + 0.15 * half, y1 + 0.12 * half),
        brush.style.stone,
        Surface(round_px=0.1 * half),
    )
    brush.fill(arch, brush.style.sky[1], Surface(depth=0))
    brush.dab(box(x0, y0, x1, (y0 + y1) / 2), brush.style.sky[0], opacity=0.8, blur_px=0.3 * half)
    hill = smooth(
        [
            (x0, y1 - 0.5 * half),
            (x0 + half, y1 - 0.8 * half),
            (x1, y1 - 0.45 * half),
            (x1, y1 + 4),
            (x0, y1 + 4),
        ]
    )
    brush.dab(np.clip(hill, (x0, y0), (x1, y1)), brush.style.hills[0], opacity=0.9, blur_px=2)


def _arch(x0: float, y0: float, x1: float, y1: float) -> Points:
    t = np.linspace(math.pi, 2 * math.pi, 24)
    half = (x1 - x0) / 2
    bow = np.column_stack([(x0 + x1) / 2 + half * np.cos(t), y0 + half + half * np.sin(t)])
    return np.vstack([bow, [(x1, y1), (x0, y1)]])


def paint_arcade(brush: Brush, area: Area, *, bays: int) -> None:
    """A wall of round arches on slim columns, open to what was painted before."""
    x0, y0, x1, y1 = area
    bay = (x1 - x0) / bays
    spring = y0 + 0.12 * (y1 - y0)
    holes = [
        _arch(x0 + bay * i + 0.05 * bay, spring, x0 + bay * (i + 1) - 0.05 * bay, y1 + 2)
        for i in range(bays)
    ]
    brush.fill(
        box(x0, y0, x1, spring + 0.55 * bay),
        brush.style.stone,
        Surface(round_px=4, depth=0.8),
        holes=holes,
    )
    for i in range(bays + 1):
        paint_column(
            brush, (x0 + bay * i - 0.045 * bay, spring + 0.5 * bay, x0 + bay * i + 0.045 * bay, y1)
        )


def paint_column(brush: Brush, area: Area) -> None:
    """A column with base and capital."""
    x0, y0, x1, y1 = area
    width = x1 - x0
    stone = brush.style.stone
    soft = Surface(round_px=0.3 * width, depth=1.1)
    shaft = [(x0 + 0.1 * width, y0), (x1 - 0.1 * width, y0), (x1, y1), (x0, y1)]
    brush.fill(np.array(shaft), stone, soft)
    for top, bottom, out in (
        (y0 - 0.5 * width, y0 - 0.1 * width, 0.5),
        (y0 - 0.1 * width, y0 + 0.35 * width, 0.25),
        (y1 - 0.4 * width, y1, 0.4),
    ):
        brush.fill(
            box(x0 - out * width, top, x1 + out * width, bottom),
            mixed(stone, brush.style.glow, 0.12),
            Surface(round_px=0.15 * width),
        )


def paint_throne(brush: Brush, frame: Frame) -> None:
    """A throne with a high back; one unit is a head, the origin the middle of its foot."""
    u = frame.scale_px
    wood = mixed(brush.style.stone, brush.style.gold, 0.3)
    back = [(-1.7, 0), (-1.7, -5.2), (-0.9, -5.9), (0, -6.4), (0.9, -5.9), (1.7, -5.2), (1.7, 0)]
    brush.fill(frame(back), wood, Surface(round_px=0.16 * u))
    cloth = [(-1.35, -0.4), (-1.35, -5.0), (0, -5.9), (1.35, -5.0), (1.35, -0.4)]
    brush.fill(
        frame(cloth),
        mixed(brush.style.cloths[-2], brush.style.shadow, 0.3),
        Surface(round_px=0.1 * u),
    )
    for side in (-1, 1):
        brush.fill(
            frame(box(min(side * 1.5, side * 2.1), -2.6, max(side * 1.5, side * 2.1), 0.15)),
            wood,
            Surface(round_px=0.15 * u),
        )
        brush.fill(
            frame(ellipse(side * 1.7, -5.5, 0.25, 0.25)),
            brush.style.gold,
            Surface(round_px=0.1 * u),
        )
    brush.fill(
        frame(box(-2.3, 0.0, 2.3, 0.4)),
        mixed(wood, brush.style.glow, 0.1),
        Surface(round_px=0.1 * u),
    )


def paint_table(brush: Brush, area: Area, colour: Colour) -> None:
    """A table top under a cloth that hangs down in folds."""
    x0, y0, x1, y1 = area
    depth = 0.22 * (y1 - y0)
    brush.fill(
        np.array([(x0, y0 + depth), (x0 + depth, y0), (x1 - depth, y0), (x1, y0 + depth)]),
        mixed(colour, brush.style.glow, 0.2),
        FLAT,
    )
    folds = tuple(
        (
            np.array([(float(x), y0 + depth), (float(x) + 4, y1)]),
            0.018 * (x1 - x0),
            0.8 if i % 2 else -0.6,
        )
        for i, x in enumerate(np.linspace(x0, x1, 14))
    )
    brush.fill(box(x0, y0 + depth, x1, y1), colour, Surface(round_px=0.03 * (x1 - x0), folds=folds))


def paint_curtain(brush: Brush, area: Area, colour: Colour) -> None:
    """A hanging in the upper corner, with heavy folds."""
    x0, y0, x1, y1 = area
    ring = smooth(
        [
            (x0 - 5, y0 - 5),
            (x1, y0 - 5),
            (x0 + 0.75 * (x1 - x0), y0 + 0.4 * (y1 - y0)),
            (x0 + 0.3 * (x1 - x0), y0 + 0.75 * (y1 - y0)),
            (x0 - 5, y1),
        ]
    )
    folds = tuple(
        (
            smooth(
                [
                    (x0 + (x1 - x0) * t, y0),
                    (x0 + (x1 - x0) * t * 0.6, (y0 + y1) / 2),
                    (x0, y0 + (y1 - y0) * (1 - 0.4 * t)),
                ],
                closed=False,
            ),
            0.05 * (x1 - x0),
            0.9 if i % 2 else -0.7,
        )
        for i, t in enumerate(np.linspace(0.1, 0.9, 8))
    )
    brush.fill(ring, colour, Surface(round_px=0.06 * (x1 - x0), folds=folds))
