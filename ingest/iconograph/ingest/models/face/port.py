"""What finds faces, and where they are turned and look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from iconograph.graph.model.geometry import Box, Point
from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A face with the direction of its head and, where the eyes are seen, their irises.

    Angles are the head's, in degrees: `yaw_deg` > 0 turned towards the picture's right edge,
    `pitch_deg` > 0 down, `roll_deg` > 0 tilted from x towards y; 0, 0, 0 looks at the viewer.
    `eye_offsets` are the irises' places within the eye openings, x and y each in -1..1 with 0 in
    the middle, left eye of the figure first; `lids_open_fraction` is 0 for closed lids.
    """

    box: Box
    confidence: float
    eyes: tuple[Point, Point]
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    eye_offsets: tuple[tuple[float, float], tuple[float, float]] | None = None
    lids_open_fraction: float | None = None


class FaceFinder(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) to faces."""

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32] | None = None, /
    ) -> tuple[Face, ...]:
        """Faces in the whole picture, and in the upper part of each figure's box where given."""
        ...
