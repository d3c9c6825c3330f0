"""The line along which the figures of a picture are ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Point, folded_angle_deg
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import Line

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import MainAxes

ELLIPSE_VARIANCE = 1 / 16
"""Variance along an axis of a filled ellipse, in squares of its width."""


def mean_line_of_bodies(scene: Scene, numbers: MainAxes) -> tuple[Line, ...]:
    """The first principal axis of the persons' bodies, each an ellipse in its box, by area.

    The strength is 1 less the ratio of the lesser to the greater variance: a row of figures gives
    nearly 1, a round group 0. The length is that of an ellipse with the same variance.
    """
    persons = scene.of_kind(RegionKind.PERSON)
    if not persons.any():
        return ()
    sizes = np.stack([scene.widths_px, scene.heights_px], axis=1)[persons]
    weights = np.prod(sizes, axis=1) / np.prod(sizes, axis=1).sum()
    centre = weights @ scene.centres_px[persons]
    away = scene.centres_px[persons] - centre
    spread = (away * weights[:, np.newaxis]).T @ away
    spread += np.diag(weights @ (sizes**2)) * ELLIPSE_VARIANCE
    variances, directions = np.linalg.eigh(spread)
    strength = float(1 - variances[0] / variances[1])
    if strength < numbers.smallest_elongation:
        return ()
    turn = float(np.degrees(np.arctan2(directions[1, 1], directions[0, 1])))
    return (
        Line(
            witness="bodies",
            centre=Point(x_px=float(centre[0]), y_px=float(centre[1])),
            angle_deg=folded_angle_deg(round(turn, 6)),
            length_px=float(np.sqrt(variances[1] / ELLIPSE_VARIANCE)),
            strength=strength,
            evidence=evidence_of(persons=float(persons.sum()), body_variance_ratio=1 - strength),
        ),
    )
