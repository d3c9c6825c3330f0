"""What all models that look at pictures have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from iconograph.graph.model.run import ModelRef


class PictureModel(Protocol):
    """Says who it is, so that answers name their origin and are remembered by it."""

    @property
    def name(self) -> str:
        """What proposals, poses, gazes and cache entries call it: `mini-gaze@1`."""
        ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The model files that take part; none for the colour merge tree."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All that changes the answer besides the models."""
        ...
