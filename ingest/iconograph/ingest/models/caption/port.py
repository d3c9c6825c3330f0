"""What says in a sentence what a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Captioner(PictureModel, Protocol):
    """Crops (uint8, height x width x RGB) to one sentence each."""

    def __call__(self, crops: Sequence[NDArray[np.uint8]], /) -> tuple[str, ...]:
        """A sentence for each crop, empty where the model has nothing to say."""
        ...
