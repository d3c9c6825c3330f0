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
"""From the wrist to the middle of the hand, and from there to what it holds."""

CLEAR_DEG = 3.0
"""Of things that lie so near to one line the nearest is meant."""


# long: each measure rests on the one before
def find_points_at(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Stretched arms and the thing that lies best in their line, the nearest of several.

    Without key points of the arm nothing is said. `is_person` is 1 where the thing is a person,
    `hand_full` is 1 where there is something in the hand.
    """
    numbers = thresholds.points_at
    arms, samples = arms_of(scene, thresholds), sample_points_px(scene)
    able = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT)
    reaching = np.isin(np.arange(len(scene.regions)), arms.rows)
    reach_px = numbers.furthest_heads * head_units_px(scene, thresholds)
    most = thresholds.common.most_neighbours
    near = near_pairs(scene, reaching, able, reach_px, most=most)
    arm, at = np.nonzero(arms.rows[:, np.newaxis] == near[0]) if near[0].size else near
    pairs = (arms.rows[arm], near[1][at])
    away = samples[pairs[1]] - arms.wrists_px[arm, np.newaxis]
    angles = angles_deg(away, arms.directions[arm, np.newaxis]).min(axis=1)
    units_px = reach_px[pairs[0]] / numbers.furthest_heads
    heads = np.linalg.norm(away, axis=2).min(axis=1) / units_px
    possible = (angles <= numbers.widest_deg) & (heads <= numbers.furthest_heads)
    possible &= (pairs[0] != pairs[1]) & ~_at_hand(scene, arms.wrists_px[arm], pairs[1])
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    handicaps_deg = np.where(figures[pairs[1]], 0.0, numbers.thing_handicap_deg)
    chosen = _first_in_line(arm, angles + handicaps_deg, heads, possible)
    pairs = (pairs[0][chosen], pairs[1][chosen])
    measures = {
        "angle_deg": angles[chosen],
        "distance_heads": heads[chosen],
        "raised_fraction": arms.raised_fractions[arm[chosen]],
        "reach_fraction": arms.reach_fractions[arm[chosen]],
        "hand_full": _full_hands(scene, arms, thresholds)[arm[chosen]],
        "is_person": scene.of_kind(RegionKind.PERSON)[pairs[1]].astype(np.float64),
    }
    return (_once(findings_of(pairs, measures, numbers.confidence)),)


def _full_hands(scene: Scene, arms: Arms, thresholds: Thresholds) -> NDArray[np.float64]:
    """1 for each arm with a thing made for the hand in its hand, else 0, k.

    A thing is in the nearest hand only.
    """
    people = scene.of_kind(RegionKind.PERSON)
    things = scene.shapes[scene.groups[WordGroup.PORTABLE] & ~people]
    heads_px = head_units_px(scene, thresholds)[arms.rows]
    hands_px = arms.wrists_px + HAND_HEADS * heads_px[:, np.newaxis] * arms.directions
    hands: NDArray[np.object_] = np.asarray(shapely.points(hands_px), dtype=np.object_)
    gaps_px = shapely.distance(hands[:, np.newaxis], things)
    nearest = gaps_px == gaps_px.min(axis=0, initial=np.inf)
    full = nearest & (gaps_px <= HAND_HEADS * heads_px[:, np.newaxis])
    return np.asarray(full.any(axis=1), dtype=np.float64)


def _at_hand(
    scene: Scene, wrists_px: NDArray[np.float64], things: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether the wrist lies on the thing: that is held or touched."""
    boxes = scene.boxes_px[things]
    within = (wrists_px >= boxes[:, :2]) & (wrists_px <= boxes[:, 2:])
    inside = np.asarray(within.all(axis=1), dtype=np.bool_)
    inside[inside] = shapely.intersects_xy(scene.shapes[things[inside]], *wrists_px[inside].T)
    return inside


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


POINTS_AT = Rule(kind=EdgeKind.POINTS_AT, method="geometry/points-at@1", find=find_points_at)
