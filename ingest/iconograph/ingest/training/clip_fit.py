"""Curves and thresholds fitted to cosines: what a cosine is worth, and when a name may be given."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

BINS = 200
CENTRES, SLOPES = np.linspace(0.0, 1.0, 51), np.geomspace(6.0, 60.0, 41)
MOSTS = np.linspace(0.5, 0.99, 15)
SCALES = tuple(float(scale) for scale in np.geomspace(8.0, 80.0, 25))
SMALLEST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """`most / (1 + exp(-slope * (cosine - centre)))`, with the log loss per pair that it leaves."""

    centre: float
    slope: float
    most: float
    loss: float


def fitted_curve(true: Floats, false: Floats, *, false_weight: float = 1.0) -> Curve:
    """The likeliest curve for cosines of pairs that are true and pairs that are false.

    A grid is searched over binned cosines. `false_weight` is how many pairs each false one stands
    for.
    """
    edges = np.linspace(-1.0, 1.0, BINS + 1)
    right = np.histogram(true, edges)[0].astype(float)
    wrong = false_weight * np.histogram(false, edges)[0]
    middles = (edges[:-1] + edges[1:]) / 2
    best = Curve(centre=0.0, slope=1.0, most=1.0, loss=float("inf"))
    for centre, slope in product(CENTRES, SLOPES):
        logistic = 1 / (1 + np.exp(-slope * (middles - centre)))
        for most in MOSTS:
            share = np.clip(most * logistic, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
            loss = -float(right @ np.log(share) + wrong @ np.log(1 - share))
            loss /= float(right.sum() + wrong.sum())
            if loss < best.loss:
                best = Curve(centre=float(centre), slope=float(slope), most=float(most), loss=loss)
    return best


def fitted_scale(cosines: Floats, own: NDArray[np.int64]) -> float:
    """The factor of cosines (n x names) at which a softmax gives each row's own name its due.

    It makes the log loss smallest.
    """
    losses = []
    for scale in SCALES:
        shares = softmax_rows(scale * cosines)
        losses.append(-np.log(shares[np.arange(len(own)), own] + SMALLEST_PROBABILITY).mean())
    return SCALES[int(np.argmin(losses))]


def softmax_rows(logits: Floats) -> NDArray[np.float64]:
    """Probabilities that add up to 1 in each row; a logit of minus infinity gives 0."""
    powers = np.exp(np.asarray(logits, np.float64) - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def least_value(values: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The least probability or cosine from which on given names are right at a precision.

    1 where no threshold reaches it.
    """
    order = np.argsort(-np.asarray(values), kind="stable")
    precisions = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(precisions >= precision)
    return float(np.asarray(values)[order][reached[-1]]) if len(reached) else 1.0
