"""Vector spaces, the vectors of regions in them, and encoders into them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from iconograph.graph.errors import InvalidValueError, VectorSpaceError
from iconograph.graph.model.checks import require_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.ids import RegionId

LARGEST_DIM = 4096
"""What Neo4j's vector index takes at the most."""

UNIT_TOLERANCE = 1e-3


class Modality(StrEnum):
    """What a region's vector was computed from."""

    IMAGE = "image"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorSpace:
    """Where vectors can be compared: `clip:<architecture>/<weights>` or `text:<model>`."""

    name: str
    dim: int
    weights_sha256: str
    modality: Modality

    def __post_init__(self) -> None:
        require_text("VectorSpace", name=self.name)
        if not 1 <= self.dim <= LARGEST_DIM:
            message = f"space {self.name} needs 1 to {LARGEST_DIM} dimensions, got {self.dim}"
            raise InvalidValueError(message)

    def require_same(self, other: VectorSpace) -> None:
        """Raise `VectorSpaceError` unless `other` is this very space."""
        if self != other:
            message = (
                f"vectors of two spaces cannot be mixed: the store holds {self.name} "
                f"({self.dim} dimensions, weights {self.weights_sha256[:12] or 'unnamed'}), "
                f"these are of {other.name} ({other.dim} dimensions, weights "
                f"{other.weights_sha256[:12] or 'unnamed'}); encode them again with the same model"
            )
            raise VectorSpaceError(message)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionVectors:
    """Unit vectors of regions in one space: row i of `matrix` (float32, n x dim) is `region_ids[i]`'s."""

    space: VectorSpace
    region_ids: tuple[RegionId, ...]
    matrix: NDArray[np.float32]

    def __post_init__(self) -> None:
        expected = (len(self.region_ids), self.space.dim)
        if self.matrix.shape != expected or self.matrix.dtype != np.float32:
            message = (
                f"vectors of space {self.space.name} need shape {expected} of float32, "
                f"got {self.matrix.shape} of {self.matrix.dtype}"
            )
            raise VectorSpaceError(message)
        if len(set(self.region_ids)) != len(self.region_ids):
            message = f"vectors of space {self.space.name} name a region twice"
            raise InvalidValueError(message)
        norms = np.linalg.norm(self.matrix, axis=1)
        if not np.all(np.abs(norms - 1.0) < UNIT_TOLERANCE):
            message = f"vectors of space {self.space.name} must be finite and of length 1"
            raise InvalidValueError(message)

    @classmethod
    def normalised(
        cls, space: VectorSpace, region_ids: Sequence[RegionId], matrix: NDArray[np.floating]
    ) -> Self:
        """Bring each row to length 1; raises `InvalidValueError` on zero or non-finite rows."""
        return cls(space=space, region_ids=tuple(region_ids), matrix=unit_rows(matrix, space))


class TextEncoder(Protocol):
    """Turns texts into unit vectors of one space."""

    @property
    def space(self) -> VectorSpace:
        """The space of the vectors."""
        ...

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Unit vectors, float32, len(texts) x dim."""
        ...


def unit_rows(matrix: NDArray[np.floating], space: VectorSpace) -> NDArray[np.float32]:
    """Each row brought to length 1; raises `VectorSpaceError` or `InvalidValueError`."""
    if matrix.ndim != 2 or matrix.shape[1] != space.dim:  # noqa: PLR2004
        message = f"space {space.name} needs vectors of {space.dim} dimensions, got {matrix.shape}"
        raise VectorSpaceError(message)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    if not np.all(np.isfinite(norms)) or not np.all(norms > 0):
        message = f"vectors of space {space.name} must be finite and not zero"
        raise InvalidValueError(message)
    return np.ascontiguousarray(matrix / norms, dtype=np.float32)
