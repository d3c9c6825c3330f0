"""Where the hands of figures are, as seen from other things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.ingest.stages.claims import HANDS
from iconograph.relations.pose.points import SIDES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.pairs import Pairs
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

MACHINE = "@"
"""Stands before the version in the names of machines' methods, as in `movenet@1`."""


def have_hands(scene: Scene) -> NDArray[np.bool_]:
    """Which entities have at least one known hand, n."""
    return np.asarray(np.isfinite(scene.hands_px).any(axis=(1, 2)), dtype=np.bool_)


def hands_estimated(scene: Scene) -> NDArray[np.bool_]:
    """Whose hands a model placed, n: the pose names a method with its version, or a stage says so."""
    return np.array(
        [
            (r.pose is not None and MACHINE in r.pose.method) or HANDS in dict(r.attributes)
            for r in scene.regions
        ],
        dtype=np.bool_,
    )


def head_units_px(scene: Scene, thresholds: Thresholds) -> NDArray[np.float64]:
    """Height of each figure's head, or that share of its size which a head has on average, n."""
    usual = scene.sizes_px / thresholds.common.head_heights_per_figure
    return np.where(np.isfinite(scene.head_heights_px), scene.head_heights_px, usual)


def hand_gaps_px(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """From each hand of the first to the outline of the second, 0 within, m x h; inf for no hand."""
    hands = scene.hands_px[pairs[0]]
    known = np.isfinite(hands[..., 0])
    things = np.broadcast_to(scene.shapes[pairs[1], np.newaxis], known.shape)
    gaps = np.full(known.shape, np.inf)
    gaps[known] = shapely.distance(shapely.points(hands[known]), things[known])
    return gaps


def forearm_gaps_px(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """From the nearest forearm of the first to the outline of the second, m; inf where none is known."""
    forearms = np.full((len(scene.regions), len(SIDES)), None, dtype=np.object_)
    for row in np.unique(pairs[0]):
        points = scene.points[row]
        for place, side in enumerate(SIDES):
            elbow, wrist = points.get(f"{side}_elbow"), points.get(f"{side}_wrist")
            if elbow is not None and wrist is not None:
                forearms[row, place] = shapely.linestrings([elbow.tolist(), wrist.tolist()])
    gaps = shapely.distance(forearms[pairs[0]], scene.shapes[pairs[1], np.newaxis])
    return np.asarray(np.nan_to_num(gaps, nan=np.inf).min(axis=1), dtype=np.float64)


def hands_below(scene: Scene, pairs: Pairs, gaps_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far below the middle of the second the nearest hand is, in its heights, m; above is negative.

    `gaps_px` are those of `hand_gaps_px`; of hands that are as near the lowest counts.
    """
    down_px = scene.hands_px[pairs[0], :, 1] - scene.centres_px[pairs[1], np.newaxis, 1]
    nearest = gaps_px <= gaps_px.min(axis=1, keepdims=True)
    lowest_px = np.where(nearest, np.nan_to_num(down_px, nan=-np.inf), -np.inf).max(axis=1)
    return np.asarray(lowest_px / scene.heights_px[pairs[1]], dtype=np.float64)


def hands_off_centre(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """From the nearest hand of the first to the centre of the second, in sizes of its box, m."""
    first, second = pairs
    extents = np.stack([scene.widths_px[second], scene.heights_px[second]], axis=1)
    away = scene.hands_px[first] - scene.centres_px[second, np.newaxis]
    offsets = np.linalg.norm(away / extents[:, np.newaxis], axis=2)
    return np.asarray(np.nanmin(offsets, axis=1), dtype=np.float64)
