"""Poses by the first of several estimators that recognises a body."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.ingest.models.pose.agreed import AgreedPoses
from iconograph.ingest.models.pose.blazepose import RECORD, BlazePose
from iconograph.ingest.models.pose.numbers import load_pose_numbers
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.tflite import open_interpreter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.pose.port import PoseEstimator

SURE_PRESENCE = 0.5
"""Presence from which BlazePose is believed where MoveNet recognised nobody.

Of 9 judged gazes of such figures in dev_paintings to which it gives a direction, 6 are within 20 degrees.
"""


class FirstPoses:
    """A `PoseEstimator`: each figure is asked of the next estimator only where those before saw nobody."""

    def __init__(self, *estimators: PoseEstimator) -> None:
        self._estimators = estimators
        self.name = "+".join(estimator.name for estimator in estimators)
        refs = {ref: None for estimator in estimators for ref in estimator.models}
        self.models: tuple[ModelRef, ...] = tuple(refs)
        self.parameters: tuple[tuple[str, str], ...] = tuple(
            (f"{estimator.name} {name}", value)
            for estimator in estimators
            for name, value in estimator.parameters
        )

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """`AgreedPoses`, then BlazePose alone where it is sure that a person is there.

        Raises `MissingModelError` or `MissingExtraError`.
        """
        record = record_named(RECORD)
        (path,) = located(record, cache_dir).values()
        numbers = dataclasses.replace(load_pose_numbers(), presence_gate=SURE_PRESENCE)
        alone = BlazePose(open_interpreter(path), (model_ref(record),), numbers)
        return cls(AgreedPoses.open(cache_dir), alone)

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no estimator recognised a body."""
        poses: list[Pose | None] = [None] * len(boxes_px)
        for estimator in self._estimators:
            rows = [row for row, pose in enumerate(poses) if pose is None]
            if not rows:
                break
            for row, pose in zip(rows, estimator(pixels, boxes_px[np.array(rows)]), strict=True):
                poses[row] = pose
        return tuple(poses)
