"""How good probabilities are, as pure functions of scores and truths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELIABILITY_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Statements of like confidence: how many, their mean confidence, and the share that is true."""

    count: int
    confidence: float
    true_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrecisionRecall:
    """Precision and recall, float64 arrays, with each distinct score as the threshold in turn.

    Scores fall, so that recall rises.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]


def precision_recall(scores: NDArray[np.float64], truths: NDArray[np.bool_]) -> PrecisionRecall:
    """The curve over n scores; equal scores are taken together, so that their order is no matter."""
    _require_same_length(scores, truths)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    lasts = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))[: len(ordered)]
    right = np.cumsum(truths[order])[lasts]
    return PrecisionRecall(precision=right / (lasts + 1), recall=right / max(1, truths.sum()))


def average_precision(scores: NDArray[np.float64], truths: NDArray[np.bool_]) -> float:
    """The mean of the precision over the true statements, 0..1; NaN where none is true.

    Each step of recall counts with the precision at its end (Manning, Raghavan and Schuetze 2008,
    section 8.4), without interpolation.
    """
    if not truths.any():
        return float("nan")
    curve = precision_recall(scores, truths)
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


def reliability(
    confidences: NDArray[np.float64], truths: NDArray[np.bool_], *, bins: int = RELIABILITY_BINS
) -> tuple[ReliabilityBin, ...]:
    """Bins of equal width over 0..1; empty ones are left out."""
    _require_same_length(confidences, truths)
    places = np.minimum((confidences * bins).astype(np.int64), bins - 1)
    return tuple(
        ReliabilityBin(
            count=int(inside.sum()),
            confidence=float(confidences[inside].mean()),
            true_fraction=float(truths[inside].mean()),
        )
        for place in range(bins)
        if (inside := places == place).any()
    )


def calibration_error(
    confidences: NDArray[np.float64], truths: NDArray[np.bool_], *, bins: int = RELIABILITY_BINS
) -> float:
    """The expected calibration error, 0..1 (Naeini, Cooper and Hauskrecht 2015); NaN without any.

    It is the mean distance of confidence and truth over bins of equal width, by their counts.
    """
    found = reliability(confidences, truths, bins=bins)
    if not found:
        return float("nan")
    off = sum(b.count * abs(b.confidence - b.true_fraction) for b in found)
    return off / sum(b.count for b in found)


def _require_same_length(scores: NDArray[np.float64], truths: NDArray[np.bool_]) -> None:
    if scores.shape != truths.shape or scores.ndim != 1:
        message = f"scores and truths need one length, got {scores.shape} and {truths.shape}"
        raise InvalidValueError(message)
