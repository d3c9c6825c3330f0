"""Plants, and what has a shaft or a blade: drawn about the grip, upright along -y, one head per unit."""

from __future__ import annotations

import math

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import (
    Frame,
    between,
    box,
    ellipse,
    smooth,
    tube,
)
from iconograph.ingest.scenes.styles import Colour, mixed

STEEL: Colour = (176, 182, 190)


LEAF: Colour = (64, 104, 54)


WOOD: Colour = (112, 74, 44)


WHITE: Colour = (246, 242, 232)


def soft(frame: Frame, share: float = 0.06, depth: float = 1.0) -> Surface:
    """The surface of a small solid thing."""
    return Surface(round_px=share * frame.scale_px, depth=depth)


def paint_lily(brush: Brush, frame: Frame) -> None:
    """A stem of white lilies."""
    stem = tube([(0.05, 0.7), (0, 0), (-0.06, -1.0), (0.03, -1.9)], [0.07, 0.07, 0.06, 0.05])
    brush.fill(frame(stem), LEAF, soft(frame, 0.03))
    for x, y, turn in ((0, -0.35, 40), (-0.03, -0.75, -45), (-0.04, -1.15, 50)):
        leaf = [(0, 0), (0.1, -0.2), (0.02, -0.5), (-0.1, -0.2)]
        brush.fill(frame.moved(x, y, angle_deg=turn)(smooth(leaf)), LEAF, soft(frame, 0.04))
    for x, y, turn in ((-0.3, -1.45, -62), (0.32, -1.55, 58), (0.03, -2.0, -4)):
        stalk = tube(
            [(-0.03, -1.3), between((-0.03, -1.3), (x, y), 0.6), (x, y)], [0.05, 0.045, 0.045]
        )
        brush.fill(frame(stalk), LEAF, soft(frame, 0.03))
        _lily_flower(brush, frame.moved(x, y, angle_deg=turn))


def _lily_flower(brush: Brush, frame: Frame) -> None:
    for turn in (-62, 62, -30, 30, 0):
        petal = [(0, 0.05), (0.12, -0.18), (0.02, -0.48), (-0.11, -0.18)]
        brush.fill(frame.moved(0, 0, angle_deg=turn)(smooth(petal)), WHITE, soft(frame, 0.05, 0.8))
    for turn in (-14, 0, 14):
        tip = frame.moved(0, 0, angle_deg=turn)(ellipse(0, -0.3, 0.028, 0.05, steps=12))
        brush.fill(tip, (226, 166, 40), Surface(depth=0.3, outline=0))


def paint_sword(brush: Brush, frame: Frame) -> None:
    """A long sword, held by the grip."""
    blade = [(-0.075, -0.2), (-0.055, -2.5), (0, -2.75), (0.055, -2.5), (0.075, -0.2)]
    brush.fill(frame(blade), STEEL, soft(frame, 0.04, 1.4))
    brush.line(frame([(0, -0.25), (0, -2.5)]), 0.03 * frame.scale_px, (92, 96, 108), opacity=0.7)
    guard = tube([(-0.36, -0.14), (0, -0.2), (0.36, -0.14)], [0.1, 0.1, 0.1])
    brush.fill(frame(guard), brush.style.gold, soft(frame))
    brush.fill(frame(tube([(0, -0.2), (0, 0.1), (0, 0.3)], [0.1, 0.12, 0.1])), WOOD, soft(frame))
    brush.fill(frame(ellipse(0, 0.36, 0.11, 0.11)), brush.style.gold, soft(frame))


def paint_fruit(brush: Brush, frame: Frame) -> None:
    """An apple with a leaf, red, yellow or orange."""
    skin: Colour = ((190, 44, 36), (206, 158, 52), (196, 92, 40))[int(brush.rng.integers(3))]
    ring = [
        (0, -0.4),
        (0.2, -0.45),
        (0.3, -0.2),
        (0.18, 0.08),
        (0, 0.1),
        (-0.18, 0.08),
        (-0.3, -0.2),
        (-0.2, -0.45),
    ]
    brush.fill(frame(smooth(ring)), skin, soft(frame, 0.11, 1.1))
    brush.fill(
        frame(tube([(0, -0.38), (0.02, -0.48), (0.06, -0.58)], [0.04, 0.035, 0.04], per=3)),
        WOOD,
        soft(frame, 0.02),
    )
    brush.fill(
        frame(smooth([(0.05, -0.5), (0.2, -0.62), (0.36, -0.56), (0.2, -0.48)])),
        LEAF,
        soft(frame, 0.03),
    )


def paint_palm(brush: Brush, frame: Frame) -> None:
    """A palm branch."""
    spine = smooth([(0, 0.6), (0, -0.4), (0.12, -1.4), (0.42, -2.2)], closed=False, per=9)
    for i in range(6, len(spine)):
        x, y = spine[i]
        for side in (-1, 1):
            reach = 0.5 * (1 - 0.55 * (i / len(spine)))
            tip = (x + side * reach, y - 0.32)
            leaf = tube([(x, y), between((x, y), tip, 0.5), tip], [0.06, 0.08, 0.02], per=3)
            brush.fill(frame(leaf), mixed(LEAF, (150, 160, 70), 0.25), soft(frame, 0.03))
    brush.fill(frame(tube(spine[::4], [0.09] * len(spine[::4]))), LEAF, soft(frame, 0.03))


def paint_staff(brush: Brush, frame: Frame) -> None:
    """A shepherd's crook."""
    line = [(0, 3.0), (0, 0), (0, -1.9), (0.16, -2.35), (0.5, -2.3), (0.5, -1.98), (0.3, -1.92)]
    brush.fill(frame(tube(line, [0.11] * 7)), WOOD, soft(frame, 0.04))


def paint_cross(brush: Brush, frame: Frame) -> None:
    """A slender cross on a shaft."""
    brush.fill(
        [frame(box(-0.07, -2.3, 0.07, 1.6)), frame(box(-0.5, -1.85, 0.5, -1.69))],
        mixed(WOOD, brush.style.gold, 0.4),
        soft(frame, 0.05),
    )


def paint_flag(brush: Brush, frame: Frame) -> None:
    """A white flag with a red cross."""
    brush.fill(
        frame(tube([(0, 2.6), (0, 0), (0, -3.0)], [0.08, 0.08, 0.07])), WOOD, soft(frame, 0.03)
    )
    cloth = smooth(
        [
            (0.02, -2.95),
            (0.6, -2.8),
            (1.1, -2.95),
            (1.6, -2.75),
            (1.25, -2.4),
            (1.55, -2.0),
            (1.0, -2.1),
            (0.5, -1.95),
            (0.02, -2.1),
        ]
    )
    folds = tuple(
        (
            frame(smooth([(x, -3.0), (x + 0.08, -2.5), (x, -1.9)], closed=False)),
            0.12 * frame.scale_px,
            0.9,
        )
        for x in (0.35, 0.85, 1.25)
    )
    brush.fill(frame(cloth), WHITE, Surface(round_px=0.06 * frame.scale_px, folds=folds))
    for bar in (
        tube([(0.04, -2.52), (0.6, -2.4), (1.25, -2.5)], [0.2] * 3),
        tube([(0.55, -2.85), (0.58, -2.4), (0.52, -1.98)], [0.2] * 3),
    ):
        brush.dab(frame(bar), (178, 36, 34), opacity=0.9, blur_px=0.01 * frame.scale_px)


def paint_flower(brush: Brush, frame: Frame) -> None:
    """A flower like a rose or a pink, on a stem with two leaves."""
    colour: Colour = ((200, 40, 52), (228, 150, 160), (236, 226, 206))[int(brush.rng.integers(3))]
    brush.fill(
        frame(tube([(0.03, 0.6), (0, 0), (0, -0.55)], [0.06, 0.055, 0.05])),
        LEAF,
        soft(frame, 0.03),
    )
    for turn in (55, -60):
        leaf = smooth([(0, 0), (0.11, -0.18), (0, -0.42), (-0.1, -0.18)])
        brush.fill(frame.moved(0, -0.12, angle_deg=turn)(leaf), LEAF, soft(frame, 0.04))
    for ring, size, dark in ((7, 0.2, 0.12), (5, 0.14, 0.0)):
        for i in range(ring):
            angle = math.radians(360 / ring * i)
            away = size * 0.9
            petal = ellipse(
                away * math.cos(angle),
                -0.75 + away * math.sin(angle),
                size,
                size * 0.85,
                angle_deg=math.degrees(angle),
            )
            brush.fill(
                frame(petal),
                mixed(colour, (90, 10, 20), dark),
                soft(frame, 0.06),
            )
    brush.fill(frame(ellipse(0, -0.75, 0.08, 0.08)), (226, 176, 60), soft(frame, 0.03))


def paint_spear(brush: Brush, frame: Frame) -> None:
    """A spear."""
    brush.fill(
        frame(tube([(0, 2.4), (0, 0), (0, -3.0)], [0.09, 0.09, 0.08])), WOOD, soft(frame, 0.03)
    )
    brush.fill(
        frame([(0, -3.6), (0.13, -3.2), (0.06, -2.95), (-0.06, -2.95), (-0.13, -3.2)]),
        STEEL,
        soft(frame, 0.04, 1.3),
    )
