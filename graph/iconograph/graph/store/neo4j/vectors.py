"""Which regions lie nearest to a vector: asked of Neo4j's index, or of vectors held in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.statements import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.store.neo4j.connection import Connection
    from iconograph.graph.store.neo4j.spaces import StoredSpace

PAGE_ROWS = 2000
Near = list[tuple[str, float]]
"""Region ids and cosines, nearest first."""


class Nearest(Protocol):
    """Finds the regions with the largest cosine."""

    def __call__(self, place: StoredSpace, vector: NDArray[np.float32], k: int, /) -> Near:
        """At most `k` regions that have a vector in the space."""
        ...


class IndexedVectors:
    """Asks Neo4j's vector index, which may miss a few."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, place: StoredSpace, vector: NDArray[np.float32], k: int, /) -> Near:
        """At most `k` regions, by an approximate nearest neighbour search (HNSW)."""
        search_clause = self._connection.server.has_search_clause
        statement = cypher.nearest(place.index, search_clause=search_clause)
        parameters = {} if search_clause else {"index": place.index}
        found = self._connection.collected(statement, k=k, vector=vector.tolist(), **parameters)
        return [(region_id, cosine) for region_id, cosine in found]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """The vectors of a space as they were after so many changes of the store; ids are ascending."""

    changes: int
    region_ids: NDArray[np.str_]
    rows: NDArray[np.float32]

    @classmethod
    def read(cls, connection: Connection, place: StoredSpace, changes: int) -> Self:
        """All vectors of a space, a page at a time."""
        ids: list[str] = []
        pages: list[NDArray[np.float32]] = [np.empty((0, place.space.dim), np.float32)]
        statement, last = cypher.ALL_VECTORS, ""
        while page := connection.rows(
            statement, property=place.property, after=last, limit=PAGE_ROWS
        ):
            ids += [region_id for region_id, _ in page]
            pages.append(np.array([vector for _, vector in page], np.float32))
            last = ids[-1]
        return cls(changes=changes, region_ids=np.array(ids, np.str_), rows=np.concatenate(pages))


class VectorsInMemory:
    """Scans every vector; they are read again when the store has changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._matrices: dict[str, Matrix] = {}
        self._lock = threading.Lock()

    def __call__(self, place: StoredSpace, vector: NDArray[np.float32], k: int, /) -> Near:
        """The `k` regions with the largest cosines; none can be missed."""
        matrix = self._current(place)
        cosines = matrix.rows @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return list(zip(matrix.region_ids[best].tolist(), cosines[best].tolist(), strict=True))

    def cosines(
        self, place: StoredSpace, vector: NDArray[np.float32], region_ids: Sequence[str]
    ) -> NDArray[np.float32]:
        """The cosine with each of the regions, NaN where one has no vector."""
        matrix = self._current(place)
        wanted = np.array(region_ids, np.str_)
        cosines = np.full(len(wanted), np.nan, np.float32)
        if len(matrix.region_ids):
            rows = np.searchsorted(matrix.region_ids, wanted)
            rows[rows == len(matrix.region_ids)] = 0
            found = matrix.region_ids[rows] == wanted
            cosines[found] = matrix.rows[rows[found]] @ vector
        return cosines

    def _current(self, place: StoredSpace) -> Matrix:
        changes = int(self._connection.rows(CHANGES)[0][0])
        with self._lock:
            held = self._matrices.get(place.space.name)
            if held is None or held.changes != changes:
                held = Matrix.read(self._connection, place, changes)
                self._matrices[place.space.name] = held
        return held
