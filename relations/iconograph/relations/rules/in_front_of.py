"""IN_FRONT_OF: the subject stands between the viewer and the object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.shapes import only_areas
from iconograph.relations.pairs import (
    Pairs,
    most_shared_px2,
    near_pairs,
    picked,
    shared_areas_px2,
)
from iconograph.relations.rules.rule import Findings, Rule, findings_of
from iconograph.relations.shared_areas import common_px2, outline_sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

SEAM_FRACTION = 0.01
"""Of the smaller one's size: two outlines that are no further apart touch."""

LEAST_FRACTION = 0.01
"""Fractions below a hundredth are as good as none, in logarithms."""

MOST_JOINTS = 3.0
"""More joints that are hidden say no more."""


def find_in_front_of(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures that stand before others whom they touch or overlap on the picture plane.

    Drawn outlines are of what can be seen, so that they meet where one hides another.
    `within_fraction` is the share of the subject that lies in the object's convex hull, where it would be
    hidden if it stood behind; `touching_fraction` the length of the border between the two in the
    smaller one's sizes; `bulging_fraction` how much of it bulges out of the subject, as the outline of
    what is before does, negative out of the object; `hidden_joints` how many joints of the object lie
    under the subject, less the same turned round. Boxes hide that; `base_lead_fraction`, how much
    lower the subject ends, in heights of the smaller one, is then what speaks.
    """
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    none_px = np.zeros(len(scene.regions))
    pairs = near_pairs(scene, figures, figures, none_px, most=thresholds.common.most_neighbours)
    areas = np.minimum(*(scene.widths_px[rows] * scene.heights_px[rows] for rows in pairs))
    enough = most_shared_px2(scene, pairs) / areas
    pairs = picked(pairs, enough >= thresholds.in_front_of.smallest_covered_fraction)
    drawn = ~scene.upright[pairs[0]] & ~scene.upright[pairs[1]]
    return (
        _by_outlines(scene, picked(pairs, drawn), thresholds),
        _by_boxes(scene, picked(pairs, ~drawn), thresholds),
    )


def _by_outlines(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    turned = (pairs[1], pairs[0])
    joints = _joints_under(scene, pairs) - _joints_under(scene, turned)
    shares = _shares(scene, pairs)
    within, touching = shares["within"], shares["touching"]
    measures = {
        "within_fraction": within,
        "within_log": np.log(within + LEAST_FRACTION),
        "touching_fraction": touching,
        "touching_log": np.log(touching + LEAST_FRACTION),
        "bulging_fraction": touching * shares["bulging"],
        "base_lead_fraction": _base_leads(scene, pairs),
        "hidden_joints": np.clip(joints, -MOST_JOINTS, MOST_JOINTS),
    }
    return findings_of(pairs, measures, thresholds.in_front_of.by_outlines)


def _shares(scene: Scene, pairs: Pairs) -> dict[str, NDArray[np.float64]]:
    """What the outlines of m pairs have to do with each other, each m.

    `within` is the share of the first that lies in the second's convex hull. `touching` is the length
    along which the two touch, in the smaller one's sizes, at most 1. `bulging` is which way the
    border between the two bulges, -1..1: 1 out of the first all along.
    """
    near, seams_px = _near(scene, pairs), _seams_px(scene, pairs)
    rows, hull_of = np.unique(pairs[1], return_inverse=True)
    hulls = np.asarray(shapely.convex_hull(scene.shapes[rows]), dtype=np.object_)
    bulges = _bulges(near)
    parts = (near.cuts, near.grown, hulls, bulges)
    _, grown, hull, bulge = np.cumsum([0, *map(len, parts[:-1])])
    one_bulge = bulge + np.arange(pairs[0].size)
    common = common_px2(
        outline_sides(np.concatenate(parts)),
        np.concatenate([near.first, grown + near.first, one_bulge, one_bulge]),
        np.concatenate([hull + hull_of, near.second, near.first, near.second]),
    )
    within_px2, strips_px2, leads_px2, trails_px2 = np.split(common, 4)
    lengths = strips_px2 / seams_px / (seams_px / SEAM_FRACTION)
    areas_px2 = shapely.area(bulges)
    leads_px2 -= trails_px2
    return {
        "within": within_px2 / scene.areas_px2[pairs[0]],
        "touching": np.minimum(1.0, lengths),
        "bulging": np.divide(
            leads_px2, areas_px2, out=np.zeros_like(areas_px2), where=areas_px2 > 0
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Near:
    """What of two things is near the other, and that grown by a seam.

    The first and the second of m pairs are `cuts[first[k]]` and `cuts[second[k]]`.
    """

    cuts: NDArray[np.object_]
    grown: NDArray[np.object_]
    first: NDArray[np.intp]
    second: NDArray[np.intp]


def _near(scene: Scene, pairs: Pairs) -> _Near:
    """The two cut to two seams around what their boxes share, once for a pair and the pair turned.

    Nothing further away is within a seam of the other, and the cuts take a fraction of the time.
    """
    ends, places = np.unique(np.sort(np.stack(pairs, axis=1), axis=1), axis=0, return_inverse=True)
    seams_px = _seams_px(scene, (ends[:, 0], ends[:, 1]))
    a, b = (scene.boxes_px[rows] for rows in ends.T)
    around = 2.0 * seams_px[:, np.newaxis]
    low = np.maximum(a[:, :2], b[:, :2]) - around
    high = np.minimum(a[:, 2:], b[:, 2:]) + around
    windows = shapely.box(*np.hstack([low, high]).T)
    cuts = only_areas(shapely.intersection(scene.shapes[ends], windows[:, np.newaxis]))
    grown = shapely.buffer(cuts, seams_px[:, np.newaxis], quad_segs=2)
    turned = (pairs[0] > pairs[1]).astype(np.intp)
    return _Near(
        cuts=cuts.ravel(),
        grown=grown.ravel(),
        first=2 * places + turned,
        second=2 * places + 1 - turned,
    )


def _seams_px(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """How far apart the two may be to touch, m."""
    return SEAM_FRACTION * np.minimum(scene.sizes_px[pairs[0]], scene.sizes_px[pairs[1]])


def _bulges(near: _Near) -> NDArray[np.object_]:
    """The convex hull of the first's border with the second, m."""
    borders = shapely.boundary(near.cuts)[near.first]
    borders = shapely.intersection(borders, near.grown[near.second])
    return np.asarray(shapely.convex_hull(borders), dtype=np.object_)


def _joints_under(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """How many joints of the second lie on the first and not on itself, m."""
    joints = [list(scene.points[row].values()) for row in pairs[1].tolist()]
    at = np.repeat(np.arange(pairs[0].size), [len(found) for found in joints])
    xs, ys = np.array([place for found in joints for place in found]).reshape(-1, 2).T
    hidden = shapely.contains_xy(scene.shapes[pairs[0][at]], xs, ys)
    hidden &= ~shapely.contains_xy(scene.shapes[pairs[1][at]], xs, ys)
    return np.bincount(at[hidden], minlength=pairs[0].size).astype(np.float64)


def _by_boxes(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    covered = shared_areas_px2(scene, pairs)
    measures = {
        "covered_fraction": covered / scene.areas_px2[pairs[1]],
        "base_lead_fraction": _base_leads(scene, pairs),
    }
    return findings_of(pairs, measures, thresholds.in_front_of.by_boxes, lacked=("outlines",))


def _base_leads(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    lower = np.minimum(scene.heights_px[pairs[0]], scene.heights_px[pairs[1]])
    leads = (scene.boxes_px[pairs[0], 3] - scene.boxes_px[pairs[1], 3]) / lower
    return np.asarray(np.clip(leads, -1.0, 1.0), dtype=np.float64)


IN_FRONT_OF = Rule(
    kind=EdgeKind.IN_FRONT_OF, method="geometry/in-front-of@2", find=find_in_front_of
)
