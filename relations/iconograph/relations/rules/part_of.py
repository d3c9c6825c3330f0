"""PART_OF: the subject belongs to the object as a part to a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import best_rivals, covered_fractions, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_part_of(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Parts with the things that cover them; of several wholes the tightest is the likeliest.

    A part of a body has no whole but a figure.
    """
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    wholes, parts = near_pairs(
        scene,
        ~scene.of_kind(RegionKind.PART, RegionKind.SETTING),
        scene.of_kind(RegionKind.PART),
        np.zeros(len(scene.regions)),
        most=thresholds.common.most_neighbours,
    )
    possible = figures[wholes] | ~scene.groups[WordGroup.BODY][parts]
    wholes, parts = picked((wholes, parts), possible)
    covered = covered_fractions(scene, (wholes, parts))
    tightness = np.log(scene.areas_px2[parts] * np.maximum(covered, 1e-3) / scene.areas_px2[wholes])
    rivals = best_rivals(tightness, parts, none=0.0)
    alone = best_rivals(covered, parts, none=0.0) == 0.0
    enough = covered >= thresholds.part_of.smallest_covered_fraction
    pairs = picked((wholes, parts), enough)
    measures = {
        "covered_fraction": covered[enough],
        "tighter_log_ratio": np.where(alone, 0.0, np.clip(tightness - rivals, -2.0, 2.0))[enough],
        "has_outline": (~scene.upright[pairs[0]]).astype(np.float64),
    }
    return (findings_of((pairs[1], pairs[0]), measures, thresholds.part_of.confidence),)


PART_OF = Rule(kind=EdgeKind.PART_OF, method="geometry/part-of@2", find=find_part_of)
