"""The dragon: a four-footed body with bat's wings, horns and teeth."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from iconograph.ingest.scenes.anatomy import XY, Build, paint_face, paint_horn, paint_quadruped
from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Frame, between, tube
from iconograph.ingest.scenes.styles import Colour, mixed

DRAGON = Build(
    coat=(54, 96, 62),
    length=1.2,
    girth=0.42,
    leg=0.15,
    head=(1.02, -1.2),
    skull=0.19,
    muzzle=(0.36, 0.17),
    neck=0.26,
    tail=((-0.55, -0.72), (-1.15, -0.2), (-1.55, -0.35), (-1.45, -0.75)),
    tail_width=0.3,
)
HORNS = (
    ((-0.1, -0.12), (-0.28, -0.3), (-0.5, -0.34)),
    ((-0.02, -0.14), (-0.14, -0.36), (-0.34, -0.46)),
)


def paint_dragon(brush: Brush, frame: Frame) -> None:
    """A dragon in green, red or blue, turned to the right of its frame."""
    skin: Colour = ((54, 96, 62), (110, 44, 40), (64, 84, 96))[int(brush.rng.integers(3))]
    membrane = mixed(skin, (190, 90, 60), 0.5)
    for shoulder in ((0.1, -0.75), (-0.15, -0.7)):
        _paint_wing(brush, frame, shoulder, (skin, membrane))
    build = replace(DRAGON, coat=skin)
    paint_quadruped(brush, frame, build)
    thin = Surface(round_px=0.02 * frame.scale_px)
    for i in range(9):
        x, y = between((-0.5, -0.98), (0.45, -1.0), i / 8)
        brush.fill(
            frame([(x - 0.06, y + 0.05), (x, y - 0.12), (x + 0.06, y + 0.05)]), membrane, thin
        )
    face = paint_face(brush, frame, build, droop=12)
    for line in HORNS:
        paint_horn(brush, face, line, 0.09, (214, 196, 150))
    for x in (0.2, 0.26, 0.32, 0.38):
        tooth = face([(x, 0.06), (x + 0.025, 0.13), (x + 0.05, 0.06)])
        brush.fill(tooth, (246, 240, 224), Surface(depth=0))
    tongue = tube([(0.42, 0.06), (0.55, 0.1), (0.66, 0.02)], [0.04, 0.04, 0.02])
    brush.fill(face(tongue), (196, 40, 30), Surface(depth=0.4))


def _paint_wing(brush: Brush, frame: Frame, shoulder: XY, colours: tuple[Colour, Colour]) -> None:
    (x, y), (skin, membrane), u = shoulder, colours, frame.scale_px
    tips = [(x - 0.15, y - 0.95), (x - 0.55, y - 0.8), (x - 0.75, y - 0.5), (x - 0.8, y - 0.15)]
    ring = [shoulder]
    for a, b in pairwise(tips):
        middle_x, middle_y = between(a, b, 0.5)
        ring += [a, (middle_x + 0.12, middle_y + 0.12)]
    ring += [tips[-1], (x - 0.3, y + 0.1)]
    brush.fill(frame(ring), membrane, Surface(round_px=0.05 * u))
    for tip in tips:
        bone = tube([shoulder, between(shoulder, tip, 0.5), tip], [0.09, 0.05, 0.03], per=3)
        brush.fill(frame(bone), skin, Surface(round_px=0.02 * u))
