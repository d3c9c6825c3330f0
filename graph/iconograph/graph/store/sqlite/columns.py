"""What a search reads, as columns of numbers; the row of a region is its place among all by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np

from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.work import Work
from iconograph.graph.store.candidates import EdgeColumns, LabelColumns
from iconograph.graph.store.sqlite import rows
from iconograph.graph.store.sqlite import statements as sql
from iconograph.graph.store.stored_text import value_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.edge import EdgeKind
    from iconograph.graph.model.vector import VectorSpace

N = TypeVar("N", bound=np.generic)
LEVEL_PLACES = {level.value: place for place, level in enumerate(Level)}
KIND_PLACES = {kind.value: place for place, kind in enumerate(RegionKind)}
NO_KEYS = np.empty(0, np.int64)
FEW_VECTORS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionColumns:
    """Regions, images and works, each ordered by id.

    `image_of`, `work_of`, `level` and `kind` are those of `Candidates`. `row_of_key` (int32) gives
    the row of a region's key, -1 for a key that is not in use; `work_keys` are in order of `works`.
    """

    region_ids: Sequence[str]
    image_ids: Sequence[str]
    works: Sequence[Work]
    work_ids: Sequence[str]
    work_keys: NDArray[np.int64]
    image_of: NDArray[np.int32]
    work_of: NDArray[np.int32]
    level: NDArray[np.int8]
    kind: NDArray[np.int8]
    row_of_key: NDArray[np.int32]

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """All of the store; works are read whole, because filters look at many of their fields."""
        works = connection.execute(sql.ALL_WORKS).fetchall()
        images = connection.execute(sql.ALL_IMAGES).fetchall()
        regions = connection.execute(sql.ALL_REGIONS).fetchall()
        keys = _numbers((row[0] for row in regions), np.int64)
        work_places = _places([row[0] for row in works])
        image_places = _places([row[0] for row in images])
        work_of_image = work_places[_numbers((row[2] for row in images), np.int64)]
        image_of = image_places[_numbers((row[2] for row in regions), np.int64)]
        return cls(
            region_ids=[row[1] for row in regions],
            image_ids=[row[1] for row in images],
            works=[value_of(Work, row[2]) for row in works],
            work_ids=[row[1] for row in works],
            work_keys=_numbers((row[0] for row in works), np.int64),
            image_of=image_of,
            work_of=work_of_image[image_of],
            level=_numbers((LEVEL_PLACES[row[3]] for row in regions), np.int8),
            kind=_numbers((KIND_PLACES[row[4]] for row in regions), np.int8),
            row_of_key=_places(keys),
        )

    def rows(self, keys: Iterable[int]) -> NDArray[np.int32]:
        """The rows of regions given by key, ascending."""
        return np.sort(self.row_of_key[_numbers(keys, np.int64)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VectorColumns:
    """Vectors of one space: row i of `matrix` (float32, n x dim) is the vector of region `rows[i]`."""

    space: VectorSpace
    rows: NDArray[np.int32]
    matrix: NDArray[np.float32]

    @classmethod
    def read(
        cls, connection: sqlite3.Connection, space: VectorSpace, regions: RegionColumns
    ) -> Self:
        """All vectors of the space, ordered by row."""
        blobs = connection.execute(sql.VECTOR_KEYS_OF_SPACE, (space.name,)).fetchall()
        keys = np.concatenate([rows.unpacked_keys(blob) for (blob,) in blobs] or [NO_KEYS])
        rows_read = regions.row_of_key[keys]
        order = np.argsort(rows_read)
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        matrix, start = np.empty((len(keys), space.dim), np.float32), 0
        for (blob,) in connection.execute(sql.MATRICES_OF_SPACE, (space.name,)):
            block = rows.unpacked_matrix(blob, space.dim)
            end = start + len(block)
            matrix[places[start:end]] = block
            start = end
        return cls(space=space, rows=rows_read[order], matrix=matrix)

    def cosines(self, vectors: NDArray[np.float32], region_count: int) -> NDArray[np.float32]:
        """The cosine of each of `vectors` (m x dim) with each region (m x regions), NaN for none."""
        cosines = products(vectors, self.matrix)
        if len(self.rows) == region_count:
            return cosines
        spread = np.full((len(vectors), region_count), np.nan, np.float32)
        spread[:, self.rows] = cosines
        return spread


def products(vectors: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """`vectors @ matrix.T`, in the fastest way for a few vectors.

    BLAS multiplies a matrix with one vector at the speed of memory, which it does not reach with a
    few at once: up to `FEW_VECTORS`, reading the matrix for each of them is faster.
    """
    if len(vectors) <= FEW_VECTORS:
        return np.stack([matrix @ vector for vector in vectors])
    return np.ascontiguousarray((matrix @ vectors.T).T)


def read_labels(connection: sqlite3.Connection, regions: RegionColumns) -> LabelColumns:
    """All labels, texts in order, the regions of a text ascending."""
    texts = connection.execute(sql.LABEL_TEXTS).fetchall()
    found = connection.execute(sql.ALL_LABELS).fetchall()
    text = _places([key for key, _ in texts])[_numbers((row[0] for row in found), np.int64)]
    region = regions.row_of_key[_numbers((row[1] for row in found), np.int64)]
    order = np.lexsort((region, text))
    return LabelColumns(
        texts=[text for _, text in texts],
        offsets=np.searchsorted(text[order], np.arange(len(texts) + 1)).astype(np.int64),
        regions=region[order],
        confidence=_numbers((row[2] for row in found), np.float32)[order],
    )


def read_edges(
    connection: sqlite3.Connection, kind: EdgeKind, regions: RegionColumns
) -> EdgeColumns:
    """The edges of a kind that are not rejected, ordered by id."""
    found = connection.execute(sql.EDGES_OF_KIND, (kind.value,)).fetchall()
    return EdgeColumns(
        subject=regions.row_of_key[_numbers((row[1] for row in found), np.int64)],
        object=regions.row_of_key[_numbers((row[2] for row in found), np.int64)],
        confidence=_numbers((row[3] for row in found), np.float32),
        ids=[row[0] for row in found],
    )


def _numbers(values: Iterable[float], dtype: type[N]) -> NDArray[N]:
    return np.fromiter(values, dtype)


def _places(keys: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int32]:
    """For each key its place in `keys`, -1 for keys that are not there."""
    places = np.full(int(max(keys, default=-1)) + 1, -1, np.int32)
    places[keys] = np.arange(len(keys), dtype=np.int32)
    return places
