"""Answers a search's request with columns that are read once and kept while the file is unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from iconograph.graph.model.concept import Scheme
from iconograph.graph.model.ids import concept_id
from iconograph.graph.store.asked import asked_concepts, asked_kinds, asked_spaces, asked_tokens
from iconograph.graph.store.candidates import (
    CandidateRequest,
    Candidates,
    EdgeColumns,
    LabelColumns,
    WorkFilter,
)
from iconograph.graph.store.filtering import passes
from iconograph.graph.store.sqlite import rows
from iconograph.graph.store.sqlite import statements as sql
from iconograph.graph.store.sqlite.columns import (
    RegionColumns,
    VectorColumns,
    read_edges,
    read_labels,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.edge import EdgeKind
    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.store.sqlite.connection import Connection

K = TypeVar("K")


class Snapshot:
    """The columns of one state of the store, each read when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.regions = RegionColumns.read(connection)
        self._labels: LabelColumns | None = None
        self._edges: dict[EdgeKind, EdgeColumns] = {}
        self._vectors: dict[str, VectorColumns] = {}

    def labels(self, connection: sqlite3.Connection) -> LabelColumns:
        """All labels."""
        if self._labels is None:
            self._labels = read_labels(connection, self.regions)
        return self._labels

    def edges(self, connection: sqlite3.Connection, kind: EdgeKind) -> EdgeColumns:
        """All edges of a kind that are not rejected."""
        if kind not in self._edges:
            self._edges[kind] = read_edges(connection, kind, self.regions)
        return self._edges[kind]

    def vectors(self, connection: sqlite3.Connection, space: VectorSpace) -> VectorColumns:
        """All vectors of a space."""
        if space.name not in self._vectors:
            self._vectors[space.name] = VectorColumns.read(connection, space, self.regions)
        return self._vectors[space.name]


class CandidateReader:
    """Reads candidates and keeps the newest snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._snapshot: Snapshot | None = None
        self._state: tuple[int, int] | None = None

    def forget(self) -> None:
        """Let go of the snapshot's memory."""
        self._snapshot = self._state = None

    def candidates(self, request: CandidateRequest) -> Candidates:
        """Every region, with what the request asks about it."""
        with self._connection.reading() as connection:
            snapshot = self._current(connection)
            regions = snapshot.regions
            labels = snapshot.labels(connection)
            edges = {kind: snapshot.edges(connection, kind) for kind in asked_kinds(request)}
            phrases = {token: _phrase(token) for token in asked_tokens(request)}
            captions = _hits(connection, regions, sql.REGIONS_CAPTIONED_WITH, phrases)
            concepts = {concept: concept for concept in asked_concepts(request)}
            depicted = _hits(connection, regions, sql.REGIONS_DEPICTING, concepts)
            eligible = _eligible_works(connection, regions, request.work_filter)[regions.work_of]
            vectors = _asked_vectors(connection, snapshot, request)
        return Candidates(
            region_ids=regions.region_ids,
            image_ids=regions.image_ids,
            work_ids=regions.work_ids,
            image_of=regions.image_of,
            work_of=regions.work_of,
            level=regions.level,
            kind=regions.kind,
            eligible=eligible,
            labels=labels,
            caption_hits=captions,
            concept_hits=depicted,
            cosines={v.space.name: _cosines(request, v, len(eligible)) for v in vectors},
            edges=edges,
            complete=True,
            unseen_cosine=[dict.fromkeys(node.vectors, -1.0) for node in request.nodes],
            unseen_token=[False] * len(request.nodes),
        )

    def _current(self, connection: sqlite3.Connection) -> Snapshot:
        (others,) = connection.execute("PRAGMA data_version").fetchone()
        state = (others, connection.total_changes)
        if self._snapshot is None or state != self._state:
            self._snapshot = None
            self._snapshot, self._state = Snapshot(connection), state
        return self._snapshot


def _hits(
    connection: sqlite3.Connection,
    regions: RegionColumns,
    statement: str,
    parameters: Mapping[K, str],
) -> dict[K, NDArray[np.int32]]:
    """For each name the rows of the regions that the statement finds with its parameter."""
    return {
        name: regions.rows(key for (key,) in connection.execute(statement, (parameter,)))
        for name, parameter in parameters.items()
    }


def _asked_vectors(
    connection: sqlite3.Connection, snapshot: Snapshot, request: CandidateRequest
) -> list[VectorColumns]:
    """The vectors of the spaces that the request names."""
    stored = {row[0]: rows.space_of(row) for row in connection.execute(sql.SPACES)}
    return [snapshot.vectors(connection, space) for space in asked_spaces(request, stored)]


def _phrase(token: str) -> str:
    """The token as a string of FTS5's query language."""
    return '"' + token.replace('"', '""') + '"'


def _eligible_works(
    connection: sqlite3.Connection, regions: RegionColumns, wanted: WorkFilter
) -> NDArray[np.bool_]:
    if wanted == WorkFilter():
        return np.ones(len(regions.works), np.bool_)
    eligible = np.fromiter((passes(work, wanted) for work in regions.works), np.bool_)
    if wanted.iconclass:
        branch = concept_id(Scheme.ICONCLASS, wanted.iconclass)
        below = [key for (key,) in connection.execute(sql.WORKS_BELOW_CONCEPT, (branch,))]
        eligible &= np.isin(regions.work_keys, below)
    return eligible


def _cosines(
    request: CandidateRequest, columns: VectorColumns, region_count: int
) -> NDArray[np.float32]:
    name = columns.space.name
    asking = [place for place, node in enumerate(request.nodes) if name in node.vectors]
    vectors = np.stack([request.nodes[place].vectors[name] for place in asking])
    found = columns.cosines(vectors.astype(np.float32), region_count)
    if len(asking) == len(request.nodes):
        return found
    cosines = np.full((len(request.nodes), region_count), np.nan, np.float32)
    cosines[asking] = found
    return cosines
