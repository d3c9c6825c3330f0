"""A logistic curve from cosines to probabilities, fitted to pairs of which the truth is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 50
RIDGE = 1e-6
SURE = 0.9
MOST, FEWEST_SURE = 0.95, 50
"""No cosine is worth more; what the surest are worth is said by so many pairs at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineCurve:
    """`most / (1 + exp(-slope * (cosine - centre)))`: the numbers of `calibration.toml`."""

    slope: float
    centre: float
    most: float

    def to_record(self) -> dict[str, Any]:
        """As a JSON object, and as a table of `calibration.toml`."""
        return {"slope": self.slope, "centre": self.centre, "most": self.most}


def fitted_curve(cosines: NDArray[np.floating], truths: NDArray[np.bool_]) -> CosineCurve:
    """Maximum likelihood by Newton's method; `most` is how often the surest pairs are true.

    Raises `InvalidValueError` where all pairs are true, or none.
    """
    if truths.all() or not truths.any():
        message = "a curve needs pairs that are true and pairs that are not"
        raise InvalidValueError(message)
    middle, spread = float(np.mean(cosines)), float(np.std(cosines)) or 1.0
    design = np.stack([np.ones(cosines.size), (cosines - middle) / spread], axis=1)
    weights = np.array([math.log(truths.mean() / (1 - truths.mean())), 1.0])
    for _ in range(STEPS):
        chances = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (truths - chances) - RIDGE * weights
        bend = (design * (chances * (1 - chances))[:, None]).T @ design + RIDGE * np.eye(2)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004  converged
            break
    chances = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30, 30)))
    surest = np.argsort(-chances)[: max(FEWEST_SURE, int((chances >= SURE).sum()))]
    most = float(truths[surest].mean())
    return CosineCurve(
        slope=round(float(weights[1] / spread), 2),
        centre=round(float(middle - weights[0] * spread / weights[1]), 4),
        most=round(min(MOST, most), 3),
    )
