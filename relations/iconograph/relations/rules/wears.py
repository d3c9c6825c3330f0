"""WEARS: the object is a garment, jewel, armour or crown on the subject's body."""

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


def find_wears(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Attributes and things that their label calls a garment, with the figures that cover them."""
    attributes = scene.of_kind(RegionKind.ATTRIBUTE)
    garments = scene.groups[WordGroup.WORN]
    things = scene.of_kind(RegionKind.OBJECT, RegionKind.ORNAMENT, RegionKind.UNKNOWN) & garments
    pairs = near_pairs(
        scene,
        scene.of_kind(RegionKind.PERSON),
        attributes | things,
        np.zeros(len(scene.regions)),
        most=thresholds.common.most_neighbours,
    )
    covered = covered_fractions(scene, pairs)
    rivals = best_rivals(covered, pairs[1], none=0.0)
    enough = covered >= thresholds.wears.smallest_covered_fraction
    pairs = picked(pairs, enough)
    first, second = pairs
    aside = np.abs(scene.centres_px[second, 0] - scene.centres_px[first, 0])
    flags = {
        "is_attribute": attributes,
        "is_garment": garments,
        "is_portable": scene.groups[WordGroup.PORTABLE],
    }
    measures = {
        "covered_fraction": covered[enough],
        "rival_covered_fraction": rivals[enough],
        "aside_widths": aside / scene.widths_px[first],
    } | {name: flag[second].astype(np.float64) for name, flag in flags.items()}
    return (findings_of(pairs, measures, thresholds.wears.confidence),)


WEARS = Rule(kind=EdgeKind.WEARS, method="geometry/wears@1", find=find_wears)
