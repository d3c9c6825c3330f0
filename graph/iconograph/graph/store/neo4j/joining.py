"""Finds the pairs of a pattern whose ends both pass, beginning where the fewest regions do.

All pairs of a link are found from one end when all regions that may stand for that end are known,
however many may stand for the other. The regions found at the other end are then all that can
answer there, so that the links beyond begin from them: one whole node makes all that hang on it
whole. Where no node is whole, each link is followed from both of its ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.gathering import SYMMETRIC, Found
from iconograph.graph.store.neo4j.seeding import Seeds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from concurrent.futures import Executor

    from iconograph.graph.store.candidates import CandidateRequest, LinkRequest
    from iconograph.graph.store.neo4j.connection import Connection
    from iconograph.graph.store.neo4j.gathering import Gatherer
    from iconograph.graph.store.neo4j.starting import Start, Starter

MOST_ALONE = 4000
"""Regions that are all looked at when nothing is asked of them but their own phrase."""

Ends = dict[int, set[str]]
"""Region ids by node."""


@dataclass(slots=True, kw_only=True)
class Joined:
    """Regions and edges, what lies beyond each node, and what is known to be all there is.

    `whole` and `complete` are `whole_nodes` and `complete` of `Candidates`.
    """

    found: Found
    seeds: list[Seeds]
    whole: set[int] = field(default_factory=set)
    complete: bool = False


class Joiner:
    """Joins one request at a time."""

    def __init__(
        self, connection: Connection, *, starter: Starter, gatherer: Gatherer, pool: Executor
    ) -> None:
        self._connection = connection
        self._starter = starter
        self._gatherer = gatherer
        self._pool = pool

    def join(self, request: CandidateRequest) -> Joined:
        """Regions and edges of a request all of whose wanted nodes have a bar."""
        starts = self._starts(request)
        joined = Joined(
            found=Found(nodes=[set() for _ in request.nodes]),
            seeds=[
                starts[place].seeds if place in starts else Seeds(ids=frozenset())
                for place in range(len(request.nodes))
            ],
        )
        links = [link for link in request.links if not link.negated]
        self._join_links(links, starts, joined)
        linked = {place for link in links for place in ends(link)}
        self._add_alone(request, {n: starts[n] for n in starts.keys() - linked}, joined)
        for link in request.links:
            if link.negated:
                found = joined.found
                self._gatherer.gather(found, link.kinds, found.nodes[link.subject], outgoing=True)
                self._gatherer.gather(found, link.kinds, found.nodes[link.object], outgoing=False)
        return joined

    def _starts(self, request: CandidateRequest) -> dict[int, Start]:
        wanted = wanted_nodes(request)
        bars = {place: request.nodes[place].bar for place in wanted}

        def start(place: int) -> Start:
            bar = bars[place]
            assert bar is not None  # noqa: S101  `can_join` was asked before
            return self._starter.start(request.nodes[place], bar, request.seeds)

        return dict(zip(wanted, self._pool.map(start, wanted), strict=True))

    def _join_links(
        self, links: Sequence[LinkRequest], starts: Mapping[int, Start], joined: Joined
    ) -> None:
        """Follow the links pair by pair, those first that begin from the fewest regions."""
        left = {frozenset(ends(link)) for link in links}
        bound: Ends = {}
        nodes = joined.found.nodes

        def cost(place: int) -> tuple[bool, int]:
            if place in bound:
                return False, len(bound[place])
            return not starts[place].whole, starts[place].size

        while left:
            pair = min(left, key=lambda pair: (min(map(cost, pair)), sorted(pair)))
            left.remove(pair)
            first, second = sorted(pair, key=lambda place: (cost(place), place))
            own = [link for link in links if frozenset(ends(link)) == pair]
            reached = self._followed(own, (first, second), starts, bound.get(first), joined.found)
            if first in bound or starts[first].whole:
                for place in pair:
                    bound[place] = reached[place] & bound.get(place, reached[place])
            else:
                turned = self._followed(own, (second, first), starts, None, joined.found)
                for place in pair:
                    nodes[place] |= reached[place] | turned[place]
        for place, ids in bound.items():
            nodes[place] |= ids
        joined.whole |= bound.keys()
        self._drop_loose(joined.found)

    def _followed(
        self,
        links: Sequence[LinkRequest],
        pair: tuple[int, int],
        starts: Mapping[int, Start],
        ids: Collection[str] | None,
        found: Found,
    ) -> Ends:
        """Follow all links between two nodes from the first; gives the regions at both ends."""
        first, second = pair
        reached: Ends = {first: set(), second: set()}
        if ids is not None and not ids:
            return reached
        begin, end = starts[first], starts[second]
        kinds = frozenset().union(*(link.kinds for link in links))
        statement = cypher.joined(
            kinds,
            "true" if ids is not None else begin.condition("r", "own"),
            end.condition("o", "other"),
        )
        rows = self._connection.collected(
            statement,
            **begin.beginning(ids),
            **begin.parameters("own"),
            **end.parameters("other"),
            ahead=_types(links, subject=first),
            behind=_types(links, subject=second),
        )
        for row in rows:
            edge, is_ahead = row[:-1], row[-1]
            found.edges[edge[0]] = edge
            reached[first].add(edge[2] if is_ahead else edge[3])
            reached[second].add(edge[3] if is_ahead else edge[2])
        return reached

    def _drop_loose(self, found: Found) -> None:
        """Drop the edges with an end that a later link ruled out."""
        kept = set().union(*found.nodes)
        found.edges = {
            edge_id: edge
            for edge_id, edge in found.edges.items()
            if edge[2] in kept and edge[3] in kept
        }

    def _add_alone(
        self, request: CandidateRequest, alone: Mapping[int, Start], joined: Joined
    ) -> None:
        """Add the regions of nodes without a link: in the images found, or else those that pass."""
        nodes = joined.found.nodes
        for place, start in alone.items():
            if joined.whole - alone.keys():
                anchor = min((nodes[n] for n in joined.whole - alone.keys()), key=len)
                statement = cypher.beside(start.condition("o", "other"))
                parameters = {"ids": sorted(anchor), **start.parameters("other")}
            elif start.whole and len(wanted_nodes(request)) == 1 and start.size <= MOST_ALONE:
                statement = cypher.started(start.condition("r", "own"))
                parameters = {**start.beginning(None), **start.parameters("own")}
            else:
                joined.seeds[place] = self._gatherer.seeds_of(request.nodes[place], request.seeds)
                nodes[place] |= joined.seeds[place].ids
                continue
            nodes[place] |= set(self._connection.collected(statement, **parameters))
            joined.whole.add(place)


def can_join(request: CandidateRequest) -> bool:
    """Whether every node that must be found has a bar."""
    return all(request.nodes[place].bar for place in wanted_nodes(request))


def wanted_nodes(request: CandidateRequest) -> list[int]:
    """The places of the nodes that are not asked for in order to be absent (see `PatternEdge`)."""
    firm = {place for link in request.links if not link.negated for place in ends(link)}
    later = {max(ends(link)) for link in request.links if link.negated}
    return [place for place in range(len(request.nodes)) if place in firm or place not in later]


def ends(link: LinkRequest) -> tuple[int, int]:
    """The places of a link's nodes."""
    return link.subject, link.object


def _types(links: Sequence[LinkRequest], *, subject: int) -> list[str]:
    """Types of the edges that may lead from a node to the other; symmetric ones lead both ways."""
    types = {kind.value for link in links if link.subject == subject for kind in link.kinds}
    types |= {kind.value for link in links for kind in link.kinds if kind.value in SYMMETRIC}
    return sorted(types)
