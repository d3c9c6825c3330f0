"""Where the hands of figures are, as seen from other things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.ingest.stages.figures import HANDS

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
    """From the nearest hand of the first to the outline of the second, 0 within, m.

    The pairs must be of firsts that have hands.
    """
    hands = scene.hands_px[pairs[0]]
    known = np.isfinite(hands[..., 0])
    things = np.broadcast_to(scene.shapes[pairs[1], np.newaxis], known.shape)
    gaps = np.full(known.shape, np.inf)
    gaps[known] = shapely.distance(shapely.points(hands[known]), things[known])
    return np.asarray(gaps.min(axis=1), dtype=np.float64)


def hands_off_centre(scene: Scene, pairs: Pairs) -> NDArray[np.float64]:
    """From the nearest hand of the first to the centre of the second, in sizes of its box, m."""
    first, second = pairs
    extents = np.stack([scene.widths_px[second], scene.heights_px[second]], axis=1)
    away = scene.hands_px[first] - scene.centres_px[second, np.newaxis]
    offsets = np.linalg.norm(away / extents[:, np.newaxis], axis=2)
    return np.asarray(np.nanmin(offsets, axis=1), dtype=np.float64)
