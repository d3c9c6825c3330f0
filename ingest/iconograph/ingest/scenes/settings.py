"""Places: sky, land, water, rooms, architecture and the things that part a picture."""

from __future__ import annotations

import math

import numpy as np

from iconograph.ingest.scenes.canvas import FLAT, Brush, Surface
from iconograph.ingest.scenes.curves import Frame, Points, between, box, ellipse, smooth, tube
from iconograph.ingest.scenes.styles import Colour, mixed, varied

NARROW = 0.22
Area = tuple[float, float, float, float]
"""x0, y0, x1, y1 in px."""


def paint_sky(brush: Brush, area: Area) -> None:
    """A sky that pales to the horizon, with soft clouds, or a golden ground."""
    x0, y0, x1, y1 = (round(v) for v in area)
    high, low = brush.style.sky
    if brush.rng.uniform() < brush.style.golden_ground:
        high, low = (
            mixed(brush.style.gold, (120, 70, 20), 0.18),
            mixed(brush.style.gold, (255, 236, 180), 0.25),
        )
    share = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None, None] ** 0.8
    top, bottom = np.asarray(high, dtype=np.float32), np.asarray(low, dtype=np.float32)
    brush.canvas.pixels[y0:y1, x0:x1] = top + share * (bottom - top)
    if brush.owner:
        brush.canvas.owners[y0:y1, x0:x1] = brush.owner
    width = x1 - x0
    for _ in range(int(brush.rng.integers(3, 7))):
        x, y = brush.rng.uniform(x0, x1), brush.rng.uniform(y0, y0 + 0.7 * (y1 - y0))
        for i in range(4):
            puff = ellipse(
                x + i * 0.05 * width, y + brush.rng.uniform(-6, 6), 0.06 * width, 0.015 * width
            )
            brush.dab(puff, mixed(low, (255, 255, 250), 0.5), opacity=0.35, blur_px=0.012 * width)


def paint_hills(brush: Brush, area: Area, horizon_px: float) -> None:
    """Three ranges of hills, bluer with distance, and trees on the nearest."""
    x0, _, x1, y1 = area
    height, width = y1 - horizon_px, x1 - x0
    for i, tone in enumerate(brush.style.hills[:3][::-1]):
        haze = mixed(tone, brush.style.sky[1], 0.5 - 0.22 * i)
        base = horizon_px + height * (0.05 + 0.13 * i)
        crest = [
            (x0 + width * t, base - height * float(brush.rng.uniform(0.02, 0.3 - 0.06 * i)))
            for t in np.linspace(0, 1, 7)
        ]
        ring = np.vstack([smooth(crest, closed=False), [(x1, y1), (x0, y1)]])
        brush.fill(
            np.clip(ring, (x0, -1e6), (x1, y1)),
            haze,
            Surface(round_px=0.02 * width, depth=0.7, outline=0.3),
        )


def paint_ground(
    brush: Brush, area: Area, horizon_px: float, *, colour: Colour | None = None
) -> None:
    """The foreground with tufts and pebbles."""
    x0, _, x1, y1 = area
    base = colour or brush.style.ground
    u = (y1 - horizon_px) or 1.0
    edge = [
        (x0 + (x1 - x0) * t, horizon_px + float(brush.rng.uniform(-0.03, 0.03)) * u)
        for t in np.linspace(0, 1, 6)
    ]
    ring = np.vstack([smooth(edge, closed=False), [(x1, y1), (x0, y1)]])
    brush.fill(
        np.clip(ring, (x0, -1e6), (x1, y1)), base, Surface(round_px=0.05 * u, depth=0.5, outline=0)
    )
    _paint_flowers(brush, area, horizon_px)
    for _ in range(70):
        x, t = brush.rng.uniform(x0, x1), brush.rng.uniform(0.08, 1)
        y, size = horizon_px + t * u, (0.02 + 0.05 * t) * u
        tone = mixed(base, (30, 50, 20), float(brush.rng.uniform(0.15, 0.5)))
        for lean in (-0.5, 0.0, 0.5):
            blade = np.array([(x, y), (x + lean * size, y - size)])
            brush.line(blade, max(1.0, 0.12 * size), tone, opacity=0.5)


def _paint_flowers(brush: Brush, area: Area, horizon_px: float) -> None:
    """Small flowers strewn over a meadow, fewer in the dark manners."""
    x0, _, x1, y1 = area
    colours: tuple[Colour, ...] = ((236, 226, 200), (196, 60, 52), (226, 178, 70), (150, 120, 190))
    for _ in range(int(46 * (1 - brush.style.spot))):
        t = float(brush.rng.uniform(0.12, 1))
        x, y = float(brush.rng.uniform(x0, x1)), horizon_px + t * (y1 - horizon_px)
        size = (0.004 + 0.007 * t) * (y1 - horizon_px)
        colour = colours[int(brush.rng.integers(len(colours)))]
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            petal = ellipse(x + dx * size, y + dy * size, size, size, steps=10)
            brush.dab(petal, colour, opacity=0.9, blur_px=0.5)


def paint_town(brush: Brush, frame: Frame) -> None:
    """A small town far off: walls, roofs and a spire; one unit is the height of the spire."""
    stone = mixed(brush.style.stone, brush.style.sky[1], 0.35)
    roof = mixed((150, 84, 66), brush.style.sky[1], 0.3)
    for x, wide, tall in (
        (-0.7, 0.3, 0.3),
        (-0.4, 0.24, 0.42),
        (0.35, 0.34, 0.32),
        (-0.1, 0.2, 0.62),
        (0.68, 0.2, 0.44),
    ):
        half = wide / 2
        brush.fill(
            frame(box(x - half, -tall, x + half, 0)),
            stone,
            Surface(round_px=0.03 * frame.scale_px, outline=0.4),
        )
        peak = 1.6 * tall if wide < NARROW else tall + 0.16
        brush.fill(
            frame([(x - 0.6 * wide, -tall), (x, -peak), (x + 0.6 * wide, -tall)]),
            roof,
            Surface(round_px=0.03 * frame.scale_px, outline=0.4),
        )
        slit = frame(box(x - 0.02, -0.7 * tall, x + 0.02, -0.45 * tall))
        brush.dab(slit, brush.style.shadow, opacity=0.7, blur_px=0.5)


def paint_border(brush: Brush, area: Area, width_px: float) -> None:
    """A painted border of gold and colour around the picture, with leaves on it."""
    x0, y0, x1, y1 = area
    inner = box(x0 + width_px, y0 + width_px, x1 - width_px, y1 - width_px)
    brush.fill(
        box(x0, y0, x1, y1),
        brush.style.cloth(brush.rng),
        Surface(round_px=0.2 * width_px),
        holes=[inner],
    )
    step = 1.5 * width_px
    middle = width_px / 2
    places = [(x, y) for x in np.arange(x0 + middle, x1, step) for y in (y0 + middle, y1 - middle)]
    places += [
        (x, y)
        for y in np.arange(y0 + middle + step, y1 - step, step)
        for x in (x0 + middle, x1 - middle)
    ]
    for x, y in places:
        leaf = ellipse(
            float(x),
            float(y),
            0.42 * width_px,
            0.24 * width_px,
            angle_deg=float(brush.rng.uniform(-60, 60)),
            steps=14,
        )
        brush.fill(leaf, brush.style.gold, Surface(round_px=0.1 * width_px))


def paint_shadow(brush: Brush, x_px: float, y_px: float, half_px: float) -> None:
    """The shadow that a standing thing casts on the ground, away from the light."""
    ring = ellipse(x_px + 0.35 * half_px, y_px, 1.3 * half_px, 0.22 * half_px)
    brush.dab(ring, brush.style.shadow, opacity=0.55, blur_px=max(1.0, 0.14 * half_px))


def paint_sea(brush: Brush, area: Area, horizon_px: float) -> None:
    """Water with waves to the horizon."""
    x0, _, x1, y1 = area
    brush.fill(box(x0, horizon_px, x1, y1), mixed(brush.style.sky[0], (30, 70, 80), 0.45), FLAT)
    for _ in range(90):
        t = brush.rng.uniform() ** 1.5
        y, x, half = (
            horizon_px + t * (y1 - horizon_px),
            brush.rng.uniform(x0, x1),
            (0.01 + 0.05 * t) * (x1 - x0),
        )
        wave = smooth([(x - half, y), (x, y - 0.2 * half), (x + half, y)], closed=False)
        brush.line(wave, 1 + 2 * t, mixed(brush.style.sky[1], (255, 255, 255), 0.3), opacity=0.35)


def paint_tree(brush: Brush, frame: Frame, *, fruit: bool = False) -> None:
    """A tree of one unit in height with its foot at the origin."""
    u = frame.scale_px
    bark: Colour = (92, 66, 44)
    brush.fill(
        frame(
            tube(
                [(0.02, 0), (0.01, -0.06), (-0.02, -0.3), (0.03, -0.6)], [0.145, 0.11, 0.085, 0.07]
            )
        ),
        bark,
        Surface(round_px=0.025 * u),
    )
    for end in ((-0.2, -0.72), (0.24, -0.75)):
        brush.fill(
            frame(tube([(0, -0.45), between((0, -0.45), end, 0.5), end], [0.06, 0.05, 0.03])),
            bark,
            Surface(round_px=0.015 * u),
        )
    _paint_leaves(brush, frame, (130, 0.055) if fruit else (44, 0.075))
    for _ in range(9 if fruit else 0):
        x, y = brush.rng.uniform(-0.35, 0.35), brush.rng.uniform(-0.95, -0.6)
        brush.fill(frame(ellipse(x, y, 0.028, 0.03)), (192, 46, 36), Surface(round_px=0.012 * u))


def _paint_leaves(brush: Brush, frame: Frame, foliage: tuple[int, float]) -> None:
    """The crown of a tree from a number of puffs of a size."""
    (count, size), u = foliage, frame.scale_px
    green = varied(mixed(brush.style.hills[1], (40, 76, 36), 0.5), brush.rng, 12)
    for i in range(count):
        angle, away = brush.rng.uniform(0, 2 * math.pi), math.sqrt(brush.rng.uniform()) * 0.34
        puff = ellipse(
            away * 1.15 * math.cos(angle),
            -0.76 + 0.75 * away * math.sin(angle),
            size,
            0.7 * size,
            steps=18,
        )
        # Leaves nearer to the light are painted last.
        tone = mixed(green, (196, 200, 116), 0.4 * i / count - 0.05)
        brush.fill(
            frame(_leafy(puff, brush.rng, 0.05 * size)),
            tone,
            Surface(round_px=0.02 * u, outline=0.5),
        )


def _leafy(ring: Points, rng: np.random.Generator, depth: float) -> Points:
    return np.asarray(ring + rng.normal(0, depth, ring.shape))


def paint_serpent(brush: Brush, frame: Frame) -> None:
    """A serpent wound about a trunk, its head to the right of the frame."""
    u = frame.scale_px
    skin: Colour = (116, 122, 52)
    for i in range(6):
        y = -0.08 - 0.085 * i
        coil = tube(
            [(-0.08, y + 0.05), (-0.03, y + 0.045), (0.03, y + 0.01), (0.085, y - 0.03)],
            [0.042] * 4,
        )
        brush.fill(frame(coil), skin, Surface(round_px=0.012 * u))
    neck = tube(
        [(0.05, -0.53), (0.04, -0.62), (0.11, -0.68), (0.17, -0.63)], [0.045, 0.042, 0.036, 0.04]
    )
    skull = ellipse(0.18, -0.62, 0.05, 0.035, angle_deg=20)
    brush.fill([frame(neck), frame(skull)], skin, Surface(round_px=0.02 * u))
    eye = ellipse(0.185, -0.635, 0.009, 0.009, steps=10)
    brush.fill(frame(eye), (250, 230, 120), Surface(depth=0))
    tongue = tube([(0.22, -0.61), (0.25, -0.6), (0.28, -0.61)], [0.01, 0.01, 0.006], per=3)
    brush.fill(frame(tongue), (200, 40, 30), Surface(depth=0))


def paint_clouds(
    brush: Brush, start: tuple[float, float], end: tuple[float, float], size_px: float
) -> None:
    """A band of cloud from one point to another, level or aslant."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    steps = max(5, int(length / (0.55 * size_px)))
    for row, tone in ((0.35, 0.0), (0.0, 0.4), (-0.3, 0.75)):
        colour = mixed(mixed(brush.style.sky[0], (140, 140, 160), 0.5), (250, 244, 232), tone)
        for i in range(steps + 1):
            x, y = between(start, end, i / steps)
            r = size_px * float(brush.rng.uniform(0.42, 0.68))
            puff = ellipse(
                x + float(brush.rng.uniform(-0.2, 0.2)) * size_px, y + row * size_px, r, 0.75 * r
            )
            brush.fill(puff, colour, Surface(round_px=0.28 * r, depth=0.9, outline=0.5))
