"""BESIDE: the two are next to each other in the depicted space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import RegionKind
from iconograph.relations.pairs import (
    Pairs,
    covering,
    gaps_px,
    near_pairs,
    picked,
    unordered,
)
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

FIGURES = (RegionKind.PERSON, RegionKind.ANIMAL)

FAR_GAP_SIZES = 0.25
"""A gap of a quarter parts for sure."""

LEVELS = (0.25, 0.75)
"""Two of whom one stands no higher than a quarter of the other are not level, for sure."""


def find_beside(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures near each other, and things near figures or things that neither covers.

    Outlines tell more exactly than boxes how wide a gap is. Where boxes and the heads of both figures
    are known, a great difference of their heights tells of depth between them. Things within the outline of another are held, worn or before it, not beside it.
    """
    numbers = thresholds.beside
    able = ~scene.of_kind(RegionKind.ATTRIBUTE, RegionKind.PART, RegionKind.SETTING)
    reach_px = scene.sizes_px * numbers.reach_sizes
    near = near_pairs(scene, able, able, reach_px, most=thresholds.common.most_neighbours)
    pairs = unordered(scene, near)
    figures = scene.of_kind(*FIGURES)[pairs[0]] & scene.of_kind(*FIGURES)[pairs[1]]
    heads = (
        np.isfinite(scene.head_heights_px)[pairs[0]] & np.isfinite(scene.head_heights_px)[pairs[1]]
    )
    drawn = figures & ~scene.upright[pairs[0]] & ~scene.upright[pairs[1]]
    apart = ~figures & ~_covers(scene, pairs, numbers.most_covered_fraction)
    boxed = figures & ~drawn
    with_heads, without = picked(pairs, boxed & heads), picked(pairs, boxed & ~heads)
    outlined, things = picked(pairs, drawn), picked(pairs, apart)
    return (
        findings_of(
            with_heads,
            _measure(scene, with_heads)
            | {"head_log_ratio": _log_ratio(scene.head_heights_px, with_heads)},
            numbers.figures_with_heads,
        ),
        findings_of(without, _measure(scene, without), numbers.figures, lacked=("heads",)),
        findings_of(things, _measure(scene, things), numbers.things),
        findings_of(outlined, _measure_outlined(scene, outlined), numbers.outlined_figures),
    )


def _measure(scene: Scene, pairs: Pairs) -> dict[str, NDArray[np.float64]]:
    smaller = np.minimum(scene.sizes_px[pairs[0]], scene.sizes_px[pairs[1]])
    return {
        "gap_sizes": gaps_px(scene, pairs) / smaller,
        "size_log_ratio": _log_ratio(scene.sizes_px, pairs),
    } | _layout(scene, pairs)


def _measure_outlined(scene: Scene, pairs: Pairs) -> dict[str, NDArray[np.float64]]:
    """Gap and shared level, as far as they count."""
    measures = _measure(scene, pairs)
    return {
        "gap_sizes": np.minimum(measures["gap_sizes"], FAR_GAP_SIZES),
        "level_fraction": measures["level_fraction"].clip(*LEVELS),
    }


def _layout(scene: Scene, pairs: Pairs) -> dict[str, NDArray[np.float64]]:
    """How far two things stand on one level, and one above the other, as shares of the smaller."""
    first, second = scene.boxes_px[pairs[0]], scene.boxes_px[pairs[1]]
    shared_px = np.minimum(first[:, 2:], second[:, 2:]) - np.maximum(first[:, :2], second[:, :2])
    extents_px = np.minimum(first[:, 2:] - first[:, :2], second[:, 2:] - second[:, :2])
    across, down = (np.maximum(shared_px, 0.0) / extents_px).T
    return {"level_fraction": down, "shared_width_fraction": across}


def _log_ratio(lengths_px: NDArray[np.float64], pairs: Pairs) -> NDArray[np.float64]:
    return np.abs(np.log(lengths_px[pairs[0]] / lengths_px[pairs[1]]))


def _covers(scene: Scene, pairs: Pairs, fraction: float) -> NDArray[np.bool_]:
    """Whether one of the two covers more than that share of the other, m."""
    ways = (pairs, (pairs[1], pairs[0]))
    most = np.maximum(*(covering(scene, way, fraction) for way in ways))
    return np.asarray(most > fraction, dtype=np.bool_)


BESIDE = Rule(kind=EdgeKind.BESIDE, method="geometry/beside@2", find=find_beside)
