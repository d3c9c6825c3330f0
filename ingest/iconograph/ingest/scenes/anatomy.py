"""The body of a four-footed animal, seen from the side and turned to the right of its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import (
    Frame,
    Points,
    between,
    ellipse,
    smooth,
    tube,
)
from iconograph.ingest.scenes.styles import Colour, mixed

XY = tuple[float, float]


BLACK: Colour = (18, 12, 10)
WHITE: Colour = (246, 243, 234)


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """The proportions of a four-footed animal, in heights at the shoulder."""

    coat: Colour
    length: float = 1.2
    girth: float = 0.48
    leg: float = 0.16
    head: XY = (0.98, -1.25)
    skull: float = 0.21
    muzzle: XY = (0.3, 0.16)
    neck: float = 0.34
    tail: tuple[XY, ...] = ((-0.7, -0.9), (-0.86, -0.7), (-0.86, -0.4))
    tail_width: float = 0.08


def paint_quadruped(brush: Brush, frame: Frame, build: Build) -> Surface:
    """Tail, legs, trunk and neck; the surface returned suits smaller parts."""
    u = frame.scale_px
    soft = Surface(round_px=0.07 * u)
    dark = mixed(build.coat, (20, 14, 12), 0.4)
    half = build.length / 2
    brush.fill(
        frame(tube(build.tail, [build.tail_width, build.tail_width * 0.9, build.tail_width * 0.5])),
        build.coat,
        soft,
    )
    for x, tone, shift in ((half - 0.12, dark, 0.12), (-half + 0.1, dark, 0.14)):
        brush.fill(frame(_leg(x + shift, build.leg, hind=x < 0)), tone, soft)
    belly = -1.0 + build.girth / 2 + 0.02
    trunk = tube(
        [(-half, belly + 0.02), (-half * 0.4, belly), (half * 0.3, belly + 0.03), (half, belly)],
        [build.girth * 0.98, build.girth * 0.84, build.girth * 0.98, build.girth * 1.04],
    )
    hx, hy = build.head
    neck = tube(
        [(half - 0.05, belly), between((half, belly), (hx, hy), 0.5), (hx, hy)],
        [build.girth * 0.85, build.neck, build.neck * 0.75],
    )
    brush.fill([frame(trunk), frame(neck)], build.coat, Surface(round_px=0.13 * u))
    for x in (half - 0.1, -half + 0.08):
        brush.fill(frame(_leg(x, build.leg, hind=x < 0)), build.coat, soft)
    return soft


def _leg(x: float, width: float, *, hind: bool) -> Points:
    bend = -0.08 if hind else 0.03
    return tube(
        [
            (x, -0.62),
            (x + bend * 0.3, -0.42),
            (x + bend, -0.2),
            (x + 0.02, -0.05),
            (x + 0.06, -0.03),
        ],
        [width * 2.0, width * 1.3, width * 0.75, width * 0.75, width * 0.95],
    )


def paint_face(brush: Brush, frame: Frame, build: Build, *, droop: float = 28) -> Frame:
    """Skull and muzzle; the frame returned has its origin at the skull and x along the muzzle."""
    u, (hx, hy) = frame.scale_px, build.head
    face = frame.moved(hx, hy, angle_deg=droop)
    reach, thick = build.muzzle
    rings = [
        face(ellipse(0, 0, build.skull, build.skull * 0.86)),
        face(
            tube(
                [(0, 0), (reach * 0.6, 0.02), (reach, 0.03)],
                [build.skull * 1.5, thick * 1.25, thick],
            )
        ),
    ]
    brush.fill(rings, build.coat, Surface(round_px=0.06 * u))
    paint_eye(brush, face, build.skull)
    brush.dab(
        face(ellipse(reach + thick * 0.25, 0.0, thick * 0.2, thick * 0.16)),
        BLACK,
        opacity=0.8,
        blur_px=0.008 * u,
    )
    mouth = smooth(
        [
            (reach + thick * 0.35, thick * 0.28),
            (reach * 0.7, thick * 0.4),
            (reach * 0.45, thick * 0.4),
        ],
        closed=False,
    )
    brush.line(face(mouth), max(1.0, 0.014 * u), BLACK, opacity=0.6)
    return face


def paint_eye(brush: Brush, face: Frame, skull: float) -> None:
    """An eye beside the root of the muzzle."""
    x, y = skull * 0.35, -skull * 0.28
    brush.fill(
        face(ellipse(x, y, skull * 0.2, skull * 0.17, steps=16)),
        (228, 206, 150),
        Surface(depth=0.2),
    )
    brush.fill(
        face(ellipse(x + skull * 0.04, y, skull * 0.12, skull * 0.14, steps=16)),
        BLACK,
        Surface(depth=0, outline=0),
    )
    brush.line(
        face(
            smooth(
                [(x - skull * 0.26, y), (x, y - skull * 0.22), (x + skull * 0.28, y)], closed=False
            )
        ),
        max(1.0, 0.06 * face.scale_px * skull / 0.2 * 0.3),
        BLACK,
    )


def paint_ear(brush: Brush, face: Frame, colour: Colour, size: XY, turn: float) -> None:
    """An ear of a length and width, turned from upright."""
    long, wide = size
    ring = smooth([(0, 0), (wide / 2, -long * 0.5), (0, -long), (-wide / 2, -long * 0.5)])
    brush.fill(
        face.moved(-0.05, -0.1, angle_deg=turn)(ring),
        colour,
        Surface(round_px=0.04 * face.scale_px),
    )


def paint_horn(brush: Brush, face: Frame, line: Sequence[XY], width: float, colour: Colour) -> None:
    """A horn along a line, thinner to its tip."""
    brush.fill(
        face(tube(line, [width, width * 0.75, width * 0.3])),
        colour,
        Surface(round_px=0.03 * face.scale_px),
    )
