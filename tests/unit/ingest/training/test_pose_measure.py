from __future__ import annotations

import numpy as np
import pytest

from iconograph.ingest.training.pose_measure import (
    average_precision,
    figures_of_merit,
    fitted_logistic,
    judged,
)


def test_errors_are_in_heights_of_the_head() -> None:
    truth = np.zeros((17, 3), np.float32)
    truth[:, 2] = 2
    places = np.zeros((17, 2))
    places[9] = (30, 40)
    found = judged([places], [np.ones(17)], [truth], [100.0])
    assert found.errors_heads[0, 9] == pytest.approx(0.5)
    assert found.errors_heads[0, 10] == 0
    assert found.right.all()


def test_seen_and_hidden_are_counted_apart_and_only_seen_ones_are_right() -> None:
    truth = np.zeros((17, 3), np.float32)
    truth[:, 2] = 2
    truth[9, 2], truth[10, 2] = 1, 0
    places = np.zeros((17, 2))
    places[9] = (60, 0)
    merit = figures_of_merit(judged([places], [np.full(17, 0.9)], [truth], [100.0]))
    assert merit["wrists"]["hidden"] == 1
    assert merit["wrists"]["near_hidden"] == 0
    assert merit["wrists"]["seen"] == 0
    assert merit["all"]["seen"] == 15
    assert merit["all"]["near_seen"] == 1
    assert merit["all"]["calibration_error"] == pytest.approx(0.9 - 15 / 17, abs=1e-6)
    assert merit["wrists"]["calibration_error"] == pytest.approx(0.9, abs=1e-6)


@pytest.mark.parametrize(
    ("confidences", "right", "expected"),
    [
        ([0.9, 0.8, 0.1], [True, True, False], 1.0),
        ([0.9, 0.8, 0.1], [False, True, False], 0.5),
        ([0.9, 0.8], [False, False], 0.0),
    ],
    ids=["perfect", "one before it", "none"],
)
def test_average_precision(confidences: list[float], right: list[bool], expected: float) -> None:
    assert average_precision(np.array(confidences), np.array(right)) == pytest.approx(expected)


def test_the_logistic_curve_finds_its_own_numbers() -> None:
    rng = np.random.default_rng(1)
    measures = rng.normal((3.0, -2.0), (2.0, 0.5), (20_000, 2))
    chance = 1 / (1 + np.exp(-(1.5 * measures[:, 0] - 2.0 * measures[:, 1] - 8.0)))
    slopes, offset = fitted_logistic(measures, rng.random(len(chance)) < chance)
    assert slopes == pytest.approx((1.5, -2.0), rel=0.1)
    assert offset == pytest.approx(-8.0, rel=0.1)


def test_the_logistic_curve_stays_finite_where_all_are_right() -> None:
    slopes, offset = fitted_logistic(np.ones((5, 1)), np.ones(5, bool))
    assert np.isfinite([*slopes, offset]).all()
