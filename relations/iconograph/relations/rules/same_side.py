"""SAME_SIDE: the two lie on one side of a divide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.axis import AxisKind
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import sides_of
from iconograph.relations.pairs import near_pairs, picked, unordered
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_same_side(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Neighbouring figures on one side of the strongest divide, if it parts figures at all.

    Of all pairs of a crowd nothing is learnt: only the nearest of each figure are named.
    `divide_ordinal` and the signed distances are those of ACROSS_DIVIDE.
    """
    numbers = thresholds.same_side
    divides = [axis for axis in scene.axes if axis.kind is AxisKind.DIVIDE]
    ordinal = max(range(len(divides)), key=lambda at: divides[at].strength, default=None)
    if ordinal is None or divides[ordinal].strength < numbers.smallest_strength:
        return ()
    divide, figures = divides[ordinal], scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    sides = sides_of(scene, divide)
    clear = figures & (sides.straddle_fractions <= numbers.most_straddle_fraction)
    clear &= sides.past_end_fractions < 1.0
    if not ((sides.distances_px[clear] < 0).any() and (sides.distances_px[clear] > 0).any()):
        return ()
    whole_px = np.full(len(scene.regions), float(scene.image.width_px + scene.image.height_px))
    near = near_pairs(scene, clear, clear, whole_px, most=int(numbers.most_neighbours))
    first, second = unordered(scene, near)
    same = sides.distances_px[first] * sides.distances_px[second] > 0
    first, second = picked((first, second), same)
    diagonal_px = np.hypot(scene.image.width_px, scene.image.height_px)
    measures = {
        "divide_ordinal": np.full(first.size, float(ordinal)),
        "divide_strength": np.full(first.size, divide.strength),
        "straddle_fraction": np.maximum(
            sides.straddle_fractions[first], sides.straddle_fractions[second]
        ),
        "subject_distance_diagonals": sides.distances_px[first] / diagonal_px,
        "object_distance_diagonals": sides.distances_px[second] / diagonal_px,
    }
    return (findings_of((first, second), measures, numbers.confidence),)


SAME_SIDE = Rule(kind=EdgeKind.SAME_SIDE, method="geometry/same-side@1", find=find_same_side)
