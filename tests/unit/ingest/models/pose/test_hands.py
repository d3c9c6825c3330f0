from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.hands import HandLooker, body_unit_px
from iconograph.ingest.models.pose.movenet import Body
from tests.unit.ingest.models.pose.marked import FIGURE, MarkedHand, painted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

WRIST = np.array(FIGURE["left_wrist"], dtype=np.float64)
DOWN = np.array([4.0, 40.0])


@pytest.mark.parametrize(
    "forearm",
    [(0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.5)],
    ids=["down", "up", "right", "left"],
)
def test_a_hand_is_placed_in_the_picture_however_the_arm_points(
    forearm: tuple[float, float],
) -> None:
    look = HandLooker(MarkedHand(), sides=(1.0,))
    seen = look(painted(), WRIST + np.array([3.0, 2.0]), np.array(forearm), 40.0)
    assert seen.presence == pytest.approx(0.95)
    assert seen.place_px == pytest.approx(WRIST, abs=0.7)


def test_the_forearm_points_up_in_the_input() -> None:
    # Moved towards the input's top is moved along the forearm in the picture.
    look = HandLooker(MarkedHand(moved_px=56.0), sides=(1.0,))
    seen = look(painted(), WRIST, np.array([1.0, 0.0]), 40.0)
    assert seen.place_px == pytest.approx(WRIST + np.array([10.0, 0.0]), abs=0.7)


def test_the_index_finger_is_placed_in_the_picture() -> None:
    # Its tip lies towards the input's top, which is along the forearm in the picture.
    look = HandLooker(MarkedHand(finger_px=56.0), sides=(1.0,))
    base, tip = look(painted(), WRIST, np.array([1.0, 0.0]), 40.0).finger_px
    assert base == pytest.approx(WRIST, abs=0.7)
    assert tip == pytest.approx(WRIST + np.array([10.0, 0.0]), abs=0.7)


def test_the_surest_of_several_windows_counts() -> None:
    session = MarkedHand()
    look = HandLooker(session, sides=(0.2, 1.0, 3.0))
    seen = look(painted(), WRIST + np.array([8.0, 0.0]), DOWN, 30.0)
    assert session.runs == 3
    assert seen.presence == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("place", "unit_px"),
    [
        pytest.param((900.0, 900.0), 40.0, id="outside the picture"),
        pytest.param((20.0, 20.0), 0.0, id="no size"),
    ],
)
def test_nothing_is_no_hand(place: tuple[float, float], unit_px: float) -> None:
    seen = HandLooker(MarkedHand(), sides=(1.0,))(painted(), np.array(place), np.zeros(2), unit_px)
    assert seen.presence == 0
    assert np.isfinite(seen.place_px).all()


def a_body(scale: float = 1.0, scores: float = 0.5) -> Body:
    places = np.array([FIGURE[name] for name in COCO_KEY_POINTS], dtype=np.float64)
    return Body(places_px=places * scale, scores=np.full(17, scores))


@given(scale=st.floats(0.01, 50))
def test_the_unit_grows_with_the_body(scale: float) -> None:
    unit, grown = body_unit_px(a_body(), 0.1), body_unit_px(a_body(scale), 0.1)
    assert unit is not None
    assert grown == pytest.approx(unit * scale)
    assert 20 < unit < 60


def test_a_foreshortened_arm_does_not_shrink_the_unit() -> None:
    body = a_body()
    body.places_px[7] = body.places_px[5]
    assert body_unit_px(body, 0.1) == pytest.approx(body_unit_px(a_body(), 0.1), rel=0.1)


def test_a_body_without_parts_has_no_unit() -> None:
    assert body_unit_px(a_body(scores=0.05), 0.1) is None


def test_another_networks_answer_is_refused() -> None:
    class Short(MarkedHand):
        def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
            del feeds
            return {"Identity": np.zeros((1, 42), dtype=np.float32)}

    with pytest.raises(ModelOutputError, match="63"):
        HandLooker(Short(), sides=(1.0,))(painted(), WRIST, DOWN, 40.0)
