from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.crops import GREY
from iconograph.ingest.models.pose.movenet import MIRRORED, Body, MoveNet, consensus
from tests.unit.ingest.models.pose.marked import BOX, FIGURE, MarkedMoveNet, painted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BOXES = np.array([BOX], dtype=np.float32)


def test_joints_are_found_where_they_are_in_every_size_and_mirrored() -> None:
    (pose,) = MoveNet(MarkedMoveNet())(painted(), BOXES)
    assert pose is not None
    for name, place in FIGURE.items():
        point = pose.key_point(name)
        assert point is not None, name
        assert (point.x_px, point.y_px) == pytest.approx(place, abs=1.5), name
        assert point.confidence > 0.7
    assert pose.method == "movenet@1"


@settings(max_examples=20)
@given(dx=st.integers(0, 80), dy=st.integers(0, 30))
def test_a_moved_figure_moves_its_pose(dx: int, dy: int) -> None:
    x0, y0, x1, y1 = BOX
    moved = np.array([(x0 + dx, y0 + dy, x1 + dx, y1 + dy)], dtype=np.float32)
    estimator = MoveNet(MarkedMoveNet())
    (first,) = estimator(painted(), BOXES)
    (second,) = estimator(painted(at=(dx, dy)), moved)
    assert first is not None
    assert second is not None
    for one, other in zip(first.key_points, second.key_points, strict=True):
        assert (other.x_px - dx, other.y_px - dy) == pytest.approx((one.x_px, one.y_px), abs=0.5)


def test_a_neighbour_is_hidden() -> None:
    pixels = np.maximum(painted(size_px=(520, 320)), painted(at=(150, 0), size_px=(520, 320)))
    session = MarkedMoveNet()
    (pose,) = MoveNet(session)(pixels, BOXES)
    assert pose is not None
    assert pose.key_points[0].x_px == pytest.approx(FIGURE["nose"][0], abs=1.5)
    assert all((seen[:, [0, -1]] == GREY).all() for seen in session.seen)


@pytest.mark.parametrize(
    ("score", "found"), [pytest.param(0.15, False, id="unsure"), pytest.param(0.3, True, id="sure")]
)
def test_the_mean_score_is_the_gate(score: float, *, found: bool) -> None:
    (pose,) = MoveNet(MarkedMoveNet(score))(painted(), BOXES)
    assert (pose is not None) is found


@pytest.mark.parametrize(
    ("box", "size"),
    [
        pytest.param((900, 900, 950, 950), (300, 320), id="outside"),
        pytest.param((5, 5, 6, 6), (300, 320), id="one pixel"),
        pytest.param((0, 0, 300, 320), (1, 1), id="a picture of one pixel"),
        pytest.param((50, 50, 50, 50), (300, 320), id="no extent"),
    ],
)
def test_nothing_to_see_is_no_pose(box: tuple[float, ...], size: tuple[int, int]) -> None:
    pixels = painted({}, size_px=size)
    assert MoveNet(MarkedMoveNet())(pixels, np.array([box], dtype=np.float32)) == (None,)


def test_no_boxes_no_poses() -> None:
    assert MoveNet(MarkedMoveNet())(painted(), np.empty((0, 4), dtype=np.float32)) == ()


def test_a_joint_at_the_border_stays_there() -> None:
    figure = FIGURE | {"left_wrist": (299, 160)}
    (pose,) = MoveNet(MarkedMoveNet())(painted(figure), np.array([(40, 20, 300, 276)], np.float32))
    wrist = pose.key_point("left_wrist") if pose else None
    assert wrist is not None
    assert (wrist.x_px, wrist.y_px) == pytest.approx((298, 160), abs=2.5)


def test_disagreement_lowers_the_score_and_the_many_win() -> None:
    places = np.zeros((17, 2))
    scores = np.full(17, 0.6)
    far = places + np.array([50, 0])
    votes = [Body(places_px=p, scores=scores) for p in (places, places + 1, far)]
    body = consensus(votes, 5.0)
    assert body.places_px == pytest.approx(places + 0.5)
    assert body.scores == pytest.approx(scores * 2 / 3)


def test_a_vote_without_scores_is_no_body() -> None:
    votes = [Body(places_px=np.zeros((17, 2)), scores=np.zeros(17))] * 2
    assert consensus(votes, 0.0).mean_score == 0


def test_a_mirror_swaps_left_and_right() -> None:
    swapped = [COCO_KEY_POINTS[row] for row in MIRRORED]
    assert swapped[:3] == ["nose", "right_eye", "left_eye"]
    assert [MIRRORED[row] for row in MIRRORED] == list(range(17))


def test_another_networks_answer_is_refused() -> None:
    class Short(MarkedMoveNet):
        def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
            del feeds
            return {"Identity": np.zeros((1, 1, 4, 3), dtype=np.float32)}

    with pytest.raises(ModelOutputError, match="17 x 3"):
        MoveNet(Short())(painted(), BOXES)
