"""ABOVE: the subject is higher on the picture plane and over the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import axis_gaps_px, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

FAR = 0.25
"""A quarter of a height from the middle there is no doubt."""

SHARED_WIDTHS = (0.2, 0.6)
"""Less is "up to the side", more is no more above."""


def find_above(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Things whose column of the picture another shares, and whose centre is higher.

    `middle_lead_heights` is the distance from the subject's lower edge down to the object's middle in
    heights of the object, negative where the subject reaches further down.
    """
    numbers = thresholds.above
    able = ~scene.of_kind(RegionKind.ATTRIBUTE, RegionKind.PART, RegionKind.SETTING)
    reach_px = scene.sizes_px * numbers.reach_sizes
    pairs = near_pairs(scene, able, able, reach_px, most=thresholds.common.most_neighbours)
    pairs = picked(pairs, scene.centres_px[pairs[0], 1] < scene.centres_px[pairs[1], 1])
    narrower = np.minimum(scene.widths_px[pairs[0]], scene.widths_px[pairs[1]])
    shared = np.minimum(1.0, -axis_gaps_px(scene, pairs)[:, 0] / narrower)
    over = shared >= numbers.smallest_shared_width_fraction
    pairs, shared = picked(pairs, over), shared[over]
    leads_px = scene.centres_px[pairs[1], 1] - scene.boxes_px[pairs[0], 3]
    measures = {
        "middle_lead_heights": np.clip(leads_px / scene.heights_px[pairs[1]], -FAR, FAR),
        "shared_width_fraction": shared.clip(*SHARED_WIDTHS),
    }
    return (findings_of(pairs, measures, numbers.confidence),)


ABOVE = Rule(kind=EdgeKind.ABOVE, method="geometry/above@2", find=find_above)
