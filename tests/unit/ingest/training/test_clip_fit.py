from __future__ import annotations

import numpy as np
import pytest

from iconograph.ingest.training.clip_fit import (
    fitted_curve,
    fitted_scale,
    least_value,
    softmax_rows,
)


def test_the_curve_that_made_the_data_is_found() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(-0.2, 0.9, 40_000)
    true = rng.random(40_000) < 0.8 / (1 + np.exp(-20 * (cosines - 0.4)))
    curve = fitted_curve(cosines[true], cosines[~true])
    assert curve.centre == pytest.approx(0.4, abs=0.03)
    assert curve.slope == pytest.approx(20, rel=0.2)
    assert curve.most == pytest.approx(0.8, abs=0.05)


def test_rarer_truth_moves_the_centre_up() -> None:
    rng = np.random.default_rng(1)
    true, false = rng.normal(0.6, 0.1, 2000), rng.normal(0.2, 0.15, 2000)
    even = fitted_curve(true, false)
    rare = fitted_curve(true, false, false_weight=50.0)
    assert rare.centre > even.centre


def test_the_scale_is_greater_for_clearer_cosines() -> None:
    rng = np.random.default_rng(2)
    own = rng.integers(0, 5, 500)
    clear, vague = (rng.normal(0, 0.1, (500, 5)) + step * np.eye(5)[own] for step in (0.6, 0.1))
    assert fitted_scale(clear, own) > fitted_scale(vague, own)


def test_softmax_of_what_is_ruled_out_is_zero() -> None:
    shares = softmax_rows(np.array([[1.0, -np.inf, 1.0]]))
    assert shares.tolist() == [[0.5, 0.0, 0.5]]


@pytest.mark.parametrize(
    ("right", "precision", "least"),
    [
        ([True, True, False, True], 0.7, 0.4),
        ([True, True, False, False], 0.9, 0.8),
        ([False, False, False, False], 0.9, 1.0),
    ],
    ids=["all", "the first two", "never"],
)
def test_the_least_probability_at_a_precision(
    right: list[bool], precision: float, least: float
) -> None:
    probabilities = np.array([0.9, 0.8, 0.6, 0.4])
    assert least_value(probabilities, np.array(right), precision) == least
