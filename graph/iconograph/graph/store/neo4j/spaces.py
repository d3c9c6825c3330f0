"""Where the vectors of a space are kept: one property and one index for each space."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.model.vector import Modality, VectorSpace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSpace:
    """A space with the property of regions that holds its vectors, and the index over it."""

    space: VectorSpace
    property: str
    index: str

    @classmethod
    def of(cls, space: VectorSpace) -> Self:
        """The place that a new space gets.

        Size is part of the names, since an index takes vectors of one size and silently leaves out
        all others.
        """
        name = f"{slug(space.name)}_{space.dim}"
        return cls(space=space, property=f"vector_{name}", index=f"region_vector_{name}")

    @classmethod
    def from_row(cls, row: Sequence[object]) -> Self:
        """The space in a row of `statements.SPACES`."""
        *columns, property_, index = row
        return cls(space=space_of(columns), property=str(property_), index=str(index))


def space_of(row: Sequence[object]) -> VectorSpace:
    """The space that name, size, weights and modality describe."""
    name, dim, weights_sha256, modality = row
    return VectorSpace(
        name=str(name),
        dim=int(str(dim)),
        weights_sha256=str(weights_sha256),
        modality=Modality(str(modality)),
    )


def slug(name: str) -> str:
    """A name in the letters that Cypher takes in names: `clip:ViT-B-32/laion` gives clip_vit_b_32_laion."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def place_for(space: VectorSpace, known: Mapping[str, StoredSpace]) -> StoredSpace:
    """Where the vectors of a space are or will be kept.

    Raises `VectorSpaceError` when the space is known with another size or weights, or when a space
    of another name was given its property.
    """
    if space.name in known:
        known[space.name].space.require_same(space)
        return known[space.name]
    place = StoredSpace.of(space)
    for other in known.values():
        if other.property == place.property:
            message = (
                f"spaces {other.space.name} and {space.name} would share the property "
                f"{place.property}; rename one of them"
            )
            raise VectorSpaceError(message)
    return place
