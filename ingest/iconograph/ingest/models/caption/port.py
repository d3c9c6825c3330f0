"""What says in a sentence what a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef


class Captioner(Protocol):
    """Crops (uint8, height x width x RGB) to one sentence each."""

    @property
    def name(self) -> str:
        """What cache entries call it."""
        ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The model files that take part."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All that changes the answer besides the models."""
        ...

    def __call__(self, crops: Sequence[NDArray[np.uint8]], /) -> tuple[str, ...]:
        """A sentence for each crop, empty where the model has nothing to say."""
        ...
