"""The widest empty strip between two groups of figures, at any angle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import folded_angle_deg
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import Line, cut_at
from iconograph.relations.axis.realms import ANGLES_DEG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

MOST_MARGIN_SIZES = 0.5
"""Median sizes of a person beyond which a wider strip says no more."""


def widest_margin(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """The line with the widest margin between persons; weak evidence, as some strip is always there.

    Bodies are taken as ellipses in their boxes, so that a slanting strip can pass between boxes that
    share a corner. Levels and upright corridors have witnesses of their own.
    """
    persons = scene.of_kind(RegionKind.PERSON)
    if persons.sum() < 2:  # noqa: PLR2004  a margin has two sides
        return ()
    slants = np.abs(np.abs(ANGLES_DEG) - 45.0) < 45.0 - thresholds.divides.agreement_angle_deg
    turns = np.radians(ANGLES_DEG[slants])
    normals = np.stack([-np.sin(turns), np.cos(turns)])
    ends_px, starts_px = _strips(scene, persons, normals)
    row, column = np.unravel_index(int(np.argmax(starts_px - ends_px)), ends_px.shape)
    end_px, start_px = float(ends_px[row, column]), float(starts_px[row, column])
    margin = (start_px - end_px) / float(np.median(scene.sizes_px[persons]))
    angle_deg = folded_angle_deg(float(ANGLES_DEG[slants][column]))
    size_px = (scene.image.width_px, scene.image.height_px)
    centre, length_px = cut_at(angle_deg, (end_px + start_px) / 2, size_px)
    if margin <= 0 or not length_px:
        return ()
    measures = {"margin_sizes": np.array([min(margin, MOST_MARGIN_SIZES)])}
    return (
        Line(
            witness="margin",
            centre=centre,
            angle_deg=angle_deg,
            length_px=length_px,
            strength=float(thresholds.divides.margin.probabilities(measures)[0]),
            evidence=evidence_of(margin_sizes=margin),
        ),
    )


def _strips(
    scene: Scene, persons: NDArray[np.bool_], normals: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the strips between persons begin and end across each direction, (m - 1) x directions.

    Row k lies between the first k + 1 persons in that order and the others.
    """
    across = scene.centres_px[persons] @ normals
    sizes = np.stack([scene.widths_px, scene.heights_px], axis=1)[persons]
    reach = np.sqrt(sizes**2 @ normals**2) / 2
    order = np.argsort(across, axis=0, kind="stable")
    low = np.take_along_axis(across - reach, order, axis=0)
    high = np.take_along_axis(across + reach, order, axis=0)
    starts = np.minimum.accumulate(low[::-1], axis=0)[::-1][1:]
    return np.maximum.accumulate(high, axis=0)[:-1], starts
