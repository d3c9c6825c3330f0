from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.pose import Side
from iconograph.ingest.models.pose.gates import gated_pose
from iconograph.ingest.models.pose.simcc import padded_window

SPREAD = np.column_stack([np.linspace(20.0, 80.0, 17), np.linspace(30.0, 90.0, 17)])


def test_places_and_peaks_become_a_pose() -> None:
    scores = np.full(17, 0.5)
    scores[[3, 4]] = 0.049, 1.2

    pose = gated_pose(SPREAD, scores, method="net@1")

    assert pose is not None
    assert pose.method == "net@1"
    assert [(point.x_px, point.y_px) for point in pose.key_points] == [tuple(p) for p in SPREAD]
    assert [point.confidence for point in pose.key_points[2:6]] == [0.5, 0.0, 1.0, 0.5]


@pytest.mark.parametrize(("score", "found"), [(0.19, False), (0.21, True)])
def test_a_body_of_low_peaks_was_not_recognised(score: float, *, found: bool) -> None:
    assert (gated_pose(SPREAD, np.full(17, score), method="net@1") is not None) is found


def test_one_high_peak_makes_no_body() -> None:
    assert gated_pose(SPREAD, np.eye(17)[0] * 50.0, method="net@1") is None


def test_a_place_outside_the_window_was_not_found() -> None:
    places = SPREAD.copy()
    places[7] = (400.0, 60.0)
    places[8] = (50.0, -300.0)
    window = padded_window(np.array([20.0, 30.0, 80.0, 90.0]), (48, 64))

    pose = gated_pose(places, np.full(17, 0.5), method="net@1", window=window)

    assert pose is not None
    assert [row for row, point in enumerate(pose.key_points) if not point.confidence] == [7, 8]


def test_whole_body_gives_hands_where_their_palms_were_found() -> None:
    places = np.zeros((133, 2))
    places[112:] = (10.0, 20.0)
    scores = np.where((np.arange(133) >= 91) & (np.arange(133) < 112), 0.01, 0.6)

    pose = gated_pose(places, scores, method="net@1")

    assert pose is not None
    assert [(hand.x_px, hand.y_px) for hand in pose.hands] == [(10.0, 20.0)]
    assert [finger.side for finger in pose.index_fingers] == [Side.RIGHT]


@pytest.mark.parametrize(
    ("places", "scores", "said"),
    [
        (np.zeros((21, 2)), np.ones(21), "expected k x 2 and k"),
        (np.zeros((17, 3)), np.ones(17), "expected k x 2 and k"),
        (np.full((17, 2), np.nan), np.ones(17), "not finite"),
        (np.zeros((17, 2)), np.full(17, np.inf), "not finite"),
    ],
    ids=["21 key points", "three coordinates", "places", "scores"],
)
def test_nonsense(places: np.ndarray, scores: np.ndarray, said: str) -> None:
    with pytest.raises(ModelOutputError, match=said):
        gated_pose(places, scores, method="net@1")
