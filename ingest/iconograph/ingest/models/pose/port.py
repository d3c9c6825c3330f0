"""What finds the key points of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose


class PoseEstimator(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) and boxes of figures to poses."""

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box, n x 4 (x0, y0, x1, y1); None where no body was recognised.

        A pose has COCO's 17 key points in the picture's pixels, `confidence` 0 for those not found,
        and hands where the model sees them. Raises `ModelOutputError` on nonsense.
        """
        ...
