"""What turns pictures into vectors; `graph.model.vector.TextEncoder` does it with texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.graph.model.vector import VectorSpace


class ImageEncoder(Protocol):
    """Crops (uint8, height x width x RGB, of any sizes) to unit vectors of one space."""

    @property
    def space(self) -> VectorSpace:
        """The space of the vectors, the same as that of the texts to compare with."""
        ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The model files that take part."""
        ...

    def encode(self, crops: Sequence[NDArray[np.uint8]], /) -> NDArray[np.float32]:
        """Unit vectors, float32, len(crops) x dim; raises `ModelOutputError` on nonsense."""
        ...
