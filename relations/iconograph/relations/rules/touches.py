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
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds, Touches


def find_touches(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Hands on things that are not made to be held, figures whose drawn outlines meet, things on furniture."""
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
        _by_support(scene, thresholds),
    )


def _by_hands(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    numbers = thresholds.touches
    gaps_px = hand_gaps_px(scene, pairs).min(axis=1)
    gaps = gaps_px / head_units_px(scene, thresholds)[pairs[0]]
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
    pairs = picked(pairs, near)
    measures = {"gap_sizes": gaps[near], "along_fraction": _along(scene, pairs, numbers)}
    return findings_of(pairs, measures, numbers.without_hands, lacked=("hands",))


def _along(scene: Scene, pairs: Pairs, numbers: Touches) -> NDArray[np.float64]:
    """Share of the first's outline that runs along or within a fixed second, m; 0 where it is not fixed.

    A serpent winds about a tree, whereas what only passes before one crosses it.
    """
    found = np.zeros(pairs[0].size)
    fixed = np.flatnonzero(scene.groups[WordGroup.FIXED][pairs[1]])
    first, second = pairs[0][fixed], pairs[1][fixed]
    outlines = shapely.boundary(scene.shapes[first])
    reach_px = numbers.furthest_outline_sizes * scene.sizes_px[first]
    about = shapely.intersection(outlines, shapely.buffer(scene.shapes[second], reach_px))
    found[fixed] = shapely.length(about) / shapely.length(outlines)
    return found


def _by_support(scene: Scene, thresholds: Thresholds) -> Findings:
    """Things that stand on larger furniture: they begin above it and end within it."""
    fixed = scene.groups[WordGroup.FIXED]
    things = scene.of_kind(RegionKind.OBJECT) & ~fixed
    none_px, most = np.zeros(len(scene.regions)), thresholds.common.most_neighbours
    pairs = near_pairs(
        scene, things, fixed & ~scene.of_kind(RegionKind.SETTING), none_px, most=most
    )
    boxes, below = scene.boxes_px[pairs[0]], scene.boxes_px[pairs[1]]
    middles = scene.centres_px[pairs[0]]
    stands = (below[:, 0] <= middles[:, 0]) & (middles[:, 0] <= below[:, 2])
    stands &= (boxes[:, 1] < below[:, 1]) & (boxes[:, 3] <= below[:, 3])
    stands &= scene.areas_px2[pairs[0]] < scene.areas_px2[pairs[1]]
    pairs = picked(pairs, stands)
    sunk_px = scene.boxes_px[pairs[0], 3] - scene.boxes_px[pairs[1], 1]
    measures = {"sunk_heights": np.minimum(sunk_px / scene.heights_px[pairs[0]], 1.0)}
    return findings_of(pairs, measures, thresholds.touches.on_furniture)


TOUCHES = Rule(kind=EdgeKind.TOUCHES, method="geometry/touches@3", find=find_touches)
