"""Wings of angels."""

from __future__ import annotations

import math

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import (
    Frame,
    tube,
)
from iconograph.ingest.scenes.figure import Figure, Skeleton
from iconograph.ingest.scenes.styles import Colour, mixed


def paint_wings(brush: Brush, figure: Figure, skeleton: Skeleton, colour: Colour) -> None:
    """A pair of raised wings with three rows of feathers."""
    u = skeleton.unit_px
    small = 0.62 if figure.sex in {"child", "cherub"} else 1.0
    back = -0.35 * figure.facing
    for side in (-1, 1):
        narrow = 0.55 if side * figure.facing > 0.3 else 1.0  # noqa: PLR2004  the far wing is foreshortened
        x, y = skeleton.offset("neck", back + 0.25 * side, 0.45)
        frame = Frame(x_px=x, y_px=y, scale_px=u * small, mirrored=side < 0)
        _paint_wing(brush, frame, colour, narrow)


def _paint_wing(brush: Brush, frame: Frame, colour: Colour, narrow: float) -> None:
    u = frame.scale_px
    rows = (
        (12, 2.9, 0.34, mixed(colour, (40, 50, 90), 0.45), 0.0),
        (10, 1.9, 0.33, mixed(colour, (170, 60, 50), 0.35), 0.05),
        (8, 1.05, 0.32, mixed(colour, (250, 220, 150), 0.4), 0.1),
    )
    for count, length, width, tone, lift in rows:
        for i in range(count):
            t = i / (count - 1)
            root = ((0.2 + 1.35 * t) * narrow, -0.35 - 1.45 * math.sin(t * 1.75) + lift)
            turn = math.radians(96 - 62 * t**1.3)
            reach = length * (0.62 + 0.38 * t)
            tip = (root[0] + reach * math.cos(turn) * narrow, root[1] + reach * math.sin(turn))
            bow = (
                root[0] + 0.6 * reach * math.cos(turn - 0.08) * narrow,
                root[1] + 0.6 * reach * math.sin(turn - 0.08),
            )
            feather = frame(tube([root, bow, tip], [width * 0.7, width, width * 0.35], per=5))
            shade = mixed(tone, (255, 250, 235), 0.12 * (i % 3))
            brush.fill(feather, shade, Surface(round_px=0.09 * u, depth=0.9))
    arm = tube(
        [(0.0, 0.1), (0.35 * narrow, -0.8), (0.95 * narrow, -1.7), (1.65 * narrow, -1.85)],
        [0.3, 0.42, 0.36, 0.2],
    )
    brush.fill(frame(arm), mixed(colour, (255, 246, 226), 0.45), Surface(round_px=0.14 * u))
