"""Many outlines as Shapely areas and boxes at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.shapes import to_shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.geometry import Outline


def areas_and_boxes(
    outlines: Sequence[Outline],
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Valid Shapely areas of n outlines, equal to those of `shapes.to_shapely`, and boxes, n x 4.

    A box (x0, y0, x1, y1) is around the corners as given, so that it holds spikes without area.
    """
    if not outlines:
        return np.empty(0, dtype=np.object_), np.empty((0, 4))
    parts = [part for outline in outlines for part in outline.parts]
    rings = [ring for part in parts for ring in (part.exterior, *part.holes)]
    corners = np.fromiter(chain.from_iterable(chain.from_iterable(rings)), dtype=np.float64)
    corners = corners.reshape(-1, 2)
    of_ring = _numbered([len(ring) for ring in rings])
    of_part = _numbered([1 + len(part.holes) for part in parts])
    of_outline = _numbered([len(outline.parts) for outline in outlines])
    linear = np.asarray(shapely.linearrings(corners, indices=of_ring), dtype=np.object_)
    polygons = np.asarray(shapely.polygons(linear, indices=of_part), dtype=np.object_)
    shapes = np.asarray(shapely.multipolygons(polygons, indices=of_outline), dtype=np.object_)
    for broken in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        shapes[broken] = to_shapely(outlines[broken])
    starts = np.flatnonzero(np.diff(of_outline[of_part[of_ring]], prepend=-1))
    across, down = np.ascontiguousarray(corners.T)
    low = [np.minimum.reduceat(places, starts) for places in (across, down)]
    high = [np.maximum.reduceat(places, starts) for places in (across, down)]
    return shapes, np.stack([*low, *high], axis=1)


def _numbered(counts: Sequence[int]) -> NDArray[np.intp]:
    """0 so often as the first count says, 1 as the second says, and so on."""
    return np.repeat(np.arange(len(counts)), counts)
