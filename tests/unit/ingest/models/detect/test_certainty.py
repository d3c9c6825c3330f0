from __future__ import annotations

import math

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.detect.certainty import Certainty, log_odds, measures_of

BOXES = np.array([[0.0, 0.0, 100.0, 50.0], [50.0, 0.0, 150.0, 50.0], [10.0, 10.0, 30.0, 20.0]])
SCORES = np.array([0.5, 0.25, 0.1])


def test_the_measures_of_boxes() -> None:
    found = measures_of(BOXES, SCORES, width_px=200, height_px=100)

    assert found["score"] == pytest.approx([0.0, math.log(1 / 3), math.log(1 / 9)])
    assert found["inside_fraction"] == pytest.approx([0.0, 0.5, 1.0])
    assert found["log_height"] == pytest.approx([math.log(0.5), math.log(0.5), math.log(0.1)])
    assert found["log_height_square"] == pytest.approx(found["log_height"] ** 2)
    assert found["log_aspect"] == pytest.approx([math.log(2)] * 3)
    assert found["log_aspect_square"] == pytest.approx([math.log(2) ** 2] * 3)


def test_no_boxes_have_no_measures() -> None:
    found = measures_of(np.empty((0, 4)), np.empty(0), width_px=200, height_px=100)

    assert {values.shape for values in found.values()} == {(0,)}


def test_a_box_without_area_has_finite_measures() -> None:
    found = measures_of(np.zeros((2, 4)), np.array([1.0, 0.0]), width_px=9, height_px=9)

    assert all(np.isfinite(values).all() for values in found.values())


def test_probabilities_are_logistic() -> None:
    certainty = Certainty(bias=1.0, weights={"score": 2.0})

    likely = certainty.probabilities({"score": np.array([-0.5, 1.0, 1000.0])})

    assert likely == pytest.approx([0.5, 1 / (1 + math.exp(-3)), 1.0])


def test_a_weight_without_a_measure_is_refused() -> None:
    certainty = Certainty(bias=1.0, weights={"colour": 2.0})

    with pytest.raises(InvalidValueError, match="no measure is named colour; there are score"):
        certainty.probabilities({"score": np.zeros(1)})


def test_log_odds_stay_finite() -> None:
    assert log_odds(np.array([0.0, 0.5, 1.0])) == pytest.approx([-6.9068, 0.0, 6.9068], abs=1e-3)
