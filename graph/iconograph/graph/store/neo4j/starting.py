"""Where the search for one node of a pattern may begin, and which regions pass for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.seeding import NO_COSINE, Seeds, any_token

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from iconograph.graph.model.ids import ConceptId
    from iconograph.graph.store.candidates import Bar, NodeRequest
    from iconograph.graph.store.neo4j.connection import Connection
    from iconograph.graph.store.neo4j.spaces import StoredSpace
    from iconograph.graph.store.neo4j.vectors import Nearest
    from iconograph.graph.store.neo4j.vocabulary import Judged, Vocabulary

MOST_STARTS = 20_000
"""Regions that a search begins from, at the most; a node that more could stand for is truncated."""
TOLERANCE = 1e-4
"""How far two ways to compute one cosine may lie apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """The regions that may stand for a node: by full text, by vector and by concept.

    `size` is how many they are at the most. `seeds` are those near by vector, with what lies
    beyond.
    """

    node: NodeRequest
    bar: Bar
    judged: Judged
    queries: tuple[str, ...]
    concepts: frozenset[ConceptId]
    size: int
    seeds: Seeds
    places: Mapping[str, StoredSpace]

    @property
    def whole(self) -> bool:
        """Whether every region that passes the bar is among them."""
        return not (self.bar.kinds or self.seeds.saw_part)

    def condition(self, region: str, role: str) -> str:
        """The condition in Cypher that a region passes; its parameters have the role before them."""
        probed = [self.places[space].property for space in self.node.vectors]
        speechless = self.judged.silent_count > 0
        return cypher.passes(region, role, probed, speechless=speechless)

    def parameters(self, role: str) -> dict[str, object]:
        """The parameters of `condition`."""
        named: dict[str, object] = {
            "kinds": sorted(kind.value for kind in self.bar.kinds),
            "levels": sorted(level.value for level in self.node.levels),
            "shown": sorted(self.judged.shown),
        }
        if self.judged.silent_count:
            named |= {
                "silent": sorted(self.judged.silent),
                "tokens": sorted(self.node.tokens),
                "concepts": sorted(self.node.concepts),
            }
            for place, (space, vector) in enumerate(self.node.vectors.items()):
                named[f"probe_{place}"] = vector.tolist()
                named[f"floor_{place}"] = self.bar.floors[space] - TOLERANCE
        return {f"{role}_{name}": value for name, value in named.items()}

    def beginning(self, ids: Collection[str] | None) -> dict[str, object]:
        """The parameters of where a statement begins: at these regions, or at all that may stand."""
        return {
            "queries": [] if ids is not None else list(self.queries),
            "concepts": [] if ids is not None else sorted(self.concepts),
            "ids": sorted(self.seeds.ids if ids is None else ids),
            "most": MOST_STARTS,
        }


class Starter:
    """Finds the starts of one request."""

    def __init__(
        self,
        connection: Connection,
        *,
        nearest: Nearest,
        places: Mapping[str, StoredSpace],
        vocabulary: Vocabulary,
    ) -> None:
        self._connection = connection
        self._nearest = nearest
        self._places = places
        self._vocabulary = vocabulary

    def start(self, node: NodeRequest, bar: Bar, k: int) -> Start:
        """Where a node begins; captions, concepts and the `k` nearest vectors only where they count."""
        judged = self._vocabulary.judged(bar)
        queries = tuple(any_token(judged.tokens, "label_tokens"))
        size, seeds = judged.bearers, Seeds(ids=frozenset())
        concepts: frozenset[ConceptId] = frozenset()
        if judged.silent_count:
            captions = tuple(any_token(node.tokens, "caption_tokens"))
            concepts = node.concepts
            seeds = self._near(node, bar, k)
            size += len(seeds.ids) + self._counted(captions, concepts)
            queries += captions
        return Start(
            node=node,
            bar=bar,
            judged=judged,
            queries=queries,
            concepts=concepts,
            size=size,
            seeds=seeds.truncated() if size > MOST_STARTS else seeds,
            places=self._places,
        )

    def _near(self, node: NodeRequest, bar: Bar, k: int) -> Seeds:
        """The nearest regions in each space that reach its floor."""
        ids: set[str] = set()
        unseen: dict[str, float] = {}
        for space, vector in node.vectors.items():
            floor = bar.floors[space] - TOLERANCE
            if floor > 1.0:
                continue
            near = self._nearest(self._places[space], vector, k)
            ids.update(region for region, cosine in near if cosine >= floor)
            is_cut = len(near) >= k and near[-1][1] >= floor
            unseen[space] = near[-1][1] if is_cut else NO_COSINE
        return Seeds(ids=frozenset(ids), unseen_cosine=unseen)

    def _counted(self, queries: Collection[str], concepts: Collection[ConceptId]) -> int:
        """How many regions captions and concepts bring, counted no further than is of use."""
        most, count = MOST_STARTS + 1, 0
        if queries:
            statement = cypher.COUNT_WITH_TOKENS
            count += self._connection.rows(statement, queries=list(queries), most=most)[0][0]
        if concepts:
            statement = cypher.COUNT_WITH_CONCEPTS
            count += self._connection.rows(statement, concepts=sorted(concepts), most=most)[0][0]
        return count
