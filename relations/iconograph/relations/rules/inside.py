"""INSIDE: the subject is enclosed by the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import covering, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_inside(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Things that another covers and outweighs; likely only where its name says that it encloses.

    A box in a box tells little: what stands before a table is covered by its box as well.
    """
    numbers = thresholds.inside
    enclosing = scene.groups[WordGroup.ENCLOSING]
    containing = scene.groups[WordGroup.CONTAINING] | enclosing
    pairs = near_pairs(
        scene,
        scene.of_kind(RegionKind.OBJECT, RegionKind.SETTING, RegionKind.UNKNOWN) | containing,
        ~scene.of_kind(RegionKind.PART, RegionKind.SETTING, RegionKind.ATTRIBUTE),
        np.zeros(len(scene.regions)),
        most=thresholds.common.most_neighbours,
    )
    ratios = scene.areas_px2[pairs[1]] / scene.areas_px2[pairs[0]]
    outweighed = ratios <= numbers.largest_area_ratio
    pairs, ratios = picked(pairs, outweighed), ratios[outweighed]
    covered = covering(scene, pairs, numbers.smallest_covered_fraction)
    enough = covered > 0
    pairs = picked(pairs, enough)
    measures = {
        "covered_fraction": covered[enough],
        "area_ratio": ratios[enough],
        "is_container": containing[pairs[0]].astype(np.float64),
        "has_outline": (~scene.upright[pairs[0]]).astype(np.float64),
    }
    return (findings_of((pairs[1], pairs[0]), measures, numbers.confidence),)


INSIDE = Rule(kind=EdgeKind.INSIDE, method="geometry/inside@1", find=find_inside)
