"""Gathers the regions and edges near the seeds of a search.

Each node of the request is seeded by itself, through the vector index, the full-text index and its
concepts; the links are followed from every seed. A pair is found when one of its ends is a seed, so
that what is left out has two ends that are both worse than the worst seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import SYMMETRIC_KINDS
from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.seeding import NO_COSINE, Seeds, any_token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from iconograph.graph.model.edge import EdgeKind
    from iconograph.graph.store.candidates import CandidateRequest, LinkRequest, NodeRequest
    from iconograph.graph.store.neo4j.columns import EdgeRow
    from iconograph.graph.store.neo4j.connection import Connection
    from iconograph.graph.store.neo4j.spaces import StoredSpace
    from iconograph.graph.store.neo4j.vectors import Nearest

SYMMETRIC = sorted(kind.value for kind in SYMMETRIC_KINDS)


@dataclass(slots=True, kw_only=True)
class Found:
    """What a search has come upon so far: regions for each node, and edges by id."""

    nodes: list[set[str]]
    edges: dict[str, EdgeRow] = field(default_factory=dict)

    @property
    def regions(self) -> set[str]:
        """Every region, those at the ends of edges included."""
        ends = {end for edge in self.edges.values() for end in (edge[2], edge[3])}
        return ends.union(*self.nodes)


class Gatherer:
    """Gathers for one request at a time; both ends of a relation are looked up at once."""

    def __init__(
        self,
        connection: Connection,
        *,
        nearest: Nearest,
        places: Mapping[str, StoredSpace],
        pool: Executor,
    ) -> None:
        self._connection = connection
        self._nearest = nearest
        self._places = places
        self._pool = pool

    def seeds(self, request: CandidateRequest) -> list[Seeds]:
        """The seeds of every node."""
        return list(self._pool.map(lambda node: self.seeds_of(node, request.seeds), request.nodes))

    def seeds_of(self, node: NodeRequest, k: int) -> Seeds:
        """The seeds of one node: at most `k` by each space, full-text query and all concepts."""
        ids: set[str] = set()
        unseen_cosine: dict[str, float] = {}
        truncated = False
        for space, vector in node.vectors.items():
            near = self._nearest(self._places[space], vector, k)
            ids.update(region for region, _ in near)
            unseen_cosine[space] = near[-1][1] if len(near) >= k else NO_COSINE
        asked: list[tuple[str, dict[str, object]]] = [
            (cypher.WITH_TOKENS, {"query": query}) for query in _text_queries(node)
        ]
        if node.concepts:
            asked.append((cypher.WITH_CONCEPTS, {"concepts": sorted(node.concepts)}))
        for statement, parameters in asked:
            found = self._connection.collected(statement, k=k + 1, **parameters)
            truncated = truncated or len(found) > k
            ids.update(found[:k])
        return Seeds(ids=frozenset(ids), unseen_cosine=unseen_cosine, unseen_token=truncated)

    def follow(self, request: CandidateRequest, seeds: Sequence[Seeds]) -> Found:
        """Follow the links from the seeds until every node of the pattern can be joined."""
        found = Found(nodes=[set(seed.ids) for seed in seeds])
        wanted = [link for link in request.links if not link.negated]
        fresh = [set(node) for node in found.nodes]
        pairs = {frozenset((link.subject, link.object)) for link in wanted}
        # No path through the pattern is longer than it has pairs.
        for _ in pairs:
            fresh = self._follow_once(wanted, found, fresh)
        for link in request.links:
            if link.negated:
                # Absence is judged on all edges around those that may lack one.
                self.gather(found, link.kinds, found.nodes[link.subject], outgoing=True)
                self.gather(found, link.kinds, found.nodes[link.object], outgoing=False)
        return found

    def _follow_once(
        self, links: Sequence[LinkRequest], found: Found, fresh: Sequence[set[str]]
    ) -> list[set[str]]:
        """Follow each link from regions that are new at either end; gives those that are new then."""
        steps = [
            (link.kinds, ids, outgoing, target)
            for link in links
            for ids, outgoing, target in (
                (fresh[link.subject], True, link.object),
                (fresh[link.object], False, link.subject),
            )
            if ids
        ]
        edges = self._pool.map(lambda step: self._edges(*step[:3]), steps)
        following: list[set[str]] = [set() for _ in found.nodes]
        for (_, ids, outgoing, target), found_edges in zip(steps, edges, strict=True):
            found.edges.update((edge[0], edge) for edge in found_edges)
            following[target].update(_reached(found_edges, ids, outgoing=outgoing))
        new = [reached - node for node, reached in zip(found.nodes, following, strict=True)]
        found.nodes = [node | added for node, added in zip(found.nodes, new, strict=True)]
        return new

    def gather(
        self, found: Found, kinds: Collection[EdgeKind], ids: Collection[str], *, outgoing: bool
    ) -> None:
        """Add the edges that begin (or, when not `outgoing`, end) at the regions."""
        if kinds and ids:
            edges = self._edges(kinds, ids, outgoing)
            found.edges.update((edge[0], edge) for edge in edges)

    def _edges(
        self,
        kinds: Collection[EdgeKind],
        ids: Collection[str],
        outgoing: bool,  # noqa: FBT001  one of three that `map` hands over by place
    ) -> list[EdgeRow]:
        statement = cypher.edges_from(kinds, outgoing=outgoing)
        return self._connection.collected(statement, ids=list(ids), symmetric=SYMMETRIC)


def _reached(edges: Iterable[EdgeRow], ids: Collection[str], *, outgoing: bool) -> Iterator[str]:
    """The ends that edges lead to from `ids`."""
    for _, kind, subject, object_, _ in edges:
        if kind not in SYMMETRIC:
            yield object_ if outgoing else subject
        elif subject in ids:
            yield object_
        if kind in SYMMETRIC and object_ in ids:
            yield subject


def _text_queries(node: NodeRequest) -> Iterator[str]:
    """A node's tokens in Lucene's query language."""
    yield from any_token(node.tokens)
    yield from any_token(node.label_tokens, "label_tokens")
