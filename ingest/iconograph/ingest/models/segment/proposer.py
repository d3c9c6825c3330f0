"""What says where things may be, before anybody knows what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iconograph.ingest.models.port import PictureModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from iconograph.ingest.regions.proposal import Proposal


class Proposer(PictureModel, Protocol):
    """Pixels (uint8, height x width x RGB) to proposals without labels."""

    def __call__(self, pixels: NDArray[np.uint8], /, *, most: int) -> tuple[Proposal, ...]:
        """At most `most` proposals, the surest first, all of kind UNKNOWN."""
        ...
