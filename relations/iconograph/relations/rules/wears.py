"""WEARS: the object is a garment, jewel, armour or crown on the subject's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import best_rivals, covered_fractions, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.wearing import placing_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.relations.logistic import Logistic
    from iconograph.relations.pairs import Pairs
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_wears(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Attributes and things that their label calls a garment, with the figures that cover them.

    What sits on the head, the trunk or the feet by its label is `misplaced_sizes` away from there, in
    sizes of the wearer and beyond what is usual; where key points lack, the box tells where that is.
    """
    numbers, pairs = thresholds.wears, _candidates(scene, thresholds)
    covered = covered_fractions(scene, pairs)
    rivals = best_rivals(covered, pairs[1], none=0.0)
    enough = covered >= numbers.smallest_covered_fraction
    pairs = picked(pairs, enough)
    first, second = pairs
    aside = np.abs(scene.centres_px[second, 0] - scene.centres_px[first, 0])
    placing = placing_of(scene, pairs)
    flags = {
        "is_attribute": scene.of_kind(RegionKind.ATTRIBUTE),
        "is_garment": scene.groups[WordGroup.WORN],
        "is_portable": scene.groups[WordGroup.PORTABLE],
    }
    measures = {
        "covered_fraction": covered[enough],
        "rival_covered_fraction": rivals[enough],
        "aside_widths": aside / scene.widths_px[first],
        "misplaced_sizes": np.maximum(placing.off_sizes - numbers.usual_off_sizes, 0.0),
    } | {name: flag[second].astype(np.float64) for name, flag in flags.items()}
    guessed = placing.is_placed & ~placing.is_known
    return (
        _part(pairs, measures, ~guessed, numbers.confidence),
        _part(pairs, measures, guessed, numbers.confidence, lacked=("key points",)),
    )


def _candidates(scene: Scene, thresholds: Thresholds) -> Pairs:
    garments = scene.groups[WordGroup.WORN]
    things = scene.of_kind(RegionKind.OBJECT, RegionKind.ORNAMENT, RegionKind.UNKNOWN) & garments
    return near_pairs(
        scene,
        scene.of_kind(RegionKind.PERSON),
        scene.of_kind(RegionKind.ATTRIBUTE) | things,
        np.zeros(len(scene.regions)),
        most=thresholds.common.most_neighbours,
    )


def _part(
    pairs: Pairs,
    measures: Mapping[str, NDArray[np.float64]],
    part: NDArray[np.bool_],
    model: Logistic,
    *,
    lacked: tuple[str, ...] = (),
) -> Findings:
    own = {name: values[part] for name, values in measures.items()}
    return findings_of(picked(pairs, part), own, model, lacked=lacked)


WEARS = Rule(kind=EdgeKind.WEARS, method="geometry/wears@2", find=find_wears)
