"""What a search needs from outside, beside the store and the encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iconograph.graph.model.ids import ConceptId


class ConceptFinder(Protocol):
    """Finds the terms of a vocabulary that speak of something."""

    def concepts_for(self, phrase: str, /) -> Mapping[ConceptId, float]:
        """Concepts that a phrase may mean, each with how well it fits, 0..1."""
        ...
