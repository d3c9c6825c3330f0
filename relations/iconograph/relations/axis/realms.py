"""A divide between two realms of colour and texture, such as cloud and earth.

Every straight cut of the picture, at every angle, is judged by how much of the variance of colour and
texture it explains (Otsu's criterion, 1979, over half planes instead of grey levels).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import Evidence, evidence_of
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import Line, cut_at, normal_of, sides_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.axis.glance import Glance
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Realms

ANGLES_DEG = np.arange(-82.5, 90.1, 7.5)
"""Directions that are tried; they map to each other in a mirrored or turned picture."""


def realm_borders(scene: Scene, glance: Glance, numbers: Realms) -> tuple[Line, ...]:
    """The cut that parts the picture best; none where it is of one colour.

    `explained_fraction` (0..1) is the share of variance between the sides, `step` the difference of
    the two strips along the cut in standard deviations: a smooth passage from light to dark has
    a high share and a low step. `parts_persons` is 1 where persons stand on both sides and hardly
    any on the cut, which tells the border of heaven from a horizon behind figures.
    """
    points = glance.cell_centres_px.reshape(-1, 2)
    features = glance.cells.reshape(len(points), -1)
    features = features - features.mean(axis=0)
    total = float((features**2).sum())
    deviation = np.sqrt(total / len(points))
    if deviation < numbers.smallest_colour_deviation:
        return ()
    cuts = [_best_cut(points, features / np.sqrt(total), turn, numbers) for turn in ANGLES_DEG]
    at = int(np.argmax([share for share, _ in cuts]))
    (share, offset_px), angle_deg = cuts[at], float(ANGLES_DEG[at])
    if share <= 0:
        return ()
    distances_px = points @ normal_of(angle_deg) - offset_px
    step = _step(distances_px, features, numbers.strip_fraction * glance.diagonal_px) / deviation
    centre, length_px = cut_at(angle_deg, offset_px, (glance.width_px, glance.height_px))
    border = Line(
        witness="realm",
        centre=centre,
        angle_deg=angle_deg,
        length_px=length_px,
        strength=0.0,
        evidence=evidence_of(realm_explained_fraction=share, realm_step=step),
        from_pixels=True,
    )
    return (_judged(border, scene, numbers),)


def _judged(border: Line, scene: Scene, numbers: Realms) -> Line:
    """The border with its strength."""
    measures = {
        name: border.evidence.number(f"realm_{name}") or 0.0
        for name in ("explained_fraction", "step")
    } | {"parts_persons": float(_parts_persons(scene, border, numbers))}
    strengths = numbers.strength.probabilities({k: np.array([v]) for k, v in measures.items()})
    named = sorted((f"realm_{name}", round(value, 6)) for name, value in measures.items())
    return replace(border, strength=float(strengths[0]), evidence=Evidence(numbers=tuple(named)))


def _parts_persons(scene: Scene, border: Line, numbers: Realms) -> bool:
    persons = scene.of_kind(RegionKind.PERSON)
    sides = sides_of(scene, border)
    below = sides.distances_px[persons] > 0
    if not below.any() or below.all():
        return False
    return bool(sides.straddle_fractions[persons].mean() <= numbers.most_straddle_fraction)


def _best_cut(
    points: NDArray[np.float64], features: NDArray[np.float64], angle_deg: float, numbers: Realms
) -> tuple[float, float]:
    """Share of variance and place across of the best cut at an angle; `features` sum squared to 1."""
    across = points @ normal_of(angle_deg)
    order = np.argsort(across, kind="stable")
    sums = np.cumsum(features[order], axis=0)[:-1]
    count = len(across)
    below = np.arange(1, count)
    between = (sums**2).sum(axis=1) * count / (below * (count - below))
    beside = np.minimum(below, count - below) / count
    ahead = np.diff(across[order])
    between[(beside < numbers.smallest_realm_fraction) | (ahead < 1e-6 * np.ptp(across))] = 0.0
    if not between.size or between.max() <= 0:
        return 0.0, 0.0
    at = int(np.argmax(between))
    return float(between[at]), float((across[order][at] + across[order][at + 1]) / 2)


def _step(
    distances_px: NDArray[np.float64], features: NDArray[np.float64], strip_px: float
) -> float:
    """Difference of mean colour and texture between the strips on both sides of a cut."""
    one = features[(distances_px < 0) & (distances_px >= -strip_px)]
    other = features[(distances_px >= 0) & (distances_px < strip_px)]
    if not len(one) or not len(other):
        return 0.0
    return float(np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)))
