"""Which bodies and key points count as found, for models that answer with a peak for each key point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.simcc import (
    SMALLEST_MEAN_SCORE,
    SMALLEST_SCORE,
    KeyPointSet,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.ingest.models.pose.crops import Window

GATES = (
    ("smallest_score", str(SMALLEST_SCORE)),
    ("smallest_mean_score", str(SMALLEST_MEAN_SCORE)),
)
"""As parameters of a run."""


def gated_pose(
    places_px: NDArray[np.float64],
    scores: NDArray[np.float64],
    *,
    method: str,
    window: Window | None = None,
) -> Pose | None:
    """A pose from places, k x 2, and peaks, k, of one figure; None where no body was recognised.

    COCO's 17 key points come first; of 133 (whole-body) come hands and index fingers as well. A place
    outside the window that the model saw was not found: peaks of a flat map, once refined, leap there. Raises
    `ModelOutputError` for another number of key points and for numbers that are not finite.
    """
    sizes = [known.size for known in KeyPointSet]
    if scores.shape not in [(size,) for size in sizes] or places_px.shape != (*scores.shape, 2):
        message = (
            f"{method} answered places {places_px.shape} and scores {scores.shape}, expected k x 2 "
            f"and k for k in {sizes}; choose a model of COCO's key points, or whole-body"
        )
        raise ModelOutputError(message)
    if not (np.isfinite(places_px).all() and np.isfinite(scores).all()):
        message = (
            f"{method} answered places or scores that are not finite; its weights may be damaged"
        )
        raise ModelOutputError(message)
    if np.clip(scores[: len(COCO_KEY_POINTS)], 0.0, 1.0).mean() < SMALLEST_MEAN_SCORE:
        return None
    found = scores >= SMALLEST_SCORE
    if window is not None:
        fed_px = places_px @ window.matrix[:, :2].T + window.matrix[:, 2]
        found &= ((fed_px >= -1.0) & (fed_px <= np.array(window.size_px))).all(axis=1)
    confidences = np.where(found, np.clip(scores, 0.0, 1.0), 0.0)
    return pose_of(places_px, confidences, method=method)
