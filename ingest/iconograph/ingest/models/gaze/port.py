"""What sees, from the whole picture, what heads look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Gaze


class GazeTargetEstimator(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) and boxes of heads to gazes."""

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        """A gaze for each head, n x 4 (x0, y0, x1, y1); None where the head is not in the picture.

        TARGET has the point looked at, and like OUTSIDE a direction where one is known. Raises
        `ModelOutputError` on nonsense.
        """
        ...
