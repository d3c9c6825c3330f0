"""Which way bodies are turned, and where stretched arms point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.relations.pose.points import (
    SHORTEST_PX,
    SIDES,
    Vector,
    angles_deg,
    found_points,
    length,
    middle,
    unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.relations.figure_numbers import Faces, PointsAt
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


UNKNOWN = np.full(2, np.nan)

ASIDES = ("nose", "knee", "ankle")
"""Joints that tell where a body is turned to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bodies:
    """How the n entities stand, NaN where that is not known.

    `breasts_px` (n x 2) are between the shoulders. `asides` say how far the nose, the knees and
    the ankles (n each) lie to the picture's right of where they are on a body seen from the front, in
    lengths of the trunk. `widths` (n) are from shoulder to shoulder and
    `turns` (n) from between the ears to the nose, in the same lengths.
    """

    breasts_px: NDArray[np.float64]
    widths: NDArray[np.float64]
    turns: NDArray[np.float64]
    asides: Mapping[str, NDArray[np.float64]]

    def frontal(self, numbers: Faces) -> NDArray[np.bool_]:
        """Who is seen from the front, n.

        The shoulders are wide, the nose is amid them and amid the ears, and no knee is turned with it.
        """
        nose, knees = self.asides["nose"], self.asides["knee"] * np.sign(self.asides["nose"])
        amid = np.abs(nose) < numbers.frontal_nose_shoulders * self.widths / 2
        wide = self.widths > numbers.frontal_width_trunks
        amid &= self.turns < numbers.frontal_turn_trunks
        return np.asarray(wide & amid & ~(knees >= numbers.frontal_knee_trunks), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """The k arms of a scene that may point: `rows` of their figures, all places and directions k x 2.

    An arm points from its wrist along `directions`, that of its index finger where one is known
    (`has_finger`, k) and else from shoulder to wrist. `forearms` lead from elbow to wrist.
    `others_px` and `other_forearms` are of the figures' other arms, NaN where unknown.
    `raised_fractions` are 0 for an arm that hangs down along the trunk, 1 for one held straight up.
    `reach_fractions` are of the arm's length from the shoulder to the wrist, 1 if stretched.
    """

    rows: NDArray[np.intp]
    wrists_px: NDArray[np.float64]
    directions: NDArray[np.float64]
    forearms: NDArray[np.float64]
    others_px: NDArray[np.float64]
    other_forearms: NDArray[np.float64]
    has_finger: NDArray[np.bool_]
    raised_fractions: NDArray[np.float64]
    reach_fractions: NDArray[np.float64]


def bodies_of(scene: Scene, thresholds: Thresholds) -> Bodies:
    """The bodies of all entities."""
    size = len(scene.regions)
    breasts, (widths, turns) = np.full((size, 2), np.nan), np.full((2, size), np.nan)
    asides = {joint: np.full(size, np.nan) for joint in ASIDES}
    usual_px = scene.sizes_px * thresholds.faces.usual_trunk_sizes
    for row, (region, known) in enumerate(zip(scene.regions, scene.points, strict=True)):
        points = paired_points(region.pose, known)
        hips, breast = both(points, "hip"), breast_of(points)
        if breast is None:
            continue
        breasts[row] = breast
        trunk = np.array([0.0, usual_px[row]]) if hips is None else hips - breast
        trunk_px = max(length(trunk), SHORTEST_PX)
        if both(points, "shoulder") is not None:
            widths[row] = length(points["left_shoulder"] - points["right_shoulder"]) / trunk_px
        ears, nose = both(points, "ear"), points.get("nose")
        if ears is not None and nose is not None:
            turns[row] = abs(nose[0] - ears[0]) / trunk_px
        for joint, aside in asides_of(points, breast, trunk).items():
            asides[joint][row] = aside
    return Bodies(breasts_px=breasts, widths=widths, turns=turns, asides=asides)


def arms_of(scene: Scene, thresholds: Thresholds) -> Arms:
    """All arms that reach out, or are raised, or whose index finger is straight."""
    numbers = thresholds.points_at
    found = [
        (row, *arm)
        for row, points in enumerate(scene.points)
        for side in SIDES
        if (arm := arm_of(points, side, scene.regions[row].pose, numbers)) is not None
    ]
    rows, *places, fingers, raised, reach = zip(*found, strict=True) if found else ((),) * 9
    wrists, directions, forearms, others, other_forearms = (
        np.array(place, dtype=np.float64).reshape(-1, 2) for place in places
    )
    return Arms(
        rows=np.array(rows, dtype=np.intp),
        wrists_px=wrists,
        directions=directions,
        forearms=forearms,
        others_px=others,
        other_forearms=other_forearms,
        has_finger=np.array(fingers, dtype=np.bool_),
        raised_fractions=np.array(raised, dtype=np.float64),
        reach_fractions=np.array(reach, dtype=np.float64),
    )


def asides_of(points: Mapping[str, Vector], breast: Vector, trunk: Vector) -> dict[str, float]:
    """How far joints lie aside, by joint, as in `Bodies`; those that were not found are left out.

    `trunk` leads from the breast to the hips. A body that turns brings nose and knees to the side
    it turns to; ankles trail where it kneels.
    """
    down, trunk_px = unit(trunk), length(trunk)
    if down is None:
        return {}
    across = np.array([down[1], -down[0]])
    found = {joint: both(points, joint) for joint in ASIDES} | {"nose": points.get("nose")}
    starts = {"knee": breast + trunk, "ankle": breast + trunk}
    return {
        joint: float((end - starts.get(joint, breast)) @ across) / trunk_px
        for joint, end in found.items()
        if end is not None
    }


def breast_of(points: Mapping[str, Vector]) -> Vector | None:
    """Between the shoulders; where one was found, level with it over the hips or under the ears, or None.

    One shoulder alone would shift all that is measured from the breast by half a body.
    """
    shoulders, one = both(points, "shoulder"), middle(points, "shoulder")
    over = [at for joint in ("hip", "ear") if (at := both(points, joint)) is not None]
    if shoulders is not None or one is None or not over:
        return shoulders
    return np.array([over[0][0], one[1]])


def both(points: Mapping[str, Vector], joint: str) -> Vector | None:
    """Between the left and the right joint where both were found, or None."""
    sides = (f"left_{joint}", f"right_{joint}")
    return middle(points, joint) if all(side in points for side in sides) else None


def arm_of(
    points: Mapping[str, Vector], side: str, pose: Pose | None, numbers: PointsAt
) -> tuple[Vector, Vector, Vector, Vector, Vector, bool, float, float] | None:
    """What `Arms` holds of an arm but its row, or None where it does not reach out.

    A bent arm counts where its hand is raised; one with a straight finger counts in any case.
    """
    joints = [points.get(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist")]
    shoulder, elbow, wrist = joints
    if shoulder is None or elbow is None or wrist is None:
        return None
    along, forearm = unit(wrist - shoulder), unit(wrist - elbow)
    if along is None or forearm is None:
        return None
    bones_px = length(elbow - shoulder) + length(wrist - elbow)
    reach = length(wrist - shoulder) / bones_px
    finger = straight_finger(pose, side, forearm, numbers)
    hand_up_deg = float(np.degrees(np.arcsin(-forearm[1])))
    bent = reach < numbers.smallest_reach_fraction
    raised = reach >= numbers.smallest_bent_fraction and hand_up_deg >= numbers.bent_rise_deg
    if finger is None and bent and not raised:
        return None
    neck, hips = middle(points, "shoulder"), middle(points, "hip")
    down = np.array([0.0, 1.0]) if neck is None or hips is None else hips - neck
    raised_fraction = float(angles_deg(along, down)) / 180.0
    towards = along if finger is None else finger
    other = _forearm(points, other_side(f"{side}_wrist"), other_side(f"{side}_elbow"))
    return wrist, towards, forearm, *other, finger is not None, raised_fraction, reach


def straight_finger(
    pose: Pose | None, side: str, forearm: Vector, numbers: PointsAt
) -> Vector | None:
    """The direction of the index finger of that side, or None where it is not known or curled."""
    for finger in pose.index_fingers if pose else ():
        if finger.side == side and finger.confidence >= numbers.smallest_finger_confidence:
            base, tip = ((p.x_px, p.y_px) for p in (finger.base, finger.tip))
            along = unit(np.subtract(tip, base))
            if along is not None and angles_deg(along, forearm) <= numbers.most_finger_bend_deg:
                return along
    return None


def _forearm(
    points: Mapping[str, Vector], wrist_name: str, elbow_name: str
) -> tuple[Vector, Vector]:
    """A wrist and the direction of its forearm, NaN where not found."""
    wrist, elbow = points.get(wrist_name), points.get(elbow_name)
    along = None if wrist is None or elbow is None else unit(wrist - elbow)
    return UNKNOWN if wrist is None else wrist, UNKNOWN if along is None else along


def paired_points(pose: Pose | None, known: Mapping[str, Vector]) -> dict[str, Vector]:
    """The known points of a pose, and of limbs and eyes the other of a pair with any confidence.

    A model is unsure of a far shoulder that the body hides, yet knows roughly where it is, whereas the
    near one alone would be taken for the middle.
    """
    wanted = {*known, *map(other_side, known)}
    return {name: at for name, at in found_points(pose, 0.0).items() if name in wanted}


def other_side(name: str) -> str:
    """The key point's name on the other side of the body, or the same for the nose."""
    side, _, joint = name.partition("_")
    return {"left": f"right_{joint}", "right": f"left_{joint}"}.get(side, name)
