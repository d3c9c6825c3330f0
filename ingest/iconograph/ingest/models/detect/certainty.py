"""How likely a box is right, from its score and how it stands in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.detect.boxes import areas, shared_areas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SMALLEST_CHANCE = 1e-3
"""Scores are kept this far from 0 and 1 before their log odds are taken."""

SMALLEST_SIDE_FRACTION = 1e-3
"""Sides are taken to be at least this share of the picture's before their logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """Probability 1 / (1 + exp(-(bias + sum of weight times measure))); see `measures_of`."""

    bias: float
    weights: Mapping[str, float]

    def probabilities(self, measures: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """One for each box; raises `InvalidValueError` for a weight of an unknown measure."""
        unknown = sorted(set(self.weights) - set(measures))
        if unknown:
            message = f"no measure is named {', '.join(unknown)}; there are {', '.join(measures)}"
            raise InvalidValueError(message)
        size = next(iter(measures.values())).size
        odds = sum(
            (w * measures[name] for name, w in self.weights.items()), np.full(size, self.bias)
        )
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))), np.float64)


def measures_of(
    boxes_px: NDArray[np.float64],
    scores: NDArray[np.float64],
    *,
    width_px: int,
    height_px: int,
) -> dict[str, NDArray[np.float64]]:
    """What is known of each of n boxes of one class in a picture, the surest first.

    =================  ==========================================================================
    score              log odds of the detector's own score
    inside_fraction    largest share of the box that lies in one surer box
    log_height         logarithm of its height as a share of the picture's
    log_height_square  the square of that
    log_aspect         logarithm of its width over its height
    log_aspect_square  the square of that
    =================  ==========================================================================
    """
    sides = np.maximum(
        (boxes_px[:, 2:] - boxes_px[:, :2]) / (width_px, height_px), SMALLEST_SIDE_FRACTION
    )
    log_height = np.log(sides[:, 1])
    log_aspect = np.log(sides[:, 0] * width_px) - np.log(sides[:, 1] * height_px)
    return {
        "score": log_odds(scores),
        "inside_fraction": _inside_fractions(boxes_px),
        "log_height": log_height,
        "log_height_square": log_height**2,
        "log_aspect": log_aspect,
        "log_aspect_square": log_aspect**2,
    }


def log_odds(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(p / (1 - p)) of numbers in 0..1, those at the ends drawn in by `SMALLEST_CHANCE`."""
    kept = np.clip(chances, SMALLEST_CHANCE, 1.0 - SMALLEST_CHANCE)
    return np.asarray(np.log(kept) - np.log1p(-kept), np.float64)


def _inside_fractions(boxes_px: NDArray[np.float64]) -> NDArray[np.float64]:
    own = np.maximum(areas(boxes_px), np.finfo(np.float64).tiny)
    shares = np.tril(shared_areas(boxes_px, boxes_px), k=-1) / own[:, None]
    return np.asarray(shares.max(axis=1, initial=0.0), np.float64)
