"""Answers a search's request with columns of the regions near its seeds (see `gathering`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.concept import Scheme
from iconograph.graph.model.ids import concept_id
from iconograph.graph.model.work import Work
from iconograph.graph.store.asked import asked_concepts, asked_kinds, asked_spaces, asked_tokens
from iconograph.graph.store.candidates import Candidates, WorkFilter
from iconograph.graph.store.filtering import passes
from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.columns import RegionTable
from iconograph.graph.store.neo4j.gathering import Found, Gatherer
from iconograph.graph.store.neo4j.joining import Joined, Joiner, can_join
from iconograph.graph.store.neo4j.seeding import NO_COSINE, Seeds
from iconograph.graph.store.neo4j.starting import Starter
from iconograph.graph.store.neo4j.vectors import IndexedVectors, Nearest, VectorsInMemory
from iconograph.graph.store.neo4j.vocabulary import VocabularyReader
from iconograph.graph.store.stored_text import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.store.candidates import CandidateRequest
    from iconograph.graph.store.neo4j.connection import Connection, Rows
    from iconograph.graph.store.neo4j.spaces import StoredSpace

FEW_REGIONS = 5000
"""A filter that leaves no more regions than this is applied first, and they are all looked at."""
PARALLEL = 2
FEW_DESCRIBED = 200
"""So few regions are described by one statement: a second one would cost more than it saves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe:
    """A vector that one node of the request brings in one space."""

    node: int
    place: StoredSpace
    vector: NDArray[np.float32]


class CandidateReader:
    """Reads candidates; several threads may ask at once."""

    def __init__(self, connection: Connection, *, exact: bool) -> None:
        self._connection = connection
        self._memory = VectorsInMemory(connection) if exact else None
        self._nearest: Nearest = self._memory or IndexedVectors(connection)
        self._vocabulary = VocabularyReader(connection)
        # Both ends of a relation are looked up at once: the server has a thread for each.
        self._pool = ThreadPoolExecutor(PARALLEL, thread_name_prefix="neo4j-candidates")

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown()

    def candidates(
        self, request: CandidateRequest, places: Mapping[str, StoredSpace]
    ) -> Candidates:
        """Regions and edges worth ranking; `places` are all the spaces of the store."""
        asked_spaces(request, {name: place.space for name, place in places.items()})
        works = self._passing_works(request.work_filter)
        scope = self._scope(works, request.seeds)
        if scope is None:
            joined = self._joined(request, places)
        else:
            joined = Joined(
                found=Found(nodes=[set(scope)]),
                seeds=[Seeds(ids=scope)] * len(request.nodes),
                complete=True,
            )
            self._gatherer(places).gather(joined.found, asked_kinds(request), scope, outgoing=True)
        return self._columns(request, places, joined, works)

    def _gatherer(self, places: Mapping[str, StoredSpace]) -> Gatherer:
        return Gatherer(self._connection, nearest=self._nearest, places=places, pool=self._pool)

    def _joined(self, request: CandidateRequest, places: Mapping[str, StoredSpace]) -> Joined:
        """Regions and edges of a store that is too large to look at all of it."""
        gatherer = self._gatherer(places)
        if not can_join(request):
            seeds = gatherer.seeds(request)
            is_complete = not any(seed.saw_part for seed in seeds)
            found = gatherer.follow(request, seeds)
            return Joined(found=found, seeds=seeds, complete=is_complete)
        starter = Starter(
            self._connection,
            nearest=self._nearest,
            places=places,
            vocabulary=self._vocabulary.current(),
        )
        joiner = Joiner(self._connection, starter=starter, gatherer=gatherer, pool=self._pool)
        return joiner.join(request)

    def _passing_works(self, wanted: WorkFilter) -> frozenset[str] | None:
        """Ids of the works that pass the filter; None when there is no filter."""
        if wanted == WorkFilter():
            return None
        branch = concept_id(Scheme.ICONCLASS, wanted.iconclass) if wanted.iconclass else ""
        statement = cypher.WORKS_IN_BRANCH
        found = self._connection.rows(statement, works=list(wanted.work_ids), branch=branch)
        works = values_of(Work, found)
        return frozenset(work.id for work in works if passes(work, wanted))

    def _scope(self, works: frozenset[str] | None, seeds: int) -> frozenset[str] | None:
        """All regions that can answer, when they are few enough to look at each; else None."""
        if works is None:
            most = seeds
            if self._connection.rows(cypher.COUNT_REGIONS)[0][0] > most:
                return None
            found = self._connection.collected(cypher.FIRST_REGIONS, k=most + 1)
        else:
            most = max(seeds, FEW_REGIONS)
            statement = cypher.FIRST_REGIONS_OF_WORKS
            found = self._connection.collected(statement, works=sorted(works), k=most + 1)
        return frozenset(found) if len(found) <= most else None

    def _columns(
        self,
        request: CandidateRequest,
        places: Mapping[str, StoredSpace],
        joined: Joined,
        works: frozenset[str] | None,
    ) -> Candidates:
        tokens, concepts = asked_tokens(request), asked_concepts(request)
        probes = [
            Probe(node=place, place=places[space], vector=vector)
            for place, node in enumerate(request.nodes)
            for space, vector in node.vectors.items()
        ]
        table = self._table(sorted(joined.found.regions), tokens, () if self._memory else probes)
        eligible = [works is None or work in works for work in table.work_ids]
        return Candidates(
            region_ids=table.region_ids,
            image_ids=table.image_ids,
            work_ids=table.work_ids,
            image_of=table.image_of,
            work_of=table.work_of,
            level=table.level,
            kind=table.kind,
            eligible=np.array(eligible, np.bool_)[table.work_of],
            labels=table.labels(),
            caption_hits=table.caption_hits(tokens),
            concept_hits=self._concept_hits(table, concepts),
            cosines=self._cosines(request, probes, table),
            edges=table.edges(asked_kinds(request), joined.found.edges.values()),
            complete=joined.complete,
            unseen_cosine=[
                {space: seed.unseen_cosine.get(space, NO_COSINE) for space in node.vectors}
                for node, seed in zip(request.nodes, joined.seeds, strict=True)
            ],
            unseen_token=[seed.unseen_token for seed in joined.seeds],
            whole_nodes=frozenset(joined.whole),
        )

    def _table(
        self, ids: Sequence[str], tokens: Sequence[str], probes: Sequence[Probe]
    ) -> RegionTable:
        statement = cypher.describe([probe.place.property for probe in probes])
        vectors = {f"probe_{place}": p.vector.tolist() for place, p in enumerate(probes)}

        def described(part: Sequence[str]) -> Rows:
            return self._connection.collected(statement, ids=part, tokens=tokens, **vectors)

        threads = PARALLEL if len(ids) > FEW_DESCRIBED else 1
        parts = (ids[start::threads] for start in range(threads))
        found = [row for part in self._pool.map(described, parts) for row in part]
        images = list({row[1] for row in found})
        works = self._connection.collected(cypher.WORKS_OF_IMAGES, ids=images)
        return RegionTable(found, dict(works))

    def _concept_hits(
        self, table: RegionTable, concepts: Sequence[ConceptId]
    ) -> dict[ConceptId, NDArray[np.int32]]:
        if not concepts:
            return {}
        statement = cypher.CONCEPT_HITS
        found = self._connection.rows(statement, concepts=concepts, ids=table.region_ids)
        return table.hits(concepts, ((concept, region) for concept, region in found))

    def _cosines(
        self, request: CandidateRequest, probes: Sequence[Probe], table: RegionTable
    ) -> dict[str, NDArray[np.float32]]:
        shape = (len(request.nodes), len(table.region_ids))
        asked = dict.fromkeys(probe.place.space.name for probe in probes)
        cosines = {space: np.full(shape, np.nan, np.float32) for space in asked}
        for column, probe in zip(self._probed(probes, table), probes, strict=True):
            cosines[probe.place.space.name][probe.node] = column
        return cosines

    def _probed(self, probes: Sequence[Probe], table: RegionTable) -> Sequence[NDArray[np.float32]]:
        """The cosine of each probe with every region, NaN where one has no vector."""
        memory = self._memory
        if memory is None:
            return list(table.probed(len(probes)))
        return [memory.cosines(p.place, p.vector, table.region_ids) for p in probes]
