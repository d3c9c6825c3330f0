"""How near found key points lie to the true ones, and how much their confidences say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.training.detect_measure import calibration_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEAR_HEADS = 0.5
"""A key point nearer than so many head heights to the true one is right."""

NEWTON_STEPS, PULL, STILL = 60, 1e-2, 1e-9
PARTS = {
    "head": COCO_KEY_POINTS[:5],
    "shoulders": COCO_KEY_POINTS[5:7],
    "elbows": COCO_KEY_POINTS[7:9],
    "wrists": COCO_KEY_POINTS[9:11],
    "hips": COCO_KEY_POINTS[11:13],
    "legs": COCO_KEY_POINTS[13:],
}
OUTSIDE, HIDDEN, SEEN = 0, 1, 2
"""COCO's visibilities."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Key points found for figures, each array n x 17.

    `errors_heads` is the distance to the true place in heights of the head, `visibility` COCO's, and
    `confidences` what the model says.
    """

    errors_heads: Floats
    visibility: NDArray[np.int64]
    confidences: Floats

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which are seen and found where they are."""
        right: NDArray[np.bool_] = (self.visibility == SEEN) & (self.errors_heads <= NEAR_HEADS)
        return right


def judged(
    places_px: Sequence[Floats],
    confidences: Sequence[Floats],
    truths: Sequence[NDArray[np.float32]],
    head_heights_px: Sequence[float],
) -> Judged:
    """Figures' key points (17 x 2 and 17) beside the true ones (17 x 3) and the heights of heads."""
    true = np.stack(truths).astype(np.float64)
    away = np.linalg.norm(np.stack(places_px) - true[:, :, :2], axis=2)
    return Judged(
        errors_heads=away / np.maximum(np.array(head_heights_px), 1.0)[:, None],
        visibility=true[:, :, 2].astype(np.int64),
        confidences=np.stack(confidences),
    )


def figures_of_merit(found: Judged) -> dict[str, dict[str, float]]:
    """For all key points and each part of the body: counts, shares found near, and confidences.

    `near_seen` and `near_hidden` are shares within half a head of the true place; `average_precision` ranks
    seen and right ones before all others by confidence.
    """
    columns = {"all": list(range(len(COCO_KEY_POINTS)))} | {
        part: [COCO_KEY_POINTS.index(name) for name in names] for part, names in PARTS.items()
    }
    return {part: _merit(found, rows) for part, rows in columns.items()}


def _merit(found: Judged, columns: list[int]) -> dict[str, float]:
    near = found.errors_heads[:, columns] <= NEAR_HEADS
    visibility, sure = found.visibility[:, columns], found.confidences[:, columns]
    right = found.right[:, columns]
    return {
        "seen": float(np.count_nonzero(visibility == SEEN)),
        "near_seen": _share(near[visibility == SEEN]),
        "hidden": float(np.count_nonzero(visibility == HIDDEN)),
        "near_hidden": _share(near[visibility == HIDDEN]),
        "confidence_seen": _share(sure[visibility == SEEN]),
        "confidence_hidden": _share(sure[visibility == HIDDEN]),
        "average_precision": average_precision(sure.ravel(), right.ravel()),
        "calibration_error": calibration_error(sure.ravel().astype(np.float32), right.ravel()),
    }


def _share(values: NDArray[np.bool_] | Floats) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def average_precision(confidences: Floats, right: NDArray[np.bool_]) -> float:
    """Mean of the precision at each right one, from the surest on; 0 where none is right."""
    order = np.argsort(-confidences, kind="stable")
    hits = right[order]
    if not hits.any():
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def fitted_logistic(measures: Floats, right: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Slopes and offset of the logistic curve over measures (n x k) that is likeliest for `right` (n).

    Newton's method on the log likelihood, with a slight pull to 0.
    """
    middle, spread = measures.mean(axis=0), measures.std(axis=0) + STILL
    design = np.column_stack([(measures - middle) / spread, np.ones(len(measures))])
    weights = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chance - right) + PULL * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design
        change = np.linalg.solve(curve + PULL * np.eye(len(weights)), slope)
        weights = weights - change
        if np.abs(change).max() < STILL:
            break
    slopes = weights[:-1] / spread
    return slopes, float(weights[-1] - slopes @ middle)
