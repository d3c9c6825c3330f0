"""Looks at heads again from near: a head of a standing figure is a few pixels of what a network sees."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.ingest.models.pose.first import FirstPoses
from iconograph.ingest.models.pose.movenet import RECORD, MoveNet
from iconograph.ingest.models.pose.numbers import PoseNumbers, load_pose_numbers
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.pose.movenet import Body
    from iconograph.ingest.models.pose.port import PoseEstimator

FACE = 5
"""The first key points of COCO: nose, eyes, ears."""

HEADS_PER_BOX = 8.0
"""So many heads is the longer side of a figure's box, for the size of the window about its head."""

WINDOWS = ((3.0, 0.15), (5.0, 0.3))
"""Sides of the windows in heads, with the mean score from which a face is believed; the first counts.

Of figures in dev_paintings with a judged gaze and no face found, 4 of 26 directions are then more than
45 degrees off, instead of 7 of 24.
"""


class CloserHeads:
    """A `PoseEstimator`: the poses of another, their faces seen again by MoveNet in narrow windows.

    Where the other saw nobody and a face is believed, the pose has no more than that face. Body and
    hands stay as they were.
    """

    def __init__(self, poses: PoseEstimator, movenet: MoveNet, numbers: PoseNumbers) -> None:
        self._poses, self._movenet, self._numbers = poses, movenet, numbers
        self.name = f"{poses.name}+closer@1"
        self.models: tuple[ModelRef, ...] = tuple(dict.fromkeys((*poses.models, *movenet.models)))
        self.parameters = (*poses.parameters, ("head_windows", str(WINDOWS)))

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """The estimator of the pulled models; raises `MissingModelError` or `MissingExtraError`."""
        record = record_named(RECORD)
        (path,) = located(record, cache_dir).values()
        # A head is no body: what counts is the score of its face alone.
        numbers = dataclasses.replace(load_pose_numbers(), body_gate=0.0)
        movenet = MoveNet(open_session(path), (model_ref(record),), numbers)
        return cls(FirstPoses.open(cache_dir), movenet, numbers)

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where neither a body nor a face was recognised."""
        return tuple(
            self._closer(pixels, box, pose)
            for box, pose in zip(boxes_px, self._poses(pixels, boxes_px), strict=True)
        )

    def _closer(
        self, pixels: NDArray[np.uint8], box_px: NDArray[np.floating], pose: Pose | None
    ) -> Pose | None:
        # By its own scores: a pose's confidences are too alike to keep out a point that strays.
        body = self._movenet.body(pixels, box_px)
        if body is None:
            return pose
        unit_px = float(np.max(box_px[2:] - box_px[:2])) / HEADS_PER_BOX
        weights = body.scores[:FACE] + np.finfo(np.float64).tiny
        middle = weights @ body.places_px[:FACE] / weights.sum()
        for side_heads, gate in WINDOWS:
            half_px = side_heads * unit_px / 2
            window = np.concatenate([middle - half_px, middle + half_px])
            near = self._movenet.body(pixels, window)
            if near is not None and near.scores[:FACE].mean() >= gate:
                return self._with_face(pose, near)
        return pose

    def _with_face(self, pose: Pose | None, near: Body) -> Pose:
        confidences = self._numbers.movenet.of(near.scores)[:FACE].clip(0.0, 1.0)
        face = tuple(
            KeyPoint(x_px=float(x), y_px=float(y), confidence=float(confidence))
            for (x, y), confidence in zip(near.places_px[:FACE], confidences, strict=True)
        )
        unseen = KeyPoint(x_px=face[0].x_px, y_px=face[0].y_px, confidence=0.0)
        rest = pose.key_points[FACE:] if pose else (unseen,) * (len(COCO_KEY_POINTS) - FACE)
        return dataclasses.replace(pose or Pose(), key_points=(*face, *rest), method=self.name)
