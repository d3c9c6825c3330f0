"""FACES: the subject's body is turned to the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import near_pairs, picked
from iconograph.relations.pose.bodies import bodies_of
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

FAR_ASIDES = (0.2, 0.3, 1.0)
"""How far aside nose, knees and ankles count, in trunks: a head turns further than its body."""


def find_faces(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures with the nearest other on either side of them, breast to breast, by how they are turned.

    The asides are those of `Bodies`, positive towards the object, 0 where unknown; `is_frontal` is 1
    for a body seen from the front.
    """
    numbers = thresholds.faces
    bodies = bodies_of(scene, thresholds)
    able = np.isfinite(bodies.breasts_px[:, 0])
    whole_px = np.full(len(scene.regions), float(scene.image.width_px + scene.image.height_px))
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    pairs = near_pairs(scene, able, figures, whole_px, most=thresholds.common.most_neighbours)
    places = np.where(np.isfinite(bodies.breasts_px), bodies.breasts_px, scene.centres_px)
    away = places[pairs[1]] - places[pairs[0]]
    sides = np.where(away[:, 0] < 0, -1.0, 1.0)
    level = np.abs(away[:, 1]) <= np.abs(away[:, 0]) * np.tan(np.radians(numbers.widest_deg))
    distances_px = np.where(level, np.linalg.norm(away, axis=1), np.inf)
    first = level & _first(2 * pairs[0] + (sides > 0), distances_px)
    pairs, sides = picked(pairs, first), sides[first]
    measures = {
        f"{joint}_aside_fraction": np.clip(np.nan_to_num(aside)[pairs[0]] * sides, -far, far)
        for (joint, aside), far in zip(bodies.asides.items(), FAR_ASIDES, strict=True)
    }
    measures["is_frontal"] = bodies.frontal(numbers)[pairs[0]].astype(np.float64)
    return (findings_of(pairs, measures, numbers.confidence),)


def _first(groups: NDArray[np.intp], distances_px: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the pair is the nearest of its group, m."""
    nearest = np.full(groups.max(initial=-1) + 1, np.inf)
    np.minimum.at(nearest, groups, distances_px)
    return np.asarray(distances_px == nearest[groups], dtype=np.bool_)


FACES = Rule(kind=EdgeKind.FACES, method="geometry/faces@3", find=find_faces)
