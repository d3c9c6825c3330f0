"""HOLDS: a hand or arm of the subject is in contact with the object and supports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.hands import (
    forearm_gaps_px,
    hand_gaps_px,
    hands_below,
    hands_estimated,
    hands_off_centre,
    have_hands,
    head_units_px,
)
from iconograph.relations.pairs import Pairs, best_rivals, covered_fractions, near_pairs, picked
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

FAR_OFFSET_SIZES = 2.0
"""Two sizes away a hand is as far off as can be."""

FAR_ASIDE_WIDTHS = 2.0
"""Two widths aside a thing is as far off as can be."""

LOG_RATIOS = (-3.0, 1.0)
"""A twentieth of the holder's size is as small, nearly three times as large as counts."""

AT_HAND_HEADS = 0.25
"""A hand is half a head long; from its middle to its edge it is at a thing."""

FAR_BELOW_HEIGHTS = 0.75
"""Half a height below the middle is the lower edge; a little more is well below."""

LARGEST_CARRIED = 1.5
"""A man bears another of his own size; a child does not bear its mother."""

LEAD_HEADS = 0.5
"""Half a head nearer than anyone else's hand is as good as alone."""


def find_holds(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Persons and what they hold: by their hands where known, else by overlap and kind of thing."""
    pairs = near_pairs(
        scene,
        scene.of_kind(RegionKind.PERSON),
        ~scene.of_kind(RegionKind.SETTING),
        scene.sizes_px * thresholds.holds.reach_sizes,
        most=thresholds.common.most_neighbours,
    )
    pairs = picked(pairs, ~_too_large_a_person(scene, pairs))
    handed = have_hands(scene)[pairs[0]]
    estimated = handed & hands_estimated(scene)[pairs[0]]
    return (
        by_hands(scene, picked(pairs, handed & ~estimated), thresholds),
        by_both(scene, picked(pairs, estimated), thresholds),
        by_overlap(scene, picked(pairs, ~handed), thresholds),
    )


def _too_large_a_person(scene: Scene, pairs: Pairs) -> NDArray[np.bool_]:
    """Whom nobody of the first one's size carries, though a hand may lie on them."""
    larger = scene.areas_px2[pairs[1]] > LARGEST_CARRIED * scene.areas_px2[pairs[0]]
    return scene.of_kind(RegionKind.PERSON)[pairs[1]] & larger


def by_hands(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    """How near the nearest hand is, how central, and how much nearer than anyone else's.

    What rests on an arm is near its forearm; what is carried has both hands at it (`hands_at`, 0..2),
    or a hand below its middle (`hand_below_heights`).
    """
    furthest = thresholds.holds.furthest_hand_heads
    units_px = head_units_px(scene, thresholds)[pairs[0]]
    gaps_px = hand_gaps_px(scene, pairs)
    nearest_px = gaps_px.min(axis=1)
    gaps = np.minimum(nearest_px / units_px, furthest)
    away, forearms_px = nearest_px > 0, nearest_px.copy()
    forearms_px[away] = np.minimum(forearm_gaps_px(scene, picked(pairs, away)), nearest_px[away])
    rivals = -best_rivals(-gaps, pairs[1], none=-furthest)
    below = hands_below(scene, pairs, gaps_px)
    measures = _measure_things(scene, pairs) | {
        "hand_gap_heads": gaps,
        "forearm_gap_heads": np.minimum(forearms_px / units_px, furthest),
        "hands_at": np.minimum(
            (gaps_px <= AT_HAND_HEADS * units_px[:, np.newaxis]).sum(axis=1), 2.0
        ),
        "hand_below_heights": np.clip(below, -FAR_BELOW_HEIGHTS, FAR_BELOW_HEIGHTS),
        "hand_off_centre_sizes": np.minimum(hands_off_centre(scene, pairs), FAR_OFFSET_SIZES),
        "hand_lead_heads": np.clip(rivals - gaps, -LEAD_HEADS, LEAD_HEADS),
    }
    return findings_of(pairs, measures, thresholds.holds.with_hands)


def by_overlap(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    """How much of the thing the figure covers, against others, and how near its middle it is."""
    measures = _measure_things(scene, pairs)
    covered = measures["covered_fraction"]
    aside_px, down_px = (scene.centres_px[pairs[1]] - scene.centres_px[pairs[0]]).T
    measures |= {
        "rival_covered_fraction": best_rivals(covered, pairs[1], none=0.0),
        "off_middle_heights": np.abs(down_px) / scene.heights_px[pairs[0]],
        "aside_widths": np.minimum(np.abs(aside_px) / scene.widths_px[pairs[0]], FAR_ASIDE_WIDTHS),
        "size_log_ratio": np.log(scene.sizes_px[pairs[1]] / scene.sizes_px[pairs[0]]).clip(
            *LOG_RATIOS
        ),
    }
    return findings_of(pairs, measures, thresholds.holds.without_hands, lacked=("hands",))


def by_both(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    """Both views weighed together: hands that a model placed are off too often to be believed alone."""
    hands, overlap = by_hands(scene, pairs, thresholds), by_overlap(scene, pairs, thresholds)
    measures = {**overlap.measures, **hands.measures}
    return findings_of(pairs, measures, thresholds.holds.with_seen_hands)


def _measure_things(scene: Scene, pairs: Pairs) -> dict[str, NDArray[np.float64]]:
    """What speaks for the thing being held by anyone; flags are 0 or 1."""
    portable = scene.groups[WordGroup.PORTABLE]
    worn = scene.of_kind(RegionKind.ATTRIBUTE) & ~portable
    flags = {
        "is_animal": scene.of_kind(RegionKind.ANIMAL),
        "is_fixed": scene.groups[WordGroup.FIXED],
        "is_part": scene.of_kind(RegionKind.PART),
        "is_person": scene.of_kind(RegionKind.PERSON),
        "is_portable": portable & ~scene.of_kind(RegionKind.PERSON),
        "is_worn": worn,
    }
    measures = {name: flag[pairs[1]].astype(np.float64) for name, flag in flags.items()}
    return measures | {"covered_fraction": covered_fractions(scene, pairs)}


HOLDS = Rule(kind=EdgeKind.HOLDS, method="geometry/holds@2", find=find_holds)
