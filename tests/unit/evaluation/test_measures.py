from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.evaluation.measures import (
    average_precision,
    calibration_error,
    precision_recall,
    reliability,
)
from iconograph.graph.errors import InvalidValueError


@pytest.mark.parametrize(
    ("scores", "truths", "expected"),
    [
        ([0.9, 0.8, 0.1], [True, True, False], 1.0),
        ([0.9, 0.8, 0.1], [False, True, True], (1 / 2 + 2 / 3) / 2),
        ([0.5, 0.5, 0.5, 0.5], [True, False, False, False], 0.25),
        ([0.9, 0.1], [False, True], 0.5),
    ],
    ids=["perfect", "one wrong first", "all tied", "last"],
)
def test_average_precision(scores: list[float], truths: list[bool], expected: float) -> None:
    assert average_precision(np.array(scores), np.array(truths)) == pytest.approx(expected)


def test_average_precision_needs_a_truth() -> None:
    assert math.isnan(average_precision(np.array([0.3]), np.array([False])))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans()), min_size=1))
def test_the_order_of_equal_scores_is_no_matter(pairs: list[tuple[float, bool]]) -> None:
    scores, truths = (np.array(column) for column in zip(*pairs, strict=True))

    forward = average_precision(scores, truths)
    backward = average_precision(scores[::-1], truths[::-1])

    assert forward == pytest.approx(backward, nan_ok=True)


def test_recall_rises_to_one() -> None:
    curve = precision_recall(np.array([0.2, 0.7, 0.7]), np.array([True, True, False]))

    assert curve.recall.tolist() == [0.5, 1.0]
    assert curve.precision.tolist() == pytest.approx([0.5, 2 / 3])


def test_reliability_counts_each_bin() -> None:
    found = reliability(np.array([0.05, 0.95, 0.97, 1.0]), np.array([False, True, True, False]))

    assert [bin_.count for bin_ in found] == [1, 3]
    assert found[1].true_fraction == pytest.approx(2 / 3)


def test_calibration_error_is_the_mean_distance() -> None:
    confidences, truths = np.array([0.25, 0.25, 0.75, 0.75]), np.array([False, True, True, True])

    assert calibration_error(confidences, truths) == pytest.approx(0.25)


def test_lengths_must_agree() -> None:
    with pytest.raises(InvalidValueError, match="one length"):
        average_precision(np.array([0.1]), np.array([True, False]))
