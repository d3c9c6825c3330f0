"""What finds things in a picture and says what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detections:
    """n boxes inside a picture with what they hold, the surest first.

    `boxes_px` is n x 4 (x0, y0, x1, y1; float32), `confidences` n (float32, 0..1: the calibrated
    probability that the box is right). A label is empty where the detector knows the kind alone.
    """

    boxes_px: NDArray[np.float32]
    confidences: NDArray[np.float32]
    labels: tuple[str, ...]
    kinds: tuple[RegionKind, ...]

    def __post_init__(self) -> None:
        count = len(self.labels)
        found = (self.boxes_px.shape, self.confidences.shape, len(self.kinds))
        if found != ((count, 4), (count,), count):
            message = f"detections need as many boxes, confidences, labels and kinds, got {found}"
            raise InvalidValueError(message)
        if not (np.isfinite(self.boxes_px).all() and np.isfinite(self.confidences).all()):
            message = "detections need finite boxes and confidences"
            raise InvalidValueError(message)

    def __len__(self) -> int:
        return len(self.labels)


class Detector(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) to boxes."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """What is found; raises `ModelOutputError` when the model answers nonsense."""
        ...
