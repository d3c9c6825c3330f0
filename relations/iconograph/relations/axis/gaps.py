"""Divides that are empty: a level or a corridor with no figure in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

MOST_LEVELS = 128
"""Levels that are tried; more would find no other line in a picture of thousands of figures."""


def empty_levels(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """The level that best parts persons above from persons below, as heaven from earth.

    It may be crossed a little. Small persons above large ones are far away rather than above, and
    a level low in the picture has the ground below it and no realm.
    """
    numbers, persons = thresholds.divides, scene.of_kind(RegionKind.PERSON)
    boxes, sizes = scene.boxes_px[persons], scene.sizes_px[persons]
    height, width = scene.image.height_px, scene.image.width_px
    levels = _levels(boxes[:, 1], boxes[:, 3])
    highest, lowest = numbers.highest_level_line_fraction, numbers.lowest_level_line_fraction
    levels = levels[(levels >= highest * height) & (levels <= lowest * height)]
    if not levels.size:
        return ()
    straddles = _mean_straddles(levels, boxes[:, 1], boxes[:, 3])
    best = levels[int(np.argmin(straddles))]
    above = (boxes[:, 1] + boxes[:, 3]) / 2 < best
    if above.all() or not above.any():
        return ()
    scale = float(np.median(sizes[above]) / np.median(sizes[~above]))
    if not numbers.smallest_scale_ratio <= scale <= 1 / numbers.smallest_scale_ratio:
        return ()
    measures = {
        "mean_straddle_fraction": np.array([straddles.min()]),
        "fewness": np.array([1.0 / (len(boxes) - 1)]),
    }
    return (
        Line(
            witness="level",
            centre=Point(x_px=width / 2, y_px=float(best)),
            angle_deg=0.0,
            length_px=float(width),
            strength=float(numbers.level.probabilities(measures)[0]),
            evidence=evidence_of(mean_straddle_fraction=straddles.min(), scale_ratio=scale),
        ),
    )


def empty_corridors(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """Upright corridors with no person in them; a gap alone is weak evidence of a divide."""
    persons = scene.of_kind(RegionKind.PERSON)
    boxes, height = scene.boxes_px[persons], scene.image.height_px
    order = np.argsort(boxes[:, 0], kind="stable")
    ends = np.maximum.accumulate(boxes[order, 2])[:-1]
    starts = boxes[order, 0][1:]
    unit_px = float(np.median(scene.sizes_px[persons])) if persons.any() else 1.0
    wide = starts > ends
    gaps = (starts[wide] - ends[wide]) / unit_px
    strengths = thresholds.divides.upright.probabilities({"gap_sizes": np.minimum(gaps, 0.5)})
    return tuple(
        Line(
            witness="corridor",
            centre=Point(x_px=float(x), y_px=height / 2),
            angle_deg=90.0,
            length_px=float(height),
            strength=float(strength),
            evidence=evidence_of(gap_sizes=gap),
        )
        for x, gap, strength in zip((starts[wide] + ends[wide]) / 2, gaps, strengths, strict=True)
    )


def _levels(tops: NDArray[np.float64], bottoms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Halfway between neighbouring edges; evenly picked where there are too many."""
    edges = np.unique(np.concatenate([tops, bottoms]))
    levels: NDArray[np.float64] = (edges[:-1] + edges[1:]) / 2
    picks = np.linspace(0, levels.size - 1, min(levels.size, MOST_LEVELS)).astype(np.intp)
    return np.asarray(levels[picks], dtype=np.float64)


def _mean_straddles(
    levels: NDArray[np.float64], tops: NDArray[np.float64], bottoms: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean share of a person that lies on the other side of the level than its centre, per level.

    A level with all persons on one side parts nothing and counts as 1.
    """
    level = levels[:, np.newaxis]
    above = (tops + bottoms) / 2 < level
    wrong = np.where(above, bottoms - level, level - tops)
    means = np.mean(np.maximum(wrong, 0.0) / (bottoms - tops), axis=1)
    parts = above.any(axis=1) & ~above.all(axis=1)
    return np.asarray(np.where(parts, means, 1.0), dtype=np.float64)
