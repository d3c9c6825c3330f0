from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import ModelMemoryError
from iconograph.graph.model.pose import COCO_KEY_POINTS, Pose
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.in_boxes import poses_in_boxes

PIXELS = np.zeros((50, 40, 3), np.uint8)
BOXES = np.array(
    [(0, 0, 10, 10), (60, 0, 70, 10), (5, 5, 30, 40), (-9, -9, -2, -2), (30, 30, 90, 90)],
    np.float32,
)


class Places:
    """Answers a pose whose points all lie in the box's first corner; None for boxes at 5, 5."""

    def __init__(self, most: int = 9) -> None:
        self.most = most
        self.asked: list[int] = []

    def __call__(self, boxes: np.ndarray) -> list[Pose | None]:
        self.asked.append(len(boxes))
        if len(boxes) > self.most:
            raise ModelMemoryError
        return [None if box[0] == 5 else _pose_at(box) for box in boxes]


def _pose_at(box: np.ndarray) -> Pose:
    count = len(COCO_KEY_POINTS)
    return pose_of(np.tile(box[:2].astype(float), (count, 1)), np.ones(count), method="test@1")


def corners(poses: tuple[Pose | None, ...]) -> list[tuple[float, float] | None]:
    return [None if p is None else (p.key_points[0].x_px, p.key_points[0].y_px) for p in poses]


@pytest.mark.parametrize(("size", "asked"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (16, [3])])
def test_poses_come_in_the_order_of_the_boxes(size: int, asked: list[int]) -> None:
    model = Places()

    poses = poses_in_boxes(PIXELS, BOXES, model, batch_size=size)

    assert corners(poses) == [(0, 0), None, None, None, (30, 30)]
    assert model.asked == asked


def test_short_memory_asks_for_fewer() -> None:
    model = Places(most=1)

    assert corners(poses_in_boxes(PIXELS, BOXES, model, batch_size=4))[4] == (30, 30)
    assert model.asked == [3, 1, 1, 1]
    with pytest.raises(ModelMemoryError):
        poses_in_boxes(PIXELS, BOXES, Places(most=0), batch_size=4)


def test_no_boxes() -> None:
    model = Places()

    assert poses_in_boxes(PIXELS, np.zeros((0, 4), np.float32), model, batch_size=4) == ()
    assert model.asked == []
