"""FACES: the subject's body is turned to the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.hands import head_units_px
from iconograph.relations.pairs import near_pairs, picked
from iconograph.relations.pose.bodies import bodies_of
from iconograph.relations.pose.points import angles_deg
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_faces(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures that shoulders, hips and nose show to be turned aside, and the nearest on that side.

    `turned_fraction` is 0 for a body seen from the front and 1 for one in profile; `is_mutual` is
    1 where the other's body is turned to the subject as well.
    """
    numbers = thresholds.faces
    bodies = bodies_of(scene, thresholds)
    turned = np.nan_to_num(np.linalg.norm(bodies.forwards, axis=1))
    able = turned >= numbers.smallest_turned_fraction
    whole_px = np.full(len(scene.regions), float(scene.image.width_px + scene.image.height_px))
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    pairs = near_pairs(scene, able, figures, whole_px, most=thresholds.common.most_neighbours)
    places = np.where(np.isfinite(bodies.necks_px), bodies.necks_px, scene.centres_px)
    away = places[pairs[1]] - places[pairs[0]]
    angles = angles_deg(away, bodies.forwards[pairs[0]])
    ahead = angles <= numbers.widest_deg
    ahead &= _first_ahead(pairs[0], np.where(ahead, np.linalg.norm(away, axis=1), np.inf))
    pairs, away = picked(pairs, ahead), away[ahead]
    back = angles_deg(-away, np.nan_to_num(bodies.forwards[pairs[1]]))
    heads = np.linalg.norm(away, axis=1) / head_units_px(scene, thresholds)[pairs[0]]
    measures = {
        "turned_fraction": turned[pairs[0]],
        "angle_deg": angles[ahead],
        "distance_heads": heads,
        "is_mutual": (able[pairs[1]] & (back <= numbers.widest_deg)).astype(np.float64),
    }
    return (findings_of(pairs, measures, numbers.confidence),)


def _first_ahead(
    subjects: NDArray[np.intp], distances_px: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether the pair is the nearest of its subject, m."""
    nearest = np.full(subjects.max(initial=-1) + 1, np.inf)
    np.minimum.at(nearest, subjects, distances_px)
    return np.asarray(distances_px == nearest[subjects], dtype=np.bool_)


FACES = Rule(kind=EdgeKind.FACES, method="geometry/faces@1", find=find_faces)
