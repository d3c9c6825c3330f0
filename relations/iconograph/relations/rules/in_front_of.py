"""IN_FRONT_OF: the subject stands between the viewer and the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import Pairs, near_pairs, picked, shared_areas_px2
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_in_front_of(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures that cover a place which another, by its own outline, would take up.

    Drawn outlines are of what can be seen: `hidden_fraction` is the share of the object's convex
    hull that lies under the subject's outline and not in the object's own, less the same turned
    round. Boxes hide that; `base_lead_fraction`, how much lower the subject ends, in heights of the
    smaller one, is then all that speaks.
    """
    figures = scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
    none_px = np.zeros(len(scene.regions))
    pairs = near_pairs(scene, figures, figures, none_px, most=thresholds.common.most_neighbours)
    areas = np.minimum(*(scene.widths_px[rows] * scene.heights_px[rows] for rows in pairs))
    enough = _shared_box_areas_px2(scene, pairs) / areas
    pairs = picked(pairs, enough >= thresholds.in_front_of.smallest_covered_fraction)
    drawn = ~scene.upright[pairs[0]] & ~scene.upright[pairs[1]]
    return (
        _by_outlines(scene, picked(pairs, drawn), thresholds),
        _by_boxes(scene, picked(pairs, ~drawn), thresholds),
    )


def _by_outlines(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    hulls = np.asarray(shapely.convex_hull(scene.shapes), dtype=np.object_)
    hidden = _bites(scene, hulls, pairs) - _bites(scene, hulls, (pairs[1], pairs[0]))
    measures = {"hidden_fraction": hidden, "base_lead_fraction": _base_leads(scene, pairs)}
    return findings_of(pairs, measures, thresholds.in_front_of.by_outlines)


def _by_boxes(scene: Scene, pairs: Pairs, thresholds: Thresholds) -> Findings:
    covered = shared_areas_px2(scene, pairs)
    measures = {
        "covered_fraction": covered / scene.areas_px2[pairs[1]],
        "base_lead_fraction": _base_leads(scene, pairs),
    }
    return findings_of(pairs, measures, thresholds.in_front_of.by_boxes, lacked=("outlines",))


def _bites(scene: Scene, hulls: NDArray[np.object_], pairs: Pairs) -> NDArray[np.float64]:
    """Share of the second's convex hull that the first takes and the second does not, m."""
    first, second = scene.shapes[pairs[0]], scene.shapes[pairs[1]]
    taken = shapely.difference(shapely.intersection(first, hulls[pairs[1]]), second)
    return np.asarray(shapely.area(taken) / shapely.area(hulls[pairs[1]]), dtype=np.float64)


def _base_leads(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    lower = np.minimum(scene.heights_px[pairs[0]], scene.heights_px[pairs[1]])
    leads = (scene.boxes_px[pairs[0], 3] - scene.boxes_px[pairs[1], 3]) / lower
    return np.asarray(np.clip(leads, -1.0, 1.0), dtype=np.float64)


def _shared_box_areas_px2(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    a, b = (scene.boxes_px[rows] for rows in pairs)
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    return np.asarray(np.prod(np.maximum(sides, 0.0), axis=1), dtype=np.float64)


IN_FRONT_OF = Rule(
    kind=EdgeKind.IN_FRONT_OF, method="geometry/in-front-of@1", find=find_in_front_of
)
