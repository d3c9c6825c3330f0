"""What two outlines share, worked out once for each pair however many rules ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 128
"""Pairs measured together: few enough that their sides stay in the processor's cache."""

TICKS_PER_PX = 2.0**24
"""Ends of sides are put in order by whole ticks, so that all comparisons of two agree."""

SMALLEST_PX2 = 1e-6
"""What is left of a smaller area is rounding: the two only touch."""


class SharedAreas:
    """The areas that pairs of n Shapely areas share, remembered."""

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self._shapes = shapes
        self._sides: OutlineSides | None = None
        self._keys = np.empty(0, dtype=np.int64)
        self._areas_px2 = np.empty(0)

    def px2(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.float64]:
        """The area that both of a pair cover, m; the same for a pair and the pair turned round."""
        low, high = np.minimum(first, second), np.maximum(first, second)
        keys = low.astype(np.int64) * len(self._shapes) + high
        self._learn(np.setdiff1d(keys, self._keys))
        return np.asarray(self._areas_px2[np.searchsorted(self._keys, keys)], dtype=np.float64)

    def _learn(self, keys: NDArray[np.int64]) -> None:
        if not keys.size:
            return
        if self._sides is None:
            self._sides = outline_sides(self._shapes)
        areas = common_px2(self._sides, *np.divmod(keys, len(self._shapes)))
        places = np.searchsorted(self._keys, keys)
        self._keys = np.insert(self._keys, places, keys)
        self._areas_px2 = np.insert(self._areas_px2, places, areas)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutlineSides:
    """The k sides of n areas, area by area and from left to right; upright ones are left out.

    A side leads from `lefts_px` to `rights_px`, begins at the height `starts_px` and rises by `slopes`
    for each pixel. `signs` are 1 where it was drawn to the right, -1 to the left. `ticks` (2 x k) are
    its ends in whole ticks, 0 to `most_ticks`. Sides `rows[i]` to `rows[i + 1]` are those of area i,
    which spans `spans_px[i]` (n x 2, x0 and x1).
    """

    lefts_px: NDArray[np.float64]
    rights_px: NDArray[np.float64]
    starts_px: NDArray[np.float64]
    slopes: NDArray[np.float64]
    signs: NDArray[np.float64]
    ticks: NDArray[np.int64]
    most_ticks: int
    rows: NDArray[np.intp]
    spans_px: NDArray[np.float64]


def outline_sides(shapes: NDArray[np.object_]) -> OutlineSides:
    """The sides of valid areas, Shapely polygons or multipolygons."""
    polygons, of_polygon = shapely.get_parts(shapes, return_index=True)
    polygons = np.asarray(shapely.orient_polygons(polygons), dtype=np.object_)
    rings, of_ring = shapely.get_rings(polygons, return_index=True)
    corners, of_corner = shapely.get_coordinates(rings, return_index=True)
    xs, ys = np.ascontiguousarray(corners.T)
    begins = np.flatnonzero((of_corner[1:] == of_corner[:-1]) & (xs[1:] != xs[:-1]))
    owners = of_polygon[of_ring[of_corner[begins]]]
    onward = xs[begins] < xs[begins + 1]
    ends = np.stack([np.where(onward, begins, begins + 1), np.where(onward, begins + 1, begins)])
    ticks = np.rint((xs[ends] - xs.min(initial=np.inf)) * TICKS_PER_PX).astype(np.int64)
    most_ticks = int(ticks.max(initial=0))
    order = np.argsort(owners * (most_ticks + 1) + ticks[0])
    left, right = ends[:, order]
    return OutlineSides(
        lefts_px=xs[left],
        rights_px=xs[right],
        starts_px=ys[left],
        slopes=(ys[right] - ys[left]) / (xs[right] - xs[left]),
        signs=np.where(onward, 1.0, -1.0)[order],
        ticks=ticks[:, order],
        most_ticks=most_ticks,
        rows=np.searchsorted(owners, np.arange(len(shapes) + 1)),
        spans_px=shapely.bounds(shapes)[:, ::2],
    )


def common_px2(
    sides: OutlineSides, first: NDArray[np.intp], second: NDArray[np.intp]
) -> NDArray[np.float64]:
    """The area that the areas `first[k]` and `second[k]` share, m.

    Below a point of the plane an area has as many sides of one sign as of the other, or one more
    where the point lies in it, so that an area is a signed sum of the strips under its sides, and
    what two areas share one of what two strips share: the integral of the lower side over the x that
    both span. The mean of the two sides cancels in the sum; half of what is between them remains.
    """
    areas = [
        _common_px2(sides, first[at : at + CHUNK], second[at : at + CHUNK])
        for at in range(0, first.size, CHUNK)
    ]
    found = np.concatenate(areas) if areas else np.empty(0)
    return np.where(found > SMALLEST_PX2, found, 0.0)


def _common_px2(
    sides: OutlineSides, first: NDArray[np.intp], second: NDArray[np.intp]
) -> NDArray[np.float64]:
    low = np.maximum(*(sides.spans_px[rows, 0] for rows in (first, second)))
    high = np.minimum(*(sides.spans_px[rows, 1] for rows in (first, second)))
    pairs_a, of_first = _listed(sides, first, low, high)
    pairs_b, of_second = _listed(sides, second, low, high)
    met_a, met_b = _met(
        sides.ticks[:, of_first] + (sides.most_ticks + 1) * pairs_a,
        sides.ticks[:, of_second] + (sides.most_ticks + 1) * pairs_b,
    )
    a, b = of_first[met_a], of_second[met_b]
    left = np.maximum(sides.lefts_px[a], sides.lefts_px[b])
    right = np.minimum(sides.rights_px[a], sides.rights_px[b])
    start, end = (_heights_px(sides, a, xs) - _heights_px(sides, b, xs) for xs in (left, right))
    apart = np.abs(start) + np.abs(end)
    crossed = np.flatnonzero(start * end < 0)
    apart[crossed] = (start[crossed] ** 2 + end[crossed] ** 2) / apart[crossed]
    between = sides.signs[a] * sides.signs[b] * apart * (right - left)
    sums = np.bincount(pairs_a[met_a], weights=between, minlength=first.size)
    return np.asarray(-0.25 * sums, dtype=np.float64)


def _heights_px(
    sides: OutlineSides, rows: NDArray[np.intp], xs: NDArray[np.float64]
) -> NDArray[np.float64]:
    return sides.starts_px[rows] + sides.slopes[rows] * (xs - sides.lefts_px[rows])


def _listed(
    sides: OutlineSides, rows: NDArray[np.intp], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The sides of the areas of pairs that reach between low and high, m: pair's and side's numbers."""
    pairs, listed = _spread(sides.rows[rows], sides.rows[rows + 1])
    within = sides.lefts_px[listed] < high[pairs]
    within &= sides.rights_px[listed] > low[pairs]
    return pairs[within], listed[within]


def _spread(
    starts: NDArray[np.intp], stops: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each whole number from start to stop, with the number of its range."""
    counts = np.maximum(stops - starts, 0)
    rows = np.repeat(np.arange(counts.size), counts)
    firsts = np.cumsum(counts) - counts
    return rows, np.arange(rows.size) + (starts - firsts)[rows]


def _met(
    ones: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which spans (2 x k, rising by their beginnings) meet: one of two begins within the other."""
    one, other = _spread(*np.searchsorted(others[0], ones))
    late, early = _spread(
        np.searchsorted(ones[0], others[0], side="right"), np.searchsorted(ones[0], others[1])
    )
    return np.concatenate([one, early]), np.concatenate([other, late])
