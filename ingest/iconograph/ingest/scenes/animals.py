"""Animals, seen from the side and turned to the right of the frame; one unit is the height at the shoulder."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from iconograph.ingest.scenes.anatomy import (
    BLACK,
    WHITE,
    XY,
    Build,
    paint_ear,
    paint_face,
    paint_horn,
    paint_quadruped,
)
from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Frame, between, ellipse, smooth, tube
from iconograph.ingest.scenes.dragon import paint_dragon
from iconograph.ingest.scenes.styles import Colour, mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """How an animal is painted, and where its eye is in its frame (x right, y up from the ground)."""

    draw: Callable[[Brush, Frame], None]
    eye: XY
    words: str


def _goat(brush: Brush, frame: Frame) -> None:
    coat: Colour = ((214, 204, 186), (92, 66, 48), (150, 118, 84))[int(brush.rng.integers(3))]
    build = Build(
        coat=coat,
        length=0.98,
        girth=0.42,
        leg=0.12,
        head=(0.9, -1.3),
        muzzle=(0.28, 0.14),
        tail=((-0.48, -0.98), (-0.6, -1.1), (-0.66, -1.2)),
        tail_width=0.12,
    )
    paint_quadruped(brush, frame, build)
    face_frame = frame.moved(*build.head, angle_deg=32)
    for line in (
        [(-0.02, -0.12), (-0.2, -0.42), (-0.52, -0.52)],
        [(0.05, -0.13), (-0.08, -0.46), (-0.38, -0.62)],
    ):
        paint_horn(brush, face_frame, line, 0.11, (120, 100, 74))
    face = paint_face(brush, frame, build, droop=32)
    paint_ear(brush, face, mixed(coat, BLACK, 0.2), (0.28, 0.12), -110)
    beard = smooth([(0.14, 0.1), (0.3, 0.09), (0.3, 0.26), (0.36, 0.44), (0.2, 0.3)])
    brush.fill(
        face(beard), mixed(coat, (250, 244, 230), 0.3), Surface(round_px=0.03 * frame.scale_px)
    )


def _lamb(brush: Brush, frame: Frame) -> None:
    coat: Colour = (236, 228, 208)
    build = Build(
        coat=coat,
        length=1.1,
        girth=0.5,
        leg=0.12,
        head=(0.86, -1.16),
        skull=0.19,
        muzzle=(0.22, 0.15),
        tail=((-0.55, -0.8), (-0.68, -0.65), (-0.68, -0.45)),
        tail_width=0.14,
    )
    paint_quadruped(brush, frame, build)
    wool = Surface(round_px=0.05 * frame.scale_px)
    for row, count, shift in ((-0.98, 8, 0.5), (-0.84, 9, 0), (-0.7, 8, 0.5), (-0.57, 7, 0)):
        for i in range(count):
            x = -0.58 + 1.16 * (i + shift) / (count - 1) + float(brush.rng.uniform(-0.03, 0.03))
            brush.fill(frame(ellipse(min(x, 0.62), row, 0.12, 0.1)), coat, wool)
    for t in (0.2, 0.5, 0.8):
        x, y = between((0.58, -0.85), build.head, t)
        brush.fill(frame(ellipse(x, y, 0.15, 0.13)), coat, wool)
    face = paint_face(brush, frame, build, droop=34)
    paint_ear(brush, face, mixed(coat, (190, 140, 120), 0.25), (0.24, 0.12), -100)
    brush.fill(face(ellipse(-0.05, -0.16, 0.14, 0.09)), coat, wool)


def _dog(brush: Brush, frame: Frame) -> None:
    coat: Colour = ((224, 208, 180), (134, 88, 50), (70, 56, 46))[int(brush.rng.integers(3))]
    build = Build(
        coat=coat,
        girth=0.38,
        length=0.95,
        leg=0.11,
        head=(0.78, -1.26),
        muzzle=(0.3, 0.13),
        neck=0.27,
        tail=((-0.46, -0.88), (-0.74, -1.0), (-0.8, -1.3)),
        tail_width=0.1,
    )
    paint_quadruped(brush, frame, build)
    face = paint_face(brush, frame, build, droop=14)
    paint_ear(brush, face, mixed(coat, (40, 24, 16), 0.45), (0.34, 0.2), 200)
    collar = tube([(0.5, -1.06), (0.64, -0.99), (0.73, -0.92)], [0.07, 0.07, 0.07], per=3)
    brush.dab(frame(collar), (160, 34, 30), opacity=0.9, blur_px=0.005 * frame.scale_px)


def _horse_like(brush: Brush, frame: Frame, coat: Colour, mane: Colour) -> Frame:
    build = Build(
        coat=coat,
        length=1.0,
        girth=0.42,
        leg=0.115,
        head=(0.9, -1.5),
        skull=0.17,
        muzzle=(0.36, 0.14),
        neck=0.34,
        tail=((-0.48, -0.94), (-0.72, -0.75), (-0.72, -0.25)),
        tail_width=0.18,
    )
    paint_quadruped(brush, frame, build)
    face = paint_face(brush, frame, build, droop=48)
    for i in range(7):
        x, y = between((0.36, -1.02), (0.82, -1.64), i / 6)
        lock = tube([(x, y), (x + 0.02, y + 0.14), (x - 0.06, y + 0.3)], [0.1, 0.11, 0.04])
        brush.fill(frame(lock), mane, Surface(round_px=0.03 * frame.scale_px))
    paint_ear(brush, face, coat, (0.2, 0.1), -50)
    return face


def _horse(brush: Brush, frame: Frame) -> None:
    coat: Colour = ((232, 226, 214), (118, 66, 36), (56, 42, 36))[int(brush.rng.integers(3))]
    _horse_like(brush, frame, coat, mixed(coat, (40, 24, 14), 0.55))


def _unicorn(brush: Brush, frame: Frame) -> None:
    face = _horse_like(brush, frame, (242, 238, 228), (214, 200, 170))
    paint_horn(brush, face, [(0.1, -0.13), (0.3, -0.5), (0.48, -0.86)], 0.085, (236, 214, 160))


def _lion(brush: Brush, frame: Frame) -> None:
    coat, mane = (204, 154, 84), (140, 84, 38)
    build = Build(
        coat=coat,
        girth=0.42,
        length=1.1,
        leg=0.15,
        head=(0.84, -1.12),
        skull=0.25,
        muzzle=(0.22, 0.22),
        neck=0.4,
        tail=((-0.54, -0.88), (-0.92, -0.8), (-1.03, -1.3)),
    )
    paint_quadruped(brush, frame, build)
    brush.fill(
        frame(ellipse(-1.06, -1.36, 0.1, 0.14)), mane, Surface(round_px=0.04 * frame.scale_px)
    )
    for ring, count, size in ((0.34, 13, 0.17), (0.22, 9, 0.16)):
        for i in range(count):
            angle = math.radians(60 + 250 * i / (count - 1))
            x, y = 0.84 + ring * 1.05 * math.cos(angle), -1.08 + ring * math.sin(angle) * 1.15
            lock = ellipse(x, y, size, size * 0.62, angle_deg=math.degrees(angle) + 25)
            brush.fill(
                frame(lock),
                mixed(mane, (200, 140, 70), 0.25 * (i % 2)),
                Surface(round_px=0.04 * frame.scale_px),
            )
    face = paint_face(brush, frame, build, droop=10)
    paint_ear(brush, face, coat, (0.2, 0.2), -30)


def _ox(brush: Brush, frame: Frame) -> None:
    coat: Colour = ((126, 78, 48), (178, 140, 102))[int(brush.rng.integers(2))]
    build = Build(
        coat=coat,
        girth=0.54,
        length=1.18,
        leg=0.155,
        head=(0.96, -1.1),
        skull=0.22,
        muzzle=(0.32, 0.22),
        neck=0.44,
    )
    paint_quadruped(brush, frame, build)
    horns = frame.moved(*build.head, angle_deg=30)
    for line in (
        [(-0.05, -0.15), (0.05, -0.38), (0.26, -0.48)],
        [(-0.12, -0.14), (-0.16, -0.38), (-0.02, -0.56)],
    ):
        paint_horn(brush, horns, line, 0.1, (226, 212, 180))
    face = paint_face(brush, frame, build, droop=38)
    paint_ear(brush, face, mixed(coat, BLACK, 0.2), (0.24, 0.13), -100)


def _dove(brush: Brush, frame: Frame) -> None:
    """One unit is the length of the bird, which flies."""
    soft = Surface(round_px=0.05 * frame.scale_px)
    for i in range(4):
        line = [(-0.2, -0.5), (-0.45, -0.42 + 0.05 * i), (-0.66, -0.46 + 0.09 * i)]
        brush.fill(frame(tube(line, [0.06, 0.1, 0.08])), WHITE, soft)
    body = [(-0.3, -0.48), (0.0, -0.62), (0.24, -0.6), (0.3, -0.46), (0.1, -0.3), (-0.15, -0.34)]
    brush.fill(frame(smooth(body)), WHITE, Surface(round_px=0.09 * frame.scale_px))
    brush.fill(frame(ellipse(0.32, -0.6, 0.12, 0.11)), WHITE, soft)
    brush.fill(frame([(0.42, -0.63), (0.55, -0.57), (0.42, -0.55)]), (206, 140, 60), soft)
    eye = frame(ellipse(0.35, -0.62, 0.022, 0.022, steps=10))
    brush.fill(eye, BLACK, Surface(depth=0, outline=0))
    root = (0.05, -0.5)
    for turn, long in ((-150, 0.75), (-128, 0.85), (-106, 0.82), (-86, 0.66)):
        dx, dy = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        tip = (root[0] + dx * long, root[1] + dy * long)
        feather = tube([root, between(root, tip, 0.5), tip], [0.12, 0.2, 0.08])
        brush.fill(frame(feather), WHITE, soft)


ANIMALS = MappingProxyType({
    "goat": Animal(draw=_goat, eye=(0.96, -1.32), words="a goat"),
    "lamb": Animal(draw=_lamb, eye=(0.93, -1.19), words="a lamb"),
    "dog": Animal(draw=_dog, eye=(0.86, -1.3), words="a dog"),
    "horse": Animal(draw=_horse, eye=(0.97, -1.5), words="a horse"),
    "unicorn": Animal(draw=_unicorn, eye=(0.97, -1.5), words="a unicorn"),
    "lion": Animal(draw=_lion, eye=(0.93, -1.17), words="a lion"),
    "ox": Animal(draw=_ox, eye=(1.05, -1.12), words="an ox"),
    "dove": Animal(draw=_dove, eye=(0.35, -0.62), words="a dove"),
    "dragon": Animal(draw=paint_dragon, eye=(1.09, -1.24), words="a dragon"),
})  # fmt: skip
"""Every animal, by its label."""
