"""Where on a body a garment belongs, and how far from there a thing lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.pose import FACE_KEY_POINTS
from iconograph.relations.pose.points import middle
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.region import Region
    from iconograph.relations.pairs import Pairs
    from iconograph.relations.pose.points import Vector
    from iconograph.relations.scene import Scene

PLACED = (WordGroup.HEADWEAR, WordGroup.BODYWEAR, WordGroup.FOOTWEAR)
"""Groups of words whose things have a place on the body."""

ANKLES = ("left_ankle", "right_ankle")

HEAD_FRACTION, TRUNK_FRACTIONS = 0.07, (0.18, 0.5)
"""Middle of the head, shoulders and hips of one who stands, from the top of the box."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placing:
    """Of m pairs of a wearer and a thing: how far off its place the thing is, in sizes of the wearer.

    `is_known` says where key points or a head tell the place, `is_placed` which things have one; the
    others are nowhere amiss.
    """

    off_sizes: NDArray[np.float64]
    is_known: NDArray[np.bool_]
    is_placed: NDArray[np.bool_]


def placing_of(scene: Scene, pairs: Pairs) -> Placing:
    """How far from head, trunk or feet of the first the outline of the second is.

    Without key points those places are guessed in the box of one who stands; in a wide box they may be
    anywhere, and nothing is off.
    """
    off, known = np.zeros(pairs[0].size), np.zeros(pairs[0].size, dtype=np.bool_)
    placed = np.zeros(pairs[0].size, dtype=np.bool_)
    for group in PLACED:
        for at in np.flatnonzero(scene.groups[group][pairs[1]]).tolist():
            row, thing = pairs[0][at], pairs[1][at]
            place = _seen_place(group, scene.regions[row], scene.points[row])
            placed[at], known[at] = True, place is not None
            if place is None:
                place = _usual_place(group, scene.boxes_px[row])
            if place is not None:
                off[at] = shapely.distance(place, scene.shapes[thing]) / scene.sizes_px[row]
    return Placing(off_sizes=off, is_known=known, is_placed=placed)


def _seen_place(
    group: WordGroup, region: Region, points: Mapping[str, Vector]
) -> shapely.Geometry | None:
    """Head, trunk or feet as key points or the head's box have them, or None."""
    if group is WordGroup.BODYWEAR:
        ends = [middle(points, joint) for joint in ("shoulder", "hip")]
        return _through([end for end in ends if end is not None])
    if group is WordGroup.FOOTWEAR:
        return _through([points[name] for name in ANKLES if name in points])
    head = region.pose.head if region.pose else None
    if head is not None:
        box: shapely.Geometry = shapely.box(head.x0_px, head.y0_px, head.x1_px, head.y1_px)
        return box
    return _through([points[name] for name in FACE_KEY_POINTS if name in points])


def _usual_place(group: WordGroup, box_px: NDArray[np.float64]) -> shapely.Geometry | None:
    """The height at which one who stands has head, trunk or feet, all across the box, or None."""
    x0, y0, x1, y1 = box_px.tolist()
    if x1 - x0 > y1 - y0:
        return None
    tops = {
        WordGroup.HEADWEAR: (HEAD_FRACTION, HEAD_FRACTION),
        WordGroup.BODYWEAR: TRUNK_FRACTIONS,
        WordGroup.FOOTWEAR: (1.0, 1.0),
    }
    top, bottom = (y0 + fraction * (y1 - y0) for fraction in tops[group])
    place: shapely.Geometry = shapely.box(x0, top, x1, bottom)
    return place


def _through(places: list[Vector]) -> shapely.Geometry | None:
    """What lies between all places, or None where there are none."""
    if not places:
        return None
    return shapely.convex_hull(shapely.MultiPoint(np.array(places)))
