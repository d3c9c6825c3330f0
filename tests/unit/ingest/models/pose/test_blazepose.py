from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.pose.blazepose import BlazePose, moved_by_heat
from tests.unit.ingest.models.pose.marked import BOX, FIGURE, MarkedBlazePose, painted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BOXES = np.array([BOX], dtype=np.float32)


def test_landmarks_become_key_points_and_hands() -> None:
    (pose,) = BlazePose(MarkedBlazePose())(painted(), BOXES)
    assert pose is not None
    for name, place in FIGURE.items():
        point = pose.key_point(name)
        assert point is not None, name
        assert (point.x_px, point.y_px) == pytest.approx(place, abs=1.5), name
    (left, right) = pose.hands
    assert left.x_px > right.x_px
    assert left.y_px > FIGURE["left_wrist"][1] + 3


def test_what_is_not_visible_was_not_found() -> None:
    figure = {name: at for name, at in FIGURE.items() if not name.endswith("wrist")}
    (pose,) = BlazePose(MarkedBlazePose())(painted(figure), BOXES)
    assert pose is not None
    assert pose.key_point("left_wrist") is None
    assert pose.key_point("left_elbow") is not None
    assert pose.hands == ()


@pytest.mark.parametrize(
    ("box", "presence"),
    [
        pytest.param(BOX, 0.05, id="nobody there"),
        pytest.param((900, 0, 950, 50), 0.9, id="outside"),
    ],
)
def test_no_person_is_no_pose(box: tuple[float, ...], presence: float) -> None:
    estimator = BlazePose(MarkedBlazePose(presence))
    assert estimator(painted(), np.array([box], dtype=np.float32)) == (None,)


def test_no_boxes_no_poses() -> None:
    assert BlazePose(MarkedBlazePose())(painted(), np.empty((0, 4), dtype=np.float32)) == ()


def test_heat_near_a_landmark_draws_it_and_cold_or_far_heat_does_not() -> None:
    heat = np.zeros((64, 64, 4))
    heat[20, 10, 0] = heat[20, 11, 0] = 1.0
    heat[20, 10, 1] = 0.4
    heat[50, 50, 2] = 1.0
    places = np.array([(38.0, 84.0), (38.0, 84.0), (38.0, 84.0), (-20.0, 300.0)])
    moved = moved_by_heat(places, heat)
    assert moved[0] == pytest.approx((44.0, 82.0))
    assert moved[1:] == pytest.approx(places[1:])


def test_another_networks_answer_is_refused() -> None:
    class Short(MarkedBlazePose):
        def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
            del feeds
            return {"Identity": np.zeros((1, 99), dtype=np.float32)}

    with pytest.raises(ModelOutputError, match="195"):
        BlazePose(Short())(painted(), BOXES)
