"""Solid and dashed lines and arrows."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from iconograph.relations.drawing.style import INK, Colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageDraw import ImageDraw

Place = tuple[float, float]
BEND_FRACTION = 0.12
CURVE_POINTS = 32
HEAD_LINES = 5.0
DASH_LINES = 5.0


def stroke(
    draw: ImageDraw, points: Sequence[Place], colour: Colour, width: int, *, dashed: bool
) -> None:
    """A line through the points with a dark rim, so that it shows on light and dark paint."""
    pieces = list(_dashes(points, DASH_LINES * width)) if dashed else [list(points)]
    for ink, extra in ((INK, 2 * max(1, width // 2)), (colour, 0)):
        for piece in pieces:
            draw.line(
                piece, fill=(*ink, 255 if not extra else 150), width=width + extra, joint="curve"
            )


def arrow(  # noqa: PLR0913  where, and how it looks
    draw: ImageDraw,
    start: Place,
    end: Place,
    colour: Colour,
    width: int,
    *,
    dashed: bool,
    head: bool,
) -> Place:
    """A slightly bent line, with a head where it is directed; gives its middle, for a label."""
    points = _bent(start, end)
    stroke(draw, points, colour, width, dashed=dashed)
    if head:
        _head(draw, points[-4], end, colour, HEAD_LINES * width)
    for place in (start,) if head else (start, end):
        _dot(draw, place, colour, 1.4 * width)
    return points[len(points) // 2]


def _bent(start: Place, end: Place) -> list[Place]:
    """A quadratic Bezier curve that bends to one side, so that two opposite arrows lie apart."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = (
        (start[0] + end[0]) / 2 - dy * BEND_FRACTION,
        (start[1] + end[1]) / 2 + dx * BEND_FRACTION,
    )
    curve = []
    for step in range(CURVE_POINTS + 1):
        t = step / CURVE_POINTS
        weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
        ends = (start, middle, end)
        curve.append(
            (
                sum(w * p[0] for w, p in zip(weights, ends, strict=True)),
                sum(w * p[1] for w, p in zip(weights, ends, strict=True)),
            )
        )
    return curve


def _head(draw: ImageDraw, before: Place, tip: Place, colour: Colour, length: float) -> None:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    wings = [
        (tip[0] - length * math.cos(angle + turn), tip[1] - length * math.sin(angle + turn))
        for turn in (-0.45, 0.45)
    ]
    draw.polygon([tip, *wings], fill=(*colour, 255), outline=(*INK, 255))


def _dot(draw: ImageDraw, place: Place, colour: Colour, radius: float) -> None:
    x, y = place
    draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=(*colour, 255), outline=(*INK, 255)
    )


def _dashes(points: Sequence[Place], dash: float) -> list[list[Place]]:
    """Every other piece of the line, each about `dash` long."""
    pieces: list[list[Place]] = []
    gone, drawing, piece = 0.0, True, [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        length, done = math.hypot(x1 - x0, y1 - y0), 0.0
        while length - done > dash - gone:
            done += dash - gone
            place = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length)
            if drawing:
                pieces.append([*piece, place])
            gone, drawing, piece = 0.0, not drawing, [place]
        gone += length - done
        piece.append((x1, y1))
    return [*pieces, piece] if drawing and len(piece) > 1 else pieces
