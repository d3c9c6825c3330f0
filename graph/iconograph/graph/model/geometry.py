"""Shapes on the picture plane, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_finite

Ring = tuple[tuple[float, float], ...]
"""Corners (x_px, y_px) in order; the last is joined to the first and not repeated."""

SMALLEST_AREA_PX2 = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the picture plane."""

    x_px: float
    y_px: float

    def __post_init__(self) -> None:
        require_finite("Point", x_px=self.x_px, y_px=self.y_px)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An upright rectangle; (x0, y0) is its upper left corner, (x1, y1) its lower right one."""

    x0_px: float
    y0_px: float
    x1_px: float
    y1_px: float

    def __post_init__(self) -> None:
        require_finite(
            "Box", x0_px=self.x0_px, y0_px=self.y0_px, x1_px=self.x1_px, y1_px=self.y1_px
        )
        if self.x0_px >= self.x1_px or self.y0_px >= self.y1_px:
            message = f"a box needs x0 < x1 and y0 < y1, got {self.corners_px}"
            raise InvalidValueError(message)

    @property
    def corners_px(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return (self.x0_px, self.y0_px, self.x1_px, self.y1_px)

    @property
    def width_px(self) -> float:
        """Extent along x."""
        return self.x1_px - self.x0_px

    @property
    def height_px(self) -> float:
        """Extent along y."""
        return self.y1_px - self.y0_px

    @property
    def area_px2(self) -> float:
        """Width times height."""
        return self.width_px * self.height_px

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(x_px=(self.x0_px + self.x1_px) / 2, y_px=(self.y0_px + self.y1_px) / 2)

    def holds(self, point: Point) -> bool:
        """Say whether the point lies inside or on the border."""
        return self.x0_px <= point.x_px <= self.x1_px and self.y0_px <= point.y_px <= self.y1_px


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """A filled area with holes; rings may run either way round."""

    exterior: Ring
    holes: tuple[Ring, ...] = ()

    def __post_init__(self) -> None:
        for ring in (self.exterior, *self.holes):
            _require_ring(ring)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The visible area of a region: one polygon, or several where something stands before it."""

    parts: tuple[Polygon, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            message = "an outline needs at least one polygon, got none"
            raise InvalidValueError(message)

    @classmethod
    def from_box(cls, box: Box) -> Self:
        """The outline of an upright rectangle, clockwise from its upper left corner."""
        ring = (
            (box.x0_px, box.y0_px),
            (box.x1_px, box.y0_px),
            (box.x1_px, box.y1_px),
            (box.x0_px, box.y1_px),
        )
        return cls(parts=(Polygon(exterior=ring),))

    @property
    def box(self) -> Box:
        """The smallest upright rectangle around all parts."""
        xs = [x for part in self.parts for x, _ in part.exterior]
        ys = [y for part in self.parts for _, y in part.exterior]
        return Box(x0_px=min(xs), y0_px=min(ys), x1_px=max(xs), y1_px=max(ys))

    @property
    def area_px2(self) -> float:
        """Area of the parts less that of their holes; parts are taken not to overlap."""
        return sum(
            abs(ring_area_px2(part.exterior)) - sum(abs(ring_area_px2(h)) for h in part.holes)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientedBox:
    """A turned rectangle: `width_px` along `angle_deg`, which is the longer side's, in (-90, 90]."""

    centre: Point
    width_px: float
    height_px: float
    angle_deg: float

    def __post_init__(self) -> None:
        require_finite(
            "OrientedBox",
            width_px=self.width_px,
            height_px=self.height_px,
            angle_deg=self.angle_deg,
        )
        if not self.width_px >= self.height_px > 0:
            found = f"{self.width_px} x {self.height_px}"
            message = f"an oriented box needs width >= height > 0, got {found}"
            raise InvalidValueError(message)
        if not -90 < self.angle_deg <= 90:  # noqa: PLR2004
            message = f"an oriented box needs an angle in (-90, 90], got {self.angle_deg}"
            raise InvalidValueError(message)

    @property
    def corners(self) -> Ring:
        """Its four corners in order."""
        cos, sin = math.cos(math.radians(self.angle_deg)), math.sin(math.radians(self.angle_deg))
        half_w, half_h = self.width_px / 2, self.height_px / 2
        return tuple(
            (
                self.centre.x_px + u * half_w * cos - v * half_h * sin,
                self.centre.y_px + u * half_w * sin + v * half_h * cos,
            )
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )


def ring_area_px2(ring: Ring) -> float:
    """Signed area of a ring, positive when it runs clockwise on the screen (shoelace formula)."""
    return 0.5 * sum(
        x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def folded_angle_deg(angle_deg: float) -> float:
    """Fold the direction of an undirected line into (-90, 90]."""
    folded = angle_deg % 180.0
    return folded - 180.0 if folded > 90.0 else folded  # noqa: PLR2004


def _require_ring(ring: Ring) -> None:
    if len(set(ring)) < 3:  # noqa: PLR2004
        message = f"a ring needs at least 3 different corners, got {len(set(ring))}: {ring[:4]}"
        raise InvalidValueError(message)
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in ring):
        message = f"a ring needs finite corners, got {ring[:4]}"
        raise InvalidValueError(message)
    if abs(ring_area_px2(ring)) < SMALLEST_AREA_PX2:
        message = f"a ring needs an area, got corners on one line: {ring[:4]}"
        raise InvalidValueError(message)
