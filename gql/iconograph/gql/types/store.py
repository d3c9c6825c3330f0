"""What the store holds."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry import field

from iconograph.gql.types.values import NamedCount
from iconograph.graph.model import vector as vectors
from iconograph.graph.store import port


@strawberry.type(description="Where vectors can be compared; those of two spaces cannot.")
class VectorSpace:
    name: str = field(description="`clip:<architecture>/<weights>` or `text:<model>`.")
    dim: int = field(description="Numbers in a vector.")
    weights_sha256: str = field(description="SHA-256 of the model's weights.")
    modality: vectors.Modality = field(description="What a region's vector was computed from.")

    @classmethod
    def from_model(cls, space: vectors.VectorSpace) -> Self:
        return cls(
            name=space.name,
            dim=space.dim,
            weights_sha256=space.weights_sha256,
            modality=space.modality,
        )


@strawberry.type(description="What the store holds.")
class StoreInfo:
    engine: str = field(description="The database behind the service.")
    schema_version: int = field(description="Version of the stored form.")
    counts: list[NamedCount] = field(description="How many there are of each sort of record.")
    spaces: list[VectorSpace] = field(description="The vector spaces of its regions.")

    @classmethod
    def from_model(cls, info: port.StoreInfo) -> Self:
        return cls(
            engine=info.engine,
            schema_version=info.schema_version,
            counts=NamedCount.from_counts(info.counts),
            spaces=[VectorSpace.from_model(space) for space in info.spaces],
        )
