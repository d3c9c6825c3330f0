"""What a heat map says: the point looked at, and how far the heat spreads as seen from the head."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.gaze.numbers import MapNumbers

    Floats = NDArray[np.float64]

SHORTEST_PX = 1e-6
WIDEST_SPREAD_DEG = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The point looked at, the unit vector towards it, and the spread of the heat.

    `direction` is None when the point is the head's own middle. `spread_deg` is the root of the mean
    squared angle between the direction and the heat, 0..90.
    """

    target_px: tuple[float, float]
    direction: tuple[float, float] | None
    spread_deg: float


def look_of(
    heat: Floats,
    head_px: tuple[float, float],
    map_size_px: tuple[float, float],
    numbers: MapNumbers,
) -> Look:
    """The look of a head (its middle) at a map (h x w, some heat > 0) that covers so many pixels."""
    high, wide = heat.shape
    kept = np.where(heat < numbers.floor_fraction * heat.max(), 0.0, heat)
    xs = (np.arange(wide) + 0.5) * map_size_px[0] / wide
    ys = (np.arange(high) + 0.5) * map_size_px[1] / high
    row, column = divmod(int(kept.argmax()), wide)
    reach = numbers.reach_fraction * max(high, wide)
    near = np.hypot(np.arange(wide) - column, (np.arange(high) - row)[:, None]) <= reach
    target = _middle(np.where(near, kept, 0.0), xs, ys)
    direction = towards(head_px, target)
    return Look(
        target_px=target,
        direction=direction,
        spread_deg=_spread_deg(kept, xs - head_px[0], ys - head_px[1], direction),
    )


def towards(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float] | None:
    """The unit vector from one point to another; None where they are one."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y)
    return (x / length, y / length) if length > SHORTEST_PX else None


def blended(
    direction: tuple[float, float] | None, other: tuple[float, float] | None, share: float
) -> tuple[float, float] | None:
    """A direction turned a share of the way to another, along their chord; one alone stays."""
    if direction is None or other is None:
        return direction or other
    mixed = tuple((1 - share) * a + share * b for a, b in zip(direction, other, strict=True))
    return towards((0.0, 0.0), (mixed[0], mixed[1])) or direction


def _middle(heat: Floats, xs: Floats, ys: Floats) -> tuple[float, float]:
    total = heat.sum()
    return float(heat.sum(axis=0) @ xs / total), float(heat.sum(axis=1) @ ys / total)


def _spread_deg(
    heat: Floats, away_x: Floats, away_y: Floats, direction: tuple[float, float] | None
) -> float:
    """Root mean square of the angles from the direction to the heat."""
    if direction is None:
        return WIDEST_SPREAD_DEG
    along = away_x[None] * direction[0] + away_y[:, None] * direction[1]
    across = away_y[:, None] * direction[0] - away_x[None] * direction[1]
    angles = np.arctan2(across, along)
    mean_square = float((heat * angles**2).sum() / heat.sum())
    return min(WIDEST_SPREAD_DEG, math.degrees(math.sqrt(mean_square)))
