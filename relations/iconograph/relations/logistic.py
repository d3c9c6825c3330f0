"""A probability from weighted measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Probability 1 / (1 + exp(-(bias + sum of weight times measure)))."""

    bias: float
    weights: Mapping[str, float]

    def probabilities(self, measures: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """One for each pair; raises `InvalidValueError` when a measure of a weight is missing."""
        missing = sorted(set(self.weights) - set(measures))
        if missing:
            message = f"no measure for the weights {missing}; measured are {sorted(measures)}"
            raise InvalidValueError(message)
        size = next(iter(measures.values())).size
        logits = np.full(size, self.bias)
        for name, weight in self.weights.items():
            logits += weight * measures[name]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), dtype=np.float64)
