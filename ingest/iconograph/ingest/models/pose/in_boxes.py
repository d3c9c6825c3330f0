"""Poses of the boxes that lie in a picture, some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.pose.crops import overlaps_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose


def poses_in_boxes(
    pixels: NDArray[np.uint8],
    boxes_px: NDArray[np.float32],
    poses_of: Callable[[NDArray[np.float32]], Sequence[Pose | None]],
    *,
    batch_size: int,
) -> tuple[Pose | None, ...]:
    """What `poses_of` answers for boxes (n x 4), in their order; None for a box outside the picture.

    It is asked for `batch_size` of the other boxes at a time, and for fewer after a
    `ModelMemoryError`, which is raised when one box alone is too much.
    """
    rows = [row for row, box in enumerate(boxes_px) if overlaps_picture(pixels, box)]
    boxes = boxes_px.reshape(-1, 4)[rows]
    found = in_batches(len(rows), batch_size, lambda part: poses_of(boxes[part]))
    poses: list[Pose | None] = [None] * len(boxes_px)
    for row, pose in zip(rows, (pose for batch in found for pose in batch), strict=True):
        poses[row] = pose
    return tuple(poses)
