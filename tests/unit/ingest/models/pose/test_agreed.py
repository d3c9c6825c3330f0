from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.model.pose import COCO_KEY_POINTS, Side
from iconograph.ingest.models.pose.agreed import AgreedPoses, Witnesses, agreed_pose
from iconograph.ingest.models.pose.blazepose import BlazePose
from iconograph.ingest.models.pose.hands import HandLooker, SeenHand
from iconograph.ingest.models.pose.movenet import Body, MoveNet
from iconograph.ingest.models.pose.numbers import Trust, load_pose_numbers
from tests.unit.ingest.models.pose.marked import (
    BOX,
    FIGURE,
    MarkedBlazePose,
    MarkedHand,
    MarkedMoveNet,
    painted,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

BOXES = np.array([BOX], dtype=np.float32)


NUMBERS = load_pose_numbers()


def an_estimator(
    *,
    score: float = 0.5,
    presence: float = 0.9,
    wrists_moved: tuple[float, float] = (0.0, 0.0),
    hand: float = 0.0,
) -> AgreedPoses:
    return AgreedPoses(
        MoveNet(MarkedMoveNet(score)),
        BlazePose(MarkedBlazePose(presence, wrists_moved)),
        HandLooker(MarkedHand(hand), sides=NUMBERS.hand_sides),
    )


def test_agreed_wrists_are_surer_and_have_the_second_networks_hands() -> None:
    (agreed,) = an_estimator()(painted(), BOXES)
    (apart,) = an_estimator(wrists_moved=(60, 0))(painted(), BOXES)
    (alone,) = an_estimator(presence=0.0)(painted(), BOXES)
    assert agreed is not None
    assert apart is not None
    assert alone is not None
    wrists = [pose.key_points[9] for pose in (agreed, apart, alone)]
    assert wrists[0].confidence > wrists[1].confidence == wrists[2].confidence > 0
    for wrist in wrists:
        assert (wrist.x_px, wrist.y_px) == pytest.approx(FIGURE["left_wrist"], abs=1.5)
    assert agreed.key_points[0].confidence == apart.key_points[0].confidence
    # BlazePose's hand hangs straight below the wrist, MoveNet's in line with the forearm.
    assert agreed.hands[0].x_px > FIGURE["left_wrist"][0] + 0.5
    assert apart.hands[0].y_px == pytest.approx(170, abs=2)
    assert apart.hands == alone.hands


def test_a_hand_that_is_seen_confirms_its_wrist_and_has_its_own_place() -> None:
    (seen,) = an_estimator(hand=0.95)(painted(), BOXES)
    (unseen,) = an_estimator()(painted(), BOXES)
    assert seen is not None
    assert unseen is not None
    assert seen.key_points[9].confidence > unseen.key_points[9].confidence + 0.1
    assert (seen.hands[0].x_px, seen.hands[0].y_px) == pytest.approx(FIGURE["left_wrist"], abs=1.5)
    assert seen.key_points[7] == unseen.key_points[7]


def witnesses(scores: NDArray[np.float64], *hands: SeenHand | None) -> Witnesses:
    places = np.array([FIGURE[name] for name in COCO_KEY_POINTS], dtype=np.float64)
    left, right = hands or (None, None)
    body = Body(places_px=places, scores=scores)
    return Witnesses(box_side_px=256.0, body=body, landmarks=None, hands=(left, right))


def a_hand(presence: float = 1.0) -> SeenHand:
    """A hand with its index finger pointing down."""
    finger = np.array([(144.0, 175.0), (144.0, 190.0)])
    return SeenHand(place_px=np.array([144.0, 170.0]), finger_px=finger, presence=presence)


@pytest.mark.parametrize(
    ("presence", "fingers"),
    [
        pytest.param(0.8, [(Side.RIGHT, (144.0, 175.0), (144.0, 190.0), 0.8)], id="seen"),
        pytest.param(0.05, [], id="hardly seen"),
    ],
)
def test_the_index_finger_of_a_hand_that_is_seen_is_kept(
    presence: float, fingers: list[tuple[Side, tuple[float, float], tuple[float, float], float]]
) -> None:
    pose = agreed_pose(witnesses(np.full(17, 0.5), None, a_hand(presence)), NUMBERS)

    assert fingers == [
        (f.side, (f.base.x_px, f.base.y_px), (f.tip.x_px, f.tip.y_px), f.confidence)
        for f in pose.index_fingers
    ]


def test_hands_of_doubtful_wrists_are_left_out() -> None:
    scores = np.full(17, 0.5)
    scores[10] = 0.11
    pose = agreed_pose(witnesses(scores), NUMBERS)
    assert 0 < pose.key_points[10].confidence < pose.key_points[9].confidence
    assert [hand.x_px > 100 for hand in pose.hands] == [True]


def test_a_wrist_that_was_not_found_has_no_confidence_whatever_is_seen() -> None:
    scores = np.full(17, 0.5)
    scores[9] = 0.05
    pose = agreed_pose(witnesses(scores, a_hand(), None), NUMBERS)
    assert pose.key_points[9].confidence == 0
    assert all(hand.x_px < 100 for hand in pose.hands)


def test_without_a_body_nothing_is_asked_of_the_second_network() -> None:
    assert an_estimator(score=0.1)(painted(), BOXES) == (None,)


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(np.empty((0, 4)), id="none"),
        pytest.param(np.array([(500, 500, 600, 600)]), id="outside"),
        pytest.param(np.array([(3, 3, 4, 4)]), id="one pixel"),
    ],
)
def test_boxes_without_a_figure(boxes: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
    poses = an_estimator()(painted(), boxes.astype(np.float32))
    assert poses == (None,) * len(boxes)


def test_a_trust_is_nothing_below_its_gate_and_grows_above() -> None:
    trust = Trust(gate=0.2, bias=-1.0, slope=4.0)
    confidences = trust.of(np.array([0.0, 0.19, 0.2, 0.6, 1.0]))
    assert list(confidences[:2]) == [0, 0]
    assert (np.diff(confidences[2:]) > 0).all()
    assert confidences[-1] == pytest.approx(1 / (1 + np.exp(-3.0)))


def test_agreement_is_never_trusted_less() -> None:
    scores = np.linspace(0, 1, 17)
    assert (NUMBERS.agreed.of(scores) >= NUMBERS.alone.of(scores)).all()
    for trust in (NUMBERS.wrist, NUMBERS.hand):
        alone = trust.of(0.3, agreed=False, presence=0.0)
        agreed = trust.of(0.3, agreed=True, presence=0.0)
        assert trust.of(0.3, agreed=False, presence=0.9) > agreed > alone


def test_the_run_knows_every_number() -> None:
    parameters = dict(an_estimator().parameters)
    assert parameters["body_gate"] == "0.2"
    assert {"pads", "agreed", "alone", "hand_gate"} <= parameters.keys()
