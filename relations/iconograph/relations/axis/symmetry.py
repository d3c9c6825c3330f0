"""The axis about which the two halves of a picture mirror each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Point
from iconograph.relations.axis.lines import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.axis.glance import Glance
    from iconograph.relations.thresholds import MainAxes


def mirror_axes(glance: Glance, numbers: MainAxes) -> tuple[Line, ...]:
    """An upright or a level axis of mirror symmetry; the strength is the correlation of the halves."""
    width, height = glance.width_px, glance.height_px
    lines = []
    for cells, length_px, angle_deg in (
        (glance.cells, width, 90.0),
        (glance.cells.swapaxes(0, 1), height, 0.0),
    ):
        likeness, at = _best_mirror(cells, numbers)
        if likeness < numbers.smallest_likeness:
            continue
        place = at * length_px
        upright = angle_deg > 0
        lines.append(
            Line(
                witness="mirror",
                centre=Point(
                    x_px=place if upright else width / 2, y_px=height / 2 if upright else place
                ),
                angle_deg=angle_deg,
                length_px=float(height if upright else width),
                strength=likeness,
                evidence=evidence_of(mirror_correlation=likeness),
                from_pixels=True,
            )
        )
    return tuple(lines)


def _best_mirror(cells: NDArray[np.float64], numbers: MainAxes) -> tuple[float, float]:
    """Best correlation of columns with those mirrored, and where (0..1); near the middle only.

    What is the same all along a row is taken out, for level bands of sky and ground mirror each
    other about any upright axis.
    """
    columns = cells.shape[1]
    bare = cells - cells.mean(axis=1, keepdims=True)
    if float(np.sqrt((bare**2).sum(axis=-1).mean())) < numbers.smallest_colour_deviation:
        return 0.0, 0.5
    found = []
    # Twice the place of the axis, so that it may lie in a column or between two.
    first = max(2, round(2 * columns * (0.5 - numbers.furthest_off_middle_fraction)))
    for double in range(first, 2 * columns - first + 1):
        half = min(double, 2 * columns - double) // 2
        left = bare[:, double // 2 - half : double // 2]
        start = (double + 1) // 2
        right = bare[:, start : start + half][:, ::-1]
        size = float(np.sqrt((left**2).sum() * (right**2).sum()))
        found.append((float((left * right).sum()) / size if size else 0.0, double / 2 / columns))
    # Of equal ones the most central, so that a mirrored picture gives the mirrored axis.
    return max(found, key=lambda one: (round(one[0], 9), -abs(one[1] - 0.5)), default=(0.0, 0.5))
