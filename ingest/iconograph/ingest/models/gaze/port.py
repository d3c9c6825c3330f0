"""What sees, from the whole picture, what heads look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Gaze
    from iconograph.graph.model.run import ModelRef


class GazeTargetEstimator(Protocol):
    """Pixels (uint8, height x width x RGB) and boxes of heads to gazes."""

    @property
    def name(self) -> str:
        """What gazes name as their method: `mini-gaze@1`."""
        ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The model files that take part."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All that changes the answer besides the models."""
        ...

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        """A gaze for each head, n x 4 (x0, y0, x1, y1); None where the head is not in the picture.

        TARGET has the point looked at, and like OUTSIDE a direction where one is known. Raises
        `ModelOutputError` on nonsense.
        """
        ...
