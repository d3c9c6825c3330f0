"""What can say where the figures of a picture look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.pose import Gaze
    from iconograph.relations.scene import Scene


class GazeEstimator(Protocol):
    """Gazes from the pixels of a picture (uint8, height x width x RGB) and its scene.

    Each gaze has `method`, `cone_deg` and `confidence`. Figures of which nothing can be said are left
    out; a gaze at the viewer, out of the picture or behind closed lids is a finding, not a lack.
    """

    @property
    def method(self) -> str:
        """Name with version: `geometry/head@1`."""

    def __call__(
        self, picture: NDArray[np.uint8] | None, scene: Scene, /
    ) -> Mapping[RegionId, Gaze]:
        """Gazes by the region of the figure."""
