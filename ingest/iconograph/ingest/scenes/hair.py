"""Hair and head-dress: behind the head, and over it."""

from __future__ import annotations

import math

import numpy as np

from iconograph.ingest.scenes.canvas import Brush, Surface
from iconograph.ingest.scenes.curves import Points, ellipse, smooth
from iconograph.ingest.scenes.figure import Figure
from iconograph.ingest.scenes.head import Head
from iconograph.ingest.scenes.styles import Colour, mixed


def paint_hair_behind(brush: Brush, figure: Figure, head: Head) -> None:
    """The hair that falls behind face and neck."""
    frame, scale, k = head.frame, head.frame.scale_px, head.yaw
    if figure.hair.cut == "long":
        # The nearer side of a turned head shows more of it.
        back = -0.12 * k
        ring = [
            (0.0, -0.57), (0.3, -0.48), (0.45 - 0.2 * k, -0.15), (0.47 - 0.3 * k, 0.3), (0.52 - 0.5 * k, 0.8),
            (0.2 - 0.3 * k, 1.0), (-0.3 + back, 1.05), (-0.6 + back, 0.85), (-0.5 + back, 0.3), (-0.48 + back, -0.15), (-0.32 + back, -0.48),
        ]  # fmt: skip
        brush.fill(
            frame(smooth(ring)), mixed(figure.hair.colour, (20, 10, 8), 0.3), _strands(head, ring)
        )
    elif figure.hair.cut == "bound":
        brush.fill(
            frame(ellipse(-0.42 - 0.06 * k, -0.08, 0.2, 0.19)),
            figure.hair.colour,
            Surface(round_px=0.08 * scale),
        )
    elif figure.hair.cut == "curls":
        for angle in np.linspace(150, 400, 12):
            x, y = (
                0.36 * math.cos(math.radians(angle)),
                -0.05 + 0.36 * math.sin(math.radians(angle)),
            )
            brush.fill(
                frame(ellipse(x - 0.1 * k, y, 0.14, 0.14)),
                figure.hair.colour,
                Surface(round_px=0.05 * scale),
            )


def paint_hair(brush: Brush, figure: Figure, head: Head) -> None:
    """The hair over the skull, down to the hair line."""
    cut = figure.hair.cut
    if cut == "bald":
        _paint_tonsure(brush, figure, head)
        return
    ring = _cap(head)
    brush.fill(head.frame(smooth(ring)), figure.hair.colour, _strands(head, ring))
    if cut == "curls":
        for angle in np.linspace(185, 350, 9):
            x = 0.34 * math.cos(math.radians(angle)) - 0.06 * head.yaw
            y = -0.14 + 0.36 * math.sin(math.radians(angle))
            curl = ellipse(x, y, 0.11, 0.1)
            brush.fill(
                head.frame(curl), figure.hair.colour, Surface(round_px=0.04 * head.frame.scale_px)
            )


def _cap(head: Head) -> list[tuple[float, float]]:
    k, m = head.yaw, head.middle
    if head.profile:
        return [
            (0.25, -0.43), (0.0, -0.56), (-0.3, -0.47), (-0.48, -0.2), (-0.45, 0.1), (-0.3, 0.3), (-0.16, 0.2),
            (-0.14, -0.02), (0.05, -0.08), (0.14, -0.22), (0.24, -0.33),
        ]  # fmt: skip
    return [
        (0.0, -0.56), (0.25, -0.5), (0.4 - 0.03 * k, -0.27), (0.405 - 0.04 * k, 0.02), (0.35, -0.12), (m + 0.2, -0.28),
        (m + 0.02, -0.35), (m - 0.2, -0.28), (-0.29 + 0.12 * k, -0.08), (-0.31 + 0.2 * k, 0.14), (-0.43 + 0.02 * k, 0.2),
        (-0.45 - 0.05 * k, -0.1), (-0.4 - 0.06 * k, -0.33), (-0.24, -0.51),
    ]  # fmt: skip


def _strands(head: Head, ring: list[tuple[float, float]]) -> Surface:
    """Ridges that run from the parting to the edge of the hair."""
    frame, scale = head.frame, head.frame.scale_px
    part = (head.middle * 0.4, -0.5)
    lines = []
    for x, y in ring[::1]:
        middle = ((part[0] + x) / 2 + 0.12 * (1 if x > part[0] else -1), (part[1] + y) / 2 - 0.04)
        lines.append((frame(smooth([part, middle, (x, y)], closed=False)), 0.04 * scale, 0.6))
    return Surface(round_px=0.07 * scale, folds=tuple(lines))


def _paint_tonsure(brush: Brush, figure: Figure, head: Head) -> None:
    scale = head.frame.scale_px
    back = -0.08 * head.yaw
    for ring in (
        [
            (-0.3 + back, -0.3),
            (-0.45 + back, -0.1),
            (-0.42 + back, 0.18),
            (-0.3, 0.22),
            (-0.28 + 0.1 * head.yaw, -0.05),
        ],
        [(0.33, -0.22), (0.4, -0.05), (0.37, 0.08), (0.33, -0.05)],
    ):
        if head.profile and ring[0][0] > 0:
            continue
        brush.fill(head.frame(smooth(ring)), figure.hair.colour, Surface(round_px=0.05 * scale))


def paint_halo(brush: Brush, head: Head, colour: Colour) -> None:
    """A golden disc behind the head, with a ring and rays."""
    x, y = head.frame.at(-0.03, -0.08)
    u = head.frame.scale_px
    brush.fill(
        ellipse(x, y, 0.86 * u, 0.86 * u, steps=64), colour, Surface(round_px=0.2 * u, depth=0.5)
    )
    light, dark = mixed(colour, (255, 250, 220), 0.6), mixed(colour, (90, 50, 10), 0.6)
    for radius, tone in ((0.8, dark), (0.77, light), (0.64, dark)):
        ring = ellipse(x, y, radius * u, radius * u, steps=64)
        brush.line(np.vstack([ring, ring[:1]]), max(1.0, 0.015 * u), tone, opacity=0.7)
    for angle in np.arange(0, 360, 15):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        ray = np.array(
            [(x + 0.66 * u * cos, y + 0.66 * u * sin), (x + 0.77 * u * cos, y + 0.77 * u * sin)]
        )
        brush.line(ray, max(1.0, 0.02 * u), light, opacity=0.6)


def paint_veil_behind(brush: Brush, head: Head, colour: Colour) -> None:
    """The back of a veil, down to the shoulders."""
    ring = [
        (0.0, -0.62), (0.36, -0.5), (0.5 - 0.1 * head.yaw, -0.1), (0.55 - 0.2 * head.yaw, 0.5), (0.72 - 0.3 * head.yaw, 1.0),
        (0.0, 1.15), (-0.85, 1.05), (-0.68, 0.5), (-0.56 - 0.08 * head.yaw, -0.1), (-0.4 - 0.06 * head.yaw, -0.5),
    ]  # fmt: skip
    brush.fill(
        head.frame(smooth(ring)),
        mixed(colour, (30, 24, 30), 0.35),
        Surface(round_px=0.1 * head.frame.scale_px),
    )


def paint_veil(brush: Brush, head: Head, colour: Colour) -> None:
    """The front of a veil: a band over the hair that falls on both sides of the face."""
    scale, k, m = head.frame.scale_px, head.yaw, head.middle
    near = -0.46 - 0.04 * k
    ring = [
        (0.0, -0.62), (0.3, -0.54), (0.45 - 0.06 * k, -0.25), (0.46 - 0.1 * k, 0.1), (0.56 - 0.16 * k, 0.72), (0.42 - 0.1 * k, 0.74), (0.39, 0.3), (0.38, -0.05),
        (m + 0.22, -0.33), (m, -0.4), (m - 0.24, -0.33), (-0.33 + 0.2 * k, -0.08), (-0.32 + 0.22 * k, 0.25), (-0.38 + 0.1 * k, 0.6), (-0.3, 0.98),
        (-0.72, 0.98), (near - 0.12, 0.45), (near, -0.05), (near + 0.06, -0.36), (-0.26, -0.54),
    ]  # fmt: skip
    folds = tuple(
        (
            head.frame(
                smooth(
                    [
                        (-0.1, -0.58),
                        (near + 0.1 + i * 0.05, -0.1),
                        (near + i * 0.07, 0.4),
                        (-0.62 + i * 0.11, 0.95),
                    ],
                    closed=False,
                )
            ),
            0.05 * scale,
            height,
        )
        for i, height in enumerate((0.9, -0.6, 0.8))
    )
    brush.fill(head.frame(smooth(ring, per=5)), colour, Surface(round_px=0.06 * scale, folds=folds))


def paint_crown(brush: Brush, head: Head, colour: Colour) -> None:
    """A crown with five points and jewels."""
    ring: list[tuple[float, float]] = [(-0.4, -0.3), (-0.46, -0.72)]
    for i in range(5):
        x = -0.46 + 0.23 * i
        ring += [(x, -0.76), (x + 0.115, -0.55)]
    ring = [*ring[:-1], (0.4, -0.3), (0.0, -0.25)]
    _place(brush, head, np.array(ring), colour)
    for i, jewel in zip(range(3), ((180, 30, 40), (40, 70, 150), (180, 30, 40)), strict=True):
        disc = ellipse(-0.24 + 0.22 * i, -0.39, 0.045, 0.05, steps=16)
        _place(brush, head, disc, jewel)


def paint_hat(brush: Brush, head: Head, colour: Colour) -> None:
    """A soft hat with a rolled brim."""
    crown = [(-0.38, -0.28), (-0.5, -0.6), (-0.1, -0.8), (0.35, -0.68), (0.42, -0.3)]
    _place(brush, head, smooth(crown), colour)
    _place(brush, head, ellipse(-0.02, -0.31, 0.53, 0.11), mixed(colour, (20, 14, 14), 0.25))


def _place(brush: Brush, head: Head, ring: Points, colour: Colour) -> None:
    brush.fill(
        head.frame(ring - (0.05 * head.yaw, 0)),
        colour,
        Surface(round_px=0.06 * head.frame.scale_px),
    )
