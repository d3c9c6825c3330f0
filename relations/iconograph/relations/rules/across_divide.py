"""ACROSS_DIVIDE: a dividing line or thing lies between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import sides_of
from iconograph.relations.pairs import Pairs, near_pairs, picked, unordered
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_across_divide(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures on different sides of a divide; where several part a pair, the surest one counts.

    `divide_ordinal` says which of the bundle's divides it is, in their order; distances are signed
    as in `Sides`, in picture diagonals, the subject's being that of the smaller region id.
    """
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    everywhere = np.full(len(scene.regions), float(scene.image.width_px + scene.image.height_px))
    most = thresholds.common.most_neighbours
    pairs = unordered(scene, near_pairs(scene, figures, figures, everywhere, most=most))
    divides = [axis for axis in scene.axes if axis.kind is AxisKind.DIVIDE]
    found = [_across(scene, pairs, at, axis, thresholds) for at, axis in enumerate(divides)]
    return _surest(found)


def _across(
    scene: Scene, pairs: Pairs, ordinal: int, axis: Axis, thresholds: Thresholds
) -> Findings:
    first, second = pairs
    sides = sides_of(scene, axis)
    straddles = np.maximum(sides.straddle_fractions[first], sides.straddle_fractions[second])
    parted = sides.distances_px[first] * sides.distances_px[second] < 0
    parted &= straddles <= thresholds.across_divide.most_straddle_fraction
    first, second = picked(pairs, parted)
    diagonal_px = np.hypot(scene.image.width_px, scene.image.height_px)
    past_ends = np.maximum(sides.past_end_fractions[first], sides.past_end_fractions[second])
    measures = {
        "divide_ordinal": np.full(first.size, float(ordinal)),
        "divide_strength": np.full(first.size, axis.strength),
        "straddle_fraction": straddles[parted],
        "past_end_fraction": past_ends,
        "subject_distance_diagonals": sides.distances_px[first] / diagonal_px,
        "object_distance_diagonals": sides.distances_px[second] / diagonal_px,
    }
    return findings_of((first, second), measures, thresholds.across_divide.confidence)


def _surest(found: list[Findings]) -> tuple[Findings, ...]:
    """For each pair the finding of highest confidence; the earlier divide wins a tie."""
    if not found:
        return ()
    pairs = np.concatenate([np.stack([f.subjects, f.objects], axis=1) for f in found])
    confidences = np.concatenate([f.confidences for f in found])
    order = np.lexsort((-confidences, pairs[:, 1], pairs[:, 0]))
    _, firsts = np.unique(pairs[order], axis=0, return_index=True)
    kept = order[firsts]
    return (
        Findings(
            subjects=pairs[kept, 0],
            objects=pairs[kept, 1],
            confidences=confidences[kept],
            measures={
                name: np.concatenate([f.measures[name] for f in found])[kept]
                for name in found[0].measures
            },
        ),
    )


ACROSS_DIVIDE = Rule(
    kind=EdgeKind.ACROSS_DIVIDE, method="geometry/across-divide@1", find=find_across_divide
)
