"""Values as rows of the embedded store, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from iconograph.graph.model.edge import Edge, EdgeStatus
from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace
from iconograph.graph.search.lemmas import lemmas
from iconograph.graph.store.stored_text import record_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.region import Region

T = TypeVar("T")
VectorRows = tuple["NDArray[np.int64]", "NDArray[np.float32]"]
"""Keys of regions (n) and their vectors (n x dim)."""

KEY_TYPE = np.dtype("<i8")
VECTOR_TYPE = np.dtype("<f4")


def id_list(ids: Iterable[str]) -> str:
    """Ids as the one JSON parameter that `json_each` unfolds."""
    return json.dumps(list(ids))


def region_row(image_key: int, region: Region) -> tuple[int, str, str, str, str]:
    """Columns of a region."""
    return (image_key, region.id, region.level.value, region.kind.value, record_text(region))


def edge_row(
    edge: Edge, keys: Mapping[RegionId, int]
) -> tuple[str, str, int, int, float, bool, str]:
    """Columns of an edge; `keys` gives the keys of its ends."""
    return (
        edge.id,
        edge.kind.value,
        keys[edge.subject_id],
        keys[edge.object_id],
        edge.confidence,
        edge.status is EdgeStatus.REJECTED,
        record_text(edge),
    )


def caption_tokens(caption: str) -> str:
    """The lemmas of a caption, as the full-text index takes them."""
    return " ".join(lemmas(caption))


def space_of(row: tuple[str, int, str, str]) -> VectorSpace:
    """The vector space of a row of `space`."""
    name, dim, weights_sha256, modality = row
    return VectorSpace(
        name=name, dim=dim, weights_sha256=weights_sha256, modality=Modality(modality)
    )


def packed(rows: VectorRows) -> tuple[bytes, bytes]:
    """Vectors as the blobs of one row of `vectors`."""
    keys, matrix = rows
    return keys.astype(KEY_TYPE).tobytes(), matrix.astype(VECTOR_TYPE).tobytes()


def unpacked_keys(blob: bytes) -> NDArray[np.int64]:
    """The keys that `packed` wrote, as a read-only view."""
    return np.frombuffer(blob, KEY_TYPE)


def unpacked_matrix(blob: bytes, dim: int) -> NDArray[np.float32]:
    """The vectors (n x dim) that `packed` wrote, as a read-only view."""
    return np.frombuffer(blob, VECTOR_TYPE).reshape(-1, dim)


def unpacked(keys_blob: bytes, matrix_blob: bytes) -> VectorRows:
    """Keys and vectors of one row of `vectors`, which is never empty."""
    keys = unpacked_keys(keys_blob)
    return keys, np.frombuffer(matrix_blob, VECTOR_TYPE).reshape(len(keys), -1)


def merged(old: VectorRows, new: VectorRows) -> VectorRows:
    """The new vectors, and those old ones that no new one replaces."""
    kept = ~np.isin(old[0], new[0])
    return np.concatenate([old[0][kept], new[0]]), np.concatenate([old[1][kept], new[1]])


def region_vectors(
    space: VectorSpace, rows: VectorRows, ids: Mapping[int, RegionId]
) -> RegionVectors:
    """Vectors of one image, ordered by region id."""
    keys, matrix = rows
    names = [ids[key] for key in keys.tolist()]
    order = sorted(range(len(names)), key=names.__getitem__)
    return RegionVectors(
        space=space,
        region_ids=tuple(names[i] for i in order),
        matrix=np.ascontiguousarray(matrix[order], dtype=np.float32),
    )
