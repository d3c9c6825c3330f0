"""Things that people hold: each drawn about its grip, upright along the frame's -y, one head per unit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from iconograph.ingest.scenes import emblems
from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Frame, box, ellipse, smooth, tube
from iconograph.ingest.scenes.emblems import STEEL, WOOD, soft
from iconograph.ingest.scenes.styles import Colour, mixed

PARCHMENT: Colour = (236, 222, 190)
BONE: Colour = (222, 206, 168)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """How a thing is drawn, held (the hand's shape) and said with an article."""

    draw: Callable[[Brush, Frame], None]
    words: str
    grip: str = "grip"


def _book(brush: Brush, frame: Frame) -> None:
    cover = brush.style.cloth(brush.rng)
    brush.fill(frame(box(-0.62, -0.5, 0.62, 0.33)), mixed(cover, (20, 10, 10), 0.25), soft(frame))
    for side in (-1, 1):
        page = [(0, -0.42), (0.25, -0.52), (0.57, -0.46), (0.57, 0.24), (0.25, 0.2), (0, 0.29)]
        ring = np.array(page) * (side, 1)
        brush.fill(frame(ring), PARCHMENT, soft(frame, 0.07, 0.7))
        for i in range(6):
            y = -0.33 + 0.085 * i
            line = frame([(side * 0.1, y), (side * 0.48, y - 0.02)])
            brush.line(line, max(1.0, 0.025 * frame.scale_px), (84, 58, 40), opacity=0.65)
    brush.line(frame([(0, -0.42), (0, 0.29)]), 0.04 * frame.scale_px, (110, 80, 50), opacity=0.6)


def _closed_book(brush: Brush, frame: Frame) -> None:
    cover = brush.style.cloth(brush.rng)
    brush.fill(frame(box(-0.36, -0.75, 0.38, 0.25)), PARCHMENT, soft(frame))
    brush.fill(frame(box(-0.4, -0.8, 0.3, 0.2)), cover, soft(frame))
    brush.fill(frame(ellipse(-0.05, -0.3, 0.13, 0.16)), brush.style.gold, soft(frame))


def _keys(brush: Brush, frame: Frame) -> None:
    for turn, metal in ((-16, brush.style.gold), (14, STEEL)):
        key = frame.moved(0, 0, angle_deg=turn)
        brush.fill(
            key(tube([(0, 0.1), (0, -0.6), (0, -1.25)], [0.1, 0.09, 0.09])),
            metal,
            soft(frame, 0.03),
        )
        brush.fill(
            key(ellipse(0, 0.32, 0.24, 0.24)),
            metal,
            soft(frame, 0.04),
            holes=[key(ellipse(0, 0.32, 0.12, 0.12))],
        )
        bit = [
            (0.02, -1.3),
            (0.36, -1.3),
            (0.36, -1.12),
            (0.24, -1.12),
            (0.24, -1.02),
            (0.36, -1.02),
            (0.36, -0.86),
            (0.02, -0.86),
        ]
        brush.fill(key(bit), metal, soft(frame, 0.03))


def _wheel(brush: Brush, frame: Frame) -> None:
    x, y, r = 0, -0.3, 1.0
    for i in range(8):
        angle = math.radians(45 * i + 8)
        cos, sin = math.cos(angle), math.sin(angle)
        spoke = tube(
            [
                (x, y),
                (x + 0.5 * r * cos, y + 0.5 * r * sin),
                (x + 0.9 * r * cos, y + 0.9 * r * sin),
            ],
            [0.12, 0.1, 0.1],
            per=3,
        )
        brush.fill(frame(spoke), WOOD, soft(frame, 0.04))
        spike = [
            (x + r * cos - 0.08 * sin, y + r * sin + 0.08 * cos),
            (x + 1.25 * r * cos, y + 1.25 * r * sin),
            (x + r * cos + 0.08 * sin, y + r * sin - 0.08 * cos),
        ]
        brush.fill(frame(spike), STEEL, soft(frame, 0.03))
    rim, hole = ellipse(x, y, r, r, steps=56), ellipse(x, y, r * 0.8, r * 0.8, steps=56)
    brush.fill(frame(rim), mixed(WOOD, (150, 110, 70), 0.5), soft(frame, 0.06), holes=[frame(hole)])
    # The hole was cut out of the rim alone: the spokes below stay.
    brush.fill(frame(ellipse(x, y, 0.17, 0.17)), WOOD, soft(frame, 0.05))


def _skull(brush: Brush, frame: Frame) -> None:
    ring = [
        (0, -0.72),
        (0.34, -0.6),
        (0.42, -0.3),
        (0.3, -0.05),
        (0.22, 0.18),
        (-0.16, 0.18),
        (-0.26, -0.04),
        (-0.42, -0.25),
        (-0.34, -0.6),
    ]
    brush.fill(frame(smooth(ring)), BONE, soft(frame, 0.13))
    dark: Colour = (44, 28, 20)
    for x in (-0.13, 0.19):
        brush.dab(
            frame(ellipse(x, -0.2, 0.105, 0.1)), dark, opacity=0.95, blur_px=0.018 * frame.scale_px
        )
    brush.dab(
        frame([(0.03, -0.12), (0.1, 0.0), (-0.03, 0.0)]),
        dark,
        opacity=0.9,
        blur_px=0.015 * frame.scale_px,
    )
    brush.line(frame([(-0.13, 0.08), (0.2, 0.08)]), 0.025 * frame.scale_px, dark, opacity=0.8)
    for i in range(6):
        x = -0.11 + 0.06 * i
        brush.line(frame([(x, 0.03), (x, 0.14)]), 0.015 * frame.scale_px, dark, opacity=0.7)


def _chalice(brush: Brush, frame: Frame) -> None:
    gold = brush.style.gold
    brush.fill(
        frame(smooth([(-0.3, 0.42), (0, 0.34), (0.3, 0.42), (0.3, 0.5), (-0.3, 0.5)])),
        gold,
        soft(frame),
    )
    brush.fill(
        frame(tube([(0, 0.4), (0, 0.1), (0, -0.2)], [0.12, 0.14, 0.12])), gold, soft(frame, 0.04)
    )
    bowl = [
        (-0.34, -0.72),
        (0.34, -0.72),
        (0.31, -0.4),
        (0.14, -0.16),
        (-0.14, -0.16),
        (-0.31, -0.4),
    ]
    brush.fill(frame(smooth(bowl)), gold, soft(frame, 0.09, 1.3))
    brush.fill(
        frame(ellipse(0, -0.73, 0.33, 0.07)), mixed(gold, (60, 24, 14), 0.65), soft(frame, 0.02)
    )


def _scales(brush: Brush, frame: Frame) -> None:
    gold = brush.style.gold
    brush.fill(
        frame(tube([(0, 0.1), (0, -0.25), (0, -0.5)], [0.07, 0.07, 0.07])), gold, soft(frame, 0.03)
    )
    brush.fill(
        frame(tube([(-0.8, -0.36), (0, -0.46), (0.8, -0.56)], [0.06, 0.09, 0.06])),
        gold,
        soft(frame, 0.03),
    )
    for x, y in ((-0.8, -0.36), (0.8, -0.56)):
        for dx in (-0.26, 0.26):
            brush.fill(
                frame(
                    tube(
                        [(x, y), (x + dx * 0.5, y + 0.4), (x + dx, y + 0.8)],
                        [0.03, 0.03, 0.03],
                        per=2,
                    )
                ),
                gold,
                Surface(depth=0),
            )
        pan = smooth(
            [(x - 0.33, y + 0.78), (x + 0.33, y + 0.78), (x + 0.17, y + 0.95), (x - 0.17, y + 0.95)]
        )
        brush.fill(frame(pan), gold, soft(frame))


def _mirror(brush: Brush, frame: Frame) -> None:
    gold = brush.style.gold
    brush.fill(
        frame(tube([(0, 0.25), (0, -0.1), (0, -0.4)], [0.1, 0.08, 0.1])), gold, soft(frame, 0.03)
    )
    brush.fill(frame(ellipse(0, -0.8, 0.42, 0.48)), gold, soft(frame, 0.05))
    brush.fill(
        frame(ellipse(0, -0.8, 0.33, 0.39)),
        (118, 140, 150),
        Surface(round_px=0.1 * frame.scale_px, depth=-0.8),
    )
    brush.dab(
        frame(tube([(-0.16, -0.65), (0.1, -1.05)], [0.06, 0.1])),
        (244, 248, 246),
        opacity=0.7,
        blur_px=0.03 * frame.scale_px,
    )


def _lute(brush: Brush, frame: Frame) -> None:
    turned = frame.moved(0, 0, angle_deg=62)
    neck = tube([(0, -0.4), (0, -1.0), (0, -1.55)], [0.17, 0.15, 0.13])
    brush.fill(turned(neck), mixed(WOOD, (40, 24, 16), 0.5), soft(frame, 0.04))
    brush.fill(
        turned(tube([(0, -1.52), (0.2, -1.72), (0.42, -1.76)], [0.15, 0.14, 0.11])),
        WOOD,
        soft(frame, 0.04),
    )
    brush.fill(turned(smooth(_LUTE_BODY)), (196, 142, 78), soft(frame, 0.1, 0.8))
    brush.dab(
        turned(ellipse(0, -0.02, 0.14, 0.14)),
        (62, 34, 20),
        opacity=0.95,
        blur_px=0.01 * frame.scale_px,
    )
    brush.line(turned([(-0.18, 0.4), (0.18, 0.4)]), 0.06 * frame.scale_px, (70, 40, 22))
    for x in (-0.06, -0.02, 0.02, 0.06):
        brush.line(
            turned([(x, 0.4), (x, -1.5)]),
            max(1.0, 0.012 * frame.scale_px),
            (250, 238, 200),
            opacity=0.7,
        )


_LUTE_BODY = (
    (0, -0.75), (0.26, -0.42), (0.47, 0.05), (0.34, 0.52), (0, 0.66), (-0.34, 0.52), (-0.47, 0.05), (-0.26, -0.42),
)  # fmt: skip


def _jar(brush: Brush, frame: Frame) -> None:
    ring = [
        (-0.14, -0.72),
        (0.14, -0.72),
        (0.12, -0.5),
        (0.34, -0.25),
        (0.3, 0.1),
        (0.16, 0.28),
        (-0.16, 0.28),
        (-0.3, 0.1),
        (-0.34, -0.25),
        (-0.12, -0.5),
    ]
    brush.fill(frame(smooth(ring)), (206, 196, 176), soft(frame, 0.1, 1.1))
    brush.fill(
        frame(smooth([(-0.2, -0.7), (0, -0.95), (0.2, -0.7)])), brush.style.gold, soft(frame, 0.05)
    )


ATTRIBUTES = MappingProxyType({
    "lily": Attribute(draw=emblems.paint_lily, words="a lily"),
    "sword": Attribute(draw=emblems.paint_sword, words="a sword"),
    "book": Attribute(draw=_book, words="an open book", grip="open"),
    "closed book": Attribute(draw=_closed_book, words="a closed book"),
    "keys": Attribute(draw=_keys, words="two keys"),
    "apple": Attribute(draw=emblems.paint_fruit, words="an apple", grip="open"),
    "palm branch": Attribute(draw=emblems.paint_palm, words="a palm branch"),
    "wheel": Attribute(draw=_wheel, words="a spiked wheel"),
    "skull": Attribute(draw=_skull, words="a skull", grip="open"),
    "chalice": Attribute(draw=_chalice, words="a chalice"),
    "scales": Attribute(draw=_scales, words="a pair of scales"),
    "staff": Attribute(draw=emblems.paint_staff, words="a staff"),
    "cross": Attribute(draw=emblems.paint_cross, words="a cross"),
    "flag": Attribute(draw=emblems.paint_flag, words="a flag"),
    "flower": Attribute(draw=emblems.paint_flower, words="a flower"),
    "mirror": Attribute(draw=_mirror, words="a mirror"),
    "lute": Attribute(draw=_lute, words="a lute"),
    "spear": Attribute(draw=emblems.paint_spear, words="a spear"),
    "jar": Attribute(draw=_jar, words="an ointment jar"),
})  # fmt: skip
"""Everything that a hand can hold, by its label."""
