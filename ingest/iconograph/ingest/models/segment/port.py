"""What cuts things out of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.ingest.regions.mask import Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """One mask for each prompt, in the same order, with its confidence (float32, n, 0..1).

    A mask is None where the segmenter found nothing.
    """

    masks: tuple[Mask | None, ...]
    confidences: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.confidences.shape != (len(self.masks),):
            message = (
                f"segments need as many confidences as masks, got {self.confidences.shape} "
                f"for {len(self.masks)}"
            )
            raise InvalidValueError(message)


class SegmentedPicture(Protocol):
    """One picture, looked at once, of which many things can be cut out."""

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        """The main thing in each box, n x 4 (x0, y0, x1, y1)."""
        ...

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        """The thing at each point, n x 2 (x, y)."""
        ...


class Segmenter(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) to a picture that can be cut up."""

    def __call__(self, pixels: NDArray[np.uint8], /) -> SegmentedPicture:
        """Look at a picture; raises `ModelOutputError` when the model answers nonsense."""
        ...
