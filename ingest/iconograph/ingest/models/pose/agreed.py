"""Poses by several networks: MoveNet places the body, BlazePose and a hand network confirm it.

They fail differently, so that a key point both body networks place alike is right far more often.
Where they differ MoveNet is right more often (wrists of painted figures: 46 % against 20 %), so its
place is kept with a lower confidence. A hand seen where an arm ends confirms its wrist best of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import COCO_KEY_POINTS, Pose, Side
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.blazepose import COCO, BlazePose
from iconograph.ingest.models.pose.hands import HandLooker, body_unit_px
from iconograph.ingest.models.pose.movenet import MoveNet
from iconograph.ingest.models.pose.numbers import PoseNumbers, load_pose_numbers
from iconograph.ingest.models.pose.whole_body import finger_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.pose.blazepose import Landmarks
    from iconograph.ingest.models.pose.hands import SeenHand
    from iconograph.ingest.models.pose.movenet import Body

NAME = "movenet-blazepose-hands@2"
ARMS = tuple(
    (COCO_KEY_POINTS.index(f"{side}_elbow"), COCO_KEY_POINTS.index(f"{side}_wrist"))
    for side in Side
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Witnesses:
    """What the networks say of one figure, whose box has this longer side.

    `hands` are those looked for where the left and the right arm end; None where none was.
    """

    box_side_px: float
    body: Body
    landmarks: Landmarks | None
    hands: tuple[SeenHand | None, SeenHand | None]


class AgreedPoses:
    """A `PoseEstimator` of three networks; open one with `AgreedPoses.open`."""

    def __init__(
        self,
        movenet: MoveNet,
        blazepose: BlazePose,
        hands: HandLooker,
        numbers: PoseNumbers | None = None,
    ) -> None:
        self._movenet = movenet
        self._blazepose = blazepose
        self._hands = hands
        self._numbers = numbers or load_pose_numbers()
        self.name = NAME
        self.models: tuple[ModelRef, ...] = (*movenet.models, *blazepose.models, *hands.models)
        self.parameters = self._numbers.parameters

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """The estimator of the pulled models; raises `MissingModelError` or `MissingExtraError`."""
        numbers = load_pose_numbers()
        hands = HandLooker.open(cache_dir, sides=numbers.hand_sides)
        return cls(MoveNet.open(cache_dir), BlazePose.open(cache_dir), hands, numbers)

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where MoveNet recognised no body."""
        return tuple(self._pose(pixels, box) for box in boxes_px)

    def _pose(self, pixels: NDArray[np.uint8], box_px: NDArray[np.floating]) -> Pose | None:
        body = self._movenet.body(pixels, box_px)
        if body is None:
            return None
        left, right = (self._hand(pixels, body, *arm) for arm in ARMS)
        witnesses = Witnesses(
            box_side_px=float(np.max(box_px[2:] - box_px[:2])),
            body=body,
            landmarks=self._blazepose.landmarks(pixels, box_px),
            hands=(left, right),
        )
        return agreed_pose(witnesses, self._numbers)

    def _hand(
        self, pixels: NDArray[np.uint8], body: Body, elbow: int, wrist: int
    ) -> SeenHand | None:
        """The hand at the end of an arm; not looked for where no wrist or no part was found."""
        gate = self._numbers.joint_gate
        unit_px = body_unit_px(body, gate)
        if unit_px is None or body.scores[wrist] < gate:
            return None
        forearm = body.places_px[wrist] - body.places_px[elbow]
        place = body.places_px[wrist] + self._numbers.hand_reach_fraction * forearm
        return self._hands(pixels, place, forearm, unit_px)


# long: two arms, each with three witnesses
def agreed_pose(witnesses: Witnesses, numbers: PoseNumbers) -> Pose:
    """MoveNet's body with confidences by what the others say, and hands that are trusted enough.

    Key points agree within a share of the box. A hand is where one was seen, then with its index
    finger, else BlazePose's if the wrists agree, else in line with MoveNet's forearm.
    """
    body, landmarks = witnesses.body, witnesses.landmarks
    together = np.zeros(len(COCO_KEY_POINTS), dtype=np.bool_)
    if landmarks is not None:
        apart = np.linalg.norm(landmarks.places_px[list(COCO)] - body.places_px, axis=1)
        together = apart < numbers.agreed_fraction * witnesses.box_side_px
    confidences = np.where(together, numbers.agreed.of(body.scores), numbers.alone.of(body.scores))
    hands, fingers = [], []
    for side, (elbow, wrist) in enumerate(ARMS):
        if body.scores[wrist] < numbers.joint_gate:
            continue
        seen = witnesses.hands[side]
        score, agreed = float(body.scores[wrist]), bool(together[wrist])
        presence = seen.presence if seen else 0.0
        confidences[wrist] = numbers.wrist.of(score, agreed=agreed, presence=presence)
        if numbers.hand.of(score, agreed=agreed, presence=presence) < numbers.hand_gate:
            continue
        if seen and seen.presence >= numbers.hand_seen:
            x, y = seen.place_px
            fingers.append(finger_of(tuple(Side)[side], seen.finger_px, seen.presence))
        elif landmarks is not None and agreed:
            x, y = landmarks.hands_px[side]
        else:
            forearm = body.places_px[wrist] - body.places_px[elbow]
            x, y = body.places_px[wrist] + numbers.hand_reach_fraction * forearm
        hands.append(Point(x_px=float(x), y_px=float(y)))
    return pose_of(
        body.places_px, confidences, hands=tuple(hands), fingers=tuple(fingers), method=NAME
    )
