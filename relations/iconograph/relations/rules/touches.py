"""TOUCHES: the two are in visible contact without holding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.hands import hand_gaps_px, hands_off_centre, have_hands, head_units_px
from iconograph.relations.pairs import Pairs, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_touches(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Hands on things that are not made to be held, and figures whose drawn outlines meet."""
    able = ~scene.of_kind(RegionKind.ATTRIBUTE, RegionKind.SETTING)
    pairs = near_pairs(
        scene,
        scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL),
        able,
        scene.sizes_px * thresholds.touches.reach_sizes,
        most=thresholds.common.most_neighbours,
    )
    handed = have_hands(scene)[pairs[0]]
    outlined = ~scene.upright[pairs[0]] & ~scene.upright[pairs[1]]
    return (
        _by_hands(scene, picked(pairs, handed), thresholds),
        _by_outlines(scene, picked(pairs, ~handed & outlined), thresholds),
    )


def _by_hands(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    numbers = thresholds.touches
    gaps = hand_gaps_px(scene, pairs) / head_units_px(scene, thresholds)[pairs[0]]
    near = gaps <= numbers.furthest_hand_heads
    pairs = picked(pairs, near)
    measures = {
        "hand_gap_heads": gaps[near],
        "hand_off_centre_sizes": hands_off_centre(scene, pairs),
        "is_person": scene.of_kind(RegionKind.PERSON)[pairs[1]].astype(np.float64),
        "is_portable": scene.groups[WordGroup.PORTABLE][pairs[1]].astype(np.float64),
    }
    return findings_of(pairs, measures, numbers.with_hands)


def _by_outlines(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    numbers = thresholds.touches
    gaps = shapely.distance(scene.shapes[pairs[0]], scene.shapes[pairs[1]])
    gaps = gaps / np.minimum(scene.sizes_px[pairs[0]], scene.sizes_px[pairs[1]])
    near = gaps <= numbers.furthest_outline_sizes
    measures = {"gap_sizes": gaps[near]}
    return findings_of(picked(pairs, near), measures, numbers.without_hands, lacked=("hands",))


TOUCHES = Rule(kind=EdgeKind.TOUCHES, method="geometry/touches@1", find=find_touches)
