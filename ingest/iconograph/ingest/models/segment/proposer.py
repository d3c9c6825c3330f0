"""What says where things may be, before anybody knows what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.regions.proposal import Proposal


class Proposer(Protocol):
    """Pixels (uint8, height x width x RGB) to proposals without labels."""

    @property
    def name(self) -> str:
        """What proposals and cache entries call it."""
        ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The model files that take part; none for the colour merge tree."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All that changes the answer besides the models."""
        ...

    def __call__(self, pixels: NDArray[np.uint8], /, *, most: int) -> tuple[Proposal, ...]:
        """At most `most` proposals, the surest first, all of kind UNKNOWN."""
        ...
