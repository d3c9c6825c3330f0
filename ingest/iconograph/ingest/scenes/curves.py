"""Plane curves as arrays of points (n x 2, x to the right, y downwards)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""n x 2 coordinates (x, y)."""

CAP_STEPS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A local coordinate frame: `scale_px` per unit, turned by `angle_deg` from x towards y.

    With `mirrored` the local x axis is flipped before it is turned.
    """

    x_px: float
    y_px: float
    scale_px: float
    angle_deg: float = 0.0
    mirrored: bool = False

    def __call__(self, points: Points | Sequence[tuple[float, float]]) -> Points:
        """Local points in picture pixels."""
        local = np.array(points, dtype=np.float64).reshape(-1, 2) * self.scale_px
        if self.mirrored:
            local[:, 0] *= -1
        cos, sin = math.cos(math.radians(self.angle_deg)), math.sin(math.radians(self.angle_deg))
        turned = local @ np.array([[cos, sin], [-sin, cos]])
        return np.asarray(turned + np.array([self.x_px, self.y_px]))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """One local point in picture pixels."""
        px, py = self([(x, y)])[0]
        return float(px), float(py)

    def moved(self, x: float, y: float, *, scale: float = 1.0, angle_deg: float = 0.0) -> Frame:
        """The frame whose origin is the local point (x, y), scaled and turned further."""
        px, py = self.at(x, y)
        turn = -angle_deg if self.mirrored else angle_deg
        return replace(
            self,
            x_px=px,
            y_px=py,
            scale_px=self.scale_px * scale,
            angle_deg=self.angle_deg + turn,
        )


def smooth(
    points: Points | Sequence[tuple[float, float]], *, closed: bool = True, per: int = 7
) -> Points:
    """A Catmull-Rom spline through the points, `per` steps from each to the next."""
    knots = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.vstack([knots[-1:], knots, knots[:2]])
    else:
        padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, per, endpoint=False)[None, :, None]
    a, b, c, d = p0[:, None], p1[:, None], p2[:, None], p3[:, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    line = curve.reshape(-1, 2)
    return line if closed else np.vstack([line, knots[-1:]])


def tube(
    points: Points | Sequence[tuple[float, float]], widths: Sequence[float], *, per: int = 6
) -> Points:
    """The closed outline of a limb: a smooth centre line with a full width at each given point."""
    line = smooth(points, closed=False, per=per)
    knots = np.linspace(0, 1, len(widths))
    half = np.interp(np.linspace(0, 1, len(line)), knots, widths) / 2
    step = np.gradient(line, axis=0)
    step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    normal = np.column_stack([-step[:, 1], step[:, 0]]) * half[:, None]
    end = _cap(line[-1], normal[-1])
    start = _cap(line[0], -normal[0])
    return np.vstack([line + normal, end, (line - normal)[::-1], start])


def limb(points: Sequence[tuple[float, float]], widths: Sequence[float]) -> list[Points]:
    """A limb of two straight tubes that meet in the third of five points, however sharp the bend."""
    return [tube(points[:3], widths[:3], per=4), tube(points[2:], widths[2:], per=4)]


def ellipse(  # noqa: PLR0913  an ellipse has five numbers
    x: float, y: float, rx: float, ry: float, *, angle_deg: float = 0.0, steps: int = 36
) -> Points:
    """The outline of an ellipse turned by `angle_deg`."""
    t = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    frame = Frame(x_px=x, y_px=y, scale_px=1.0, angle_deg=angle_deg)
    return frame(np.column_stack([rx * np.cos(t), ry * np.sin(t)]))


def box(x0: float, y0: float, x1: float, y1: float) -> Points:
    """The outline of an upright rectangle."""
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64)


def between(a: Sequence[float], b: Sequence[float], share: float) -> tuple[float, float]:
    """The point at `share` (0..1) of the way from a to b."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def unit(from_point: Sequence[float], to_point: Sequence[float]) -> tuple[float, float]:
    """The direction from one point to another as a unit vector; (1, 0) where they coincide."""
    dx, dy = to_point[0] - from_point[0], to_point[1] - from_point[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length > 0 else (1.0, 0.0)


def joint(
    root: Sequence[float], end: Sequence[float], lengths: tuple[float, float], *, bend: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Elbow and reachable end of a two-bone limb (law of cosines); `bend` +1 or -1 picks the side."""
    first, second = lengths
    direction = unit(root, end)
    distance = math.hypot(end[0] - root[0], end[1] - root[1])
    reach = min(max(distance, abs(first - second) * 1.02 + 1e-6), (first + second) * 0.995)
    along = (first**2 - second**2 + reach**2) / (2 * reach)
    across = math.sqrt(max(0.0, first**2 - along**2)) * bend
    elbow = (
        root[0] + direction[0] * along - direction[1] * across,
        root[1] + direction[1] * along + direction[0] * across,
    )
    return elbow, (root[0] + direction[0] * reach, root[1] + direction[1] * reach)


def _cap(centre: Points, normal: Points) -> Points:
    turns = np.linspace(0, math.pi, CAP_STEPS)[1:-1]
    tangent = np.array([normal[1], -normal[0]])
    return np.asarray(centre + np.outer(np.cos(turns), normal) + np.outer(np.sin(turns), tangent))
