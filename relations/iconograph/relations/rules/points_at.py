"""POINTS_AT: a finger, hand or held thing of the subject is directed at the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.gaze.target import sample_points_px
from iconograph.relations.hands import head_units_px
from iconograph.relations.pairs import near_pairs
from iconograph.relations.pose.bodies import arms_of
from iconograph.relations.pose.points import angles_deg
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.pose.bodies import Arms
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

HAND_HEADS = 0.4
"""From the wrist to the middle of the hand, and from the hand to what it holds."""

LEVEL_FRACTION = 0.5
"""How far a level arm is raised: one that is higher points no more than that."""

CLEAR_DEG = 3.0
"""Of things that lie so near to one line the nearest is meant."""


# long: each measure rests on the one before
def find_points_at(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Arms and what lies best in their line, the nearest of several.

    `angle_deg` is off the line of the index finger where one is known (`has_finger`), else of that from
    shoulder to wrist. `forearm_angle_deg` is off the forearm of a stretched arm, and 0 where a finger
    or a bent arm (`is_bent`) tells otherwise. Without key points of the arm nothing is said.
    `is_person` is 1 where the thing is a person, `hand_full` where there is something in the hand.
    """
    numbers = thresholds.points_at
    arms, samples = arms_of(scene, thresholds), sample_points_px(scene)
    able = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT)
    reaching = np.isin(np.arange(len(scene.regions)), arms.rows)
    units_px = head_units_px(scene, thresholds)
    most = thresholds.common.most_neighbours
    near = near_pairs(scene, reaching, able, numbers.furthest_heads * units_px, most=most)
    arm, at = np.nonzero(arms.rows[:, np.newaxis] == near[0]) if near[0].size else near
    pairs = (arms.rows[arm], near[1][at])
    away = samples[pairs[1]] - arms.wrists_px[arm, np.newaxis]
    angles = angles_deg(away, arms.directions[arm, np.newaxis]).min(axis=1)
    forearm_angles = angles_deg(away, arms.forearms[arm, np.newaxis]).min(axis=1)
    heads = np.linalg.norm(away, axis=2).min(axis=1) / units_px[pairs[0]]
    possible = (angles <= numbers.widest_deg) & (heads <= numbers.furthest_heads)
    at_hand_px = numbers.at_hand_heads * units_px[pairs[0]]
    possible &= ~_at_hand(scene, arms.wrists_px[arm], pairs[1], at_hand_px)
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    handicaps_deg = np.where(figures[pairs[1]], 0.0, numbers.thing_handicap_deg)
    chosen = _first_in_line(arm, angles + handicaps_deg, heads, possible)
    pairs, arm = (pairs[0][chosen], pairs[1][chosen]), arm[chosen]
    bent = (arms.reach_fractions < numbers.smallest_reach_fraction) & ~arms.has_finger
    plain = bent | arms.has_finger
    measures = {
        "angle_deg": angles[chosen],
        "forearm_angle_deg": np.where(plain[arm], 0.0, forearm_angles[chosen]),
        "distance_heads": heads[chosen],
        "raised_fraction": np.minimum(arms.raised_fractions[arm], LEVEL_FRACTION),
        "has_finger": arms.has_finger[arm].astype(np.float64),
        "is_bent": bent[arm].astype(np.float64),
        "hand_full": _full_hands(scene, arms, thresholds)[arm],
        "is_person": scene.of_kind(RegionKind.PERSON)[pairs[1]].astype(np.float64),
    }
    return (_once(findings_of(pairs, measures, numbers.confidence)),)


def _full_hands(scene: Scene, arms: Arms, thresholds: Thresholds) -> NDArray[np.float64]:
    """1 for each arm with a thing made for the hand surely in its hand, else 0, k.

    What is at the other hand as well is in that one, but for what both hold together.
    """
    people = scene.of_kind(RegionKind.PERSON)
    things = scene.shapes[scene.groups[WordGroup.PORTABLE] & ~people]
    units_px = head_units_px(scene, thresholds)[arms.rows, np.newaxis]
    palms_px = HAND_HEADS * units_px
    own = _away_px(arms.wrists_px, arms.wrists_px + palms_px * arms.forearms, things) <= palms_px
    other_palms_px = arms.others_px + palms_px * np.nan_to_num(arms.other_forearms)
    others = _away_px(arms.others_px, other_palms_px, things) <= palms_px
    apart_px = np.linalg.norm(arms.wrists_px - arms.others_px, axis=1)[:, np.newaxis]
    together = apart_px <= thresholds.points_at.together_heads * units_px
    return np.asarray((own & (~others | together)).any(axis=1), dtype=np.float64)


def _away_px(
    wrists_px: NDArray[np.float64], palms_px: NDArray[np.float64], things: NDArray[np.object_]
) -> NDArray[np.float64]:
    """From hands, wrist to palm (k x 2 each), to outlines, k x m; inf from unknown hands."""
    known = np.isfinite(wrists_px[:, 0])
    ends = np.stack([wrists_px[known], palms_px[known]], axis=1)
    hands = np.asarray(shapely.linestrings(ends), dtype=np.object_)
    away = np.full((len(wrists_px), len(things)), np.inf)
    away[known] = shapely.distance(hands[:, np.newaxis], things)
    return away


def _at_hand(
    scene: Scene,
    wrists_px: NDArray[np.float64],
    things: NDArray[np.intp],
    reach_px: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Whether the wrist lies on the thing or as near as its reach: that is held or touched."""
    boxes, reach = scene.boxes_px[things], reach_px[:, np.newaxis]
    near = (wrists_px >= boxes[:, :2] - reach) & (wrists_px <= boxes[:, 2:] + reach)
    at_hand = np.asarray(near.all(axis=1), dtype=np.bool_)
    places = shapely.points(wrists_px[at_hand])
    gaps_px = shapely.distance(places, scene.shapes[things[at_hand]])
    at_hand[at_hand] = gaps_px <= reach_px[at_hand]
    return at_hand


def _first_in_line(
    arm: NDArray[np.intp],
    angles: NDArray[np.float64],
    heads: NDArray[np.float64],
    possible: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """The nearest of those that lie best in line, one for each arm."""
    best = np.full(arm.max(initial=-1) + 1, np.inf)
    np.minimum.at(best, arm[possible], angles[possible])
    kept = np.flatnonzero(possible & (angles <= best[arm] + CLEAR_DEG))
    order = kept[np.lexsort((heads[kept], arm[kept]))]
    return order[np.unique(arm[order], return_index=True)[1]]


def _once(findings: Findings) -> Findings:
    """Of two arms that point at one thing the one that is surer."""
    ends = np.stack([findings.subjects, findings.objects], axis=1)
    order = np.argsort(-findings.confidences, kind="stable")
    kept = order[np.unique(ends[order], axis=0, return_index=True)[1]]
    return Findings(
        subjects=findings.subjects[kept],
        objects=findings.objects[kept],
        confidences=findings.confidences[kept],
        measures={name: values[kept] for name, values in findings.measures.items()},
    )


POINTS_AT = Rule(kind=EdgeKind.POINTS_AT, method="geometry/points-at@3", find=find_points_at)
