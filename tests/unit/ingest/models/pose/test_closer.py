from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.ingest.models.pose.blazepose import BlazePose
from iconograph.ingest.models.pose.closer import FACE, CloserHeads
from iconograph.ingest.models.pose.first import FirstPoses
from iconograph.ingest.models.pose.movenet import MoveNet
from iconograph.ingest.models.pose.numbers import load_pose_numbers
from tests.unit.ingest.models.pose.marked import (
    BOX,
    FIGURE,
    MarkedBlazePose,
    MarkedMoveNet,
    painted,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef

BOXES = np.array([BOX], dtype=np.float32)
NUMBERS = dataclasses.replace(load_pose_numbers(), body_gate=0.0)
NOSE = FIGURE["nose"]


@dataclasses.dataclass
class Known:
    """An estimator that always answers the same pose."""

    pose: Pose | None
    name: str = "known@1"
    models: tuple[ModelRef, ...] = ()
    parameters: tuple[tuple[str, str], ...] = (("is", "known"),)

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        del pixels
        return (self.pose,) * len(boxes_px)


def off_by(dx: float) -> Pose:
    """A pose whose every joint is `dx` beside its nose, with a hand."""
    points = (KeyPoint(x_px=NOSE[0] + dx, y_px=NOSE[1], confidence=0.6),) * len(COCO_KEY_POINTS)
    return Pose(key_points=points, hands=(Point(x_px=1, y_px=2),), method="known@1")


def closer(pose: Pose | None, score: float = 0.5) -> Pose | None:
    estimator = CloserHeads(Known(pose), MoveNet(MarkedMoveNet(score), (), NUMBERS), NUMBERS)
    return estimator(painted(), BOXES)[0]


def test_a_face_is_seen_again_from_near_and_the_body_stays() -> None:
    pose = closer(off_by(6.0))

    assert pose is not None
    nose = pose.key_points[0]
    assert (nose.x_px, nose.y_px) == pytest.approx(NOSE, abs=1.0)
    assert pose.key_points[FACE:] == off_by(6.0).key_points[FACE:]
    assert (pose.hands, pose.method) == (off_by(0.0).hands, "known@1+closer@1")


def test_a_face_without_a_body_is_a_pose_of_no_more_than_that() -> None:
    pose = closer(None)

    assert pose is not None
    assert pose.key_points[0].confidence > 0
    assert (pose.key_points[0].x_px, pose.key_points[0].y_px) == pytest.approx(NOSE, abs=1.0)
    assert {point.confidence for point in pose.key_points[FACE:]} == {0.0}
    assert pose.hands == ()


def test_an_unsure_look_changes_nothing() -> None:
    assert closer(off_by(6.0), score=0.05) == off_by(6.0)
    assert closer(None, score=0.05) is None


def test_what_it_is_made_of_is_told() -> None:
    estimator = CloserHeads(Known(None), MoveNet(MarkedMoveNet(), (), NUMBERS), NUMBERS)

    assert estimator.name == "known@1+closer@1"
    assert {"is", "head_windows"} <= set(dict(estimator.parameters))


@pytest.mark.parametrize(
    ("first", "presence", "method"),
    [
        pytest.param(off_by(0.0), 0.9, "known@1", id="the first saw a body"),
        pytest.param(None, 0.9, "blazepose@1", id="only the second"),
        pytest.param(None, 0.0, None, id="nobody"),
    ],
)
def test_the_first_that_sees_a_body_is_believed(
    first: Pose | None, presence: float, method: str | None
) -> None:
    estimator = FirstPoses(Known(first), BlazePose(MarkedBlazePose(presence, (0.0, 0.0))))

    (pose,) = estimator(painted(), BOXES)

    assert (pose.method if pose else None) == method
    assert estimator.name == "known@1+blazepose@1"
    assert ("known@1 is", "known") in estimator.parameters


def test_no_boxes_no_poses() -> None:
    none = np.empty((0, 4), np.float32)

    assert FirstPoses(Known(None))(painted(), none) == ()
    assert CloserHeads(Known(None), MoveNet(MarkedMoveNet()), NUMBERS)(painted(), none) == ()
