"""Cosines of a vector space as probabilities, so that spaces can be compared."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.checks import require_finite, require_fraction
from iconograph.graph.model.vector import Modality

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.vector import VectorSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic curve over cosines: `most / (1 + exp(-slope * (cosine - centre)))`."""

    modality: Modality
    slope: float
    centre: float
    most: float

    def __post_init__(self) -> None:
        require_finite("Calibration", slope=self.slope, centre=self.centre)
        require_fraction("Calibration", most=self.most)

    def probability(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability for each cosine, 0 where it is NaN."""
        # The same curve as a hyperbolic tangent, which cannot overflow far below the centre.
        curve = self.most / 2.0 * (1.0 + np.tanh(self.slope / 2.0 * (cosines - self.centre)))
        known: NDArray[np.float32] = np.where(np.isnan(cosines), 0.0, curve).astype(np.float32)
        return known

    def least_cosine(self, probability: float) -> float:
        """The cosine from which on the curve gives a probability; 1 or more where it never does."""
        if probability <= 0.0:
            return -1.0
        if probability >= self.most:
            return math.inf
        return self.centre - math.log(self.most / probability - 1.0) / self.slope


def calibrations(spaces: Iterable[VectorSpace]) -> dict[str, Calibration]:
    """The calibration of each space, by its name."""
    text = (resources.files("iconograph.graph.search") / "calibration.toml").read_text("utf-8")
    curves: Mapping[str, Mapping[str, float]] = tomllib.loads(text)
    return {
        space.name: Calibration(
            modality=space.modality, **curves.get(space.name, curves[space.modality.value])
        )
        for space in spaces
    }
