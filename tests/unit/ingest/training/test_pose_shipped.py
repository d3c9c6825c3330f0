"""What the mini pose model in the wheel finds in a picture that it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from iconograph.ingest.models.pose.simcc import SimccPoses
from iconograph.ingest.models.registry import ModelState, record_named, state_of
from iconograph.ingest.training.pose_measure import NEAR_HEADS
from tests.unit.ingest.training.mini_people import (
    LARGEST_PACK_BYTES,
    WEIGHTS,
    box_of,
    card_of,
    unseen_scene,
)

SEED = 90_002


def test_key_points_of_an_unseen_style_are_found_and_believed(tmp_path: Path) -> None:
    scene, figures = unseen_scene(SEED)
    poses = SimccPoses.open(tmp_path)
    boxes = np.array([box_of(part.mask) for part in figures], np.float32)
    near, sure = [], []
    for part, pose in zip(figures, poses(scene.picture, boxes), strict=True):
        assert pose is not None
        assert part.head is not None
        reach = NEAR_HEADS * (part.head[3] - part.head[1])
        for true, found in zip(part.key_points, pose.key_points, strict=True):
            near.append(np.hypot(found.x_px - true.x_px, found.y_px - true.y_px) <= reach)
            sure.append(found.confidence)
    assert np.mean(near) >= 0.85
    assert np.mean(sure) >= 0.7


def test_of_a_half_length_the_legs_are_not_believed(tmp_path: Path) -> None:
    scene, figures = unseen_scene(SEED)
    poses = SimccPoses.open(tmp_path)
    for part in figures:
        x0, y0, x1, y1 = box_of(part.mask)
        end = round(y0 + (y1 - y0) * 0.5)
        (pose,) = poses(scene.picture[:end], np.array([[x0, y0, x1, end]], np.float32))
        assert pose is not None
        sure = [point.confidence for point in pose.key_points]
        assert max(sure[-2:]) < 0.3
        assert np.mean(sure[:5]) > 0.7


def test_the_files_are_those_of_the_record_and_small(tmp_path: Path) -> None:
    record = record_named("mini-pose")
    assert state_of(record, tmp_path) is ModelState.READY
    both = [*(WEIGHTS / "mini-pose").iterdir(), *(WEIGHTS / "mini-gaze").iterdir()]
    assert sum(path.stat().st_size for path in both) <= LARGEST_PACK_BYTES
    assert "not paintings" in card_of("mini-pose")
