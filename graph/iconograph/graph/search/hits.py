"""What a ranking found, fetched from the store, with its why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.ids import EdgeId, ImageId, RegionId, WorkId
from iconograph.graph.search.answer import Hit
from iconograph.graph.search.explain import Explainer
from iconograph.graph.search.pairs import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.region import Region
    from iconograph.graph.search.answer import Match
    from iconograph.graph.search.match import Matcher
    from iconograph.graph.search.rank import Found
    from iconograph.graph.search.ranking import Ranking
    from iconograph.graph.store.port import GraphStore


def hits_of(ranking: Ranking, store: GraphStore, matcher: Matcher) -> list[Hit]:
    """The hits of a ranking; everything is fetched in one request for each kind of record."""
    candidates = ranking.join.candidates
    rows = {found: _rows(ranking, found) for found in ranking.found}
    edge_ids = {found: list(_edge_ids(ranking, found)) for found in ranking.found}
    wanted = {candidates.region_ids[row] for own in rows.values() for _, row in own}
    regions = store.regions_by_id([RegionId(i) for i in sorted(wanted)])
    edges = store.edges_by_id([i for ids in edge_ids.values() for i in ids])
    works = store.works_by_id([WorkId(candidates.work_ids[f.work]) for f in ranking.found])
    images = store.images_by_id([ImageId(candidates.image_ids[f.image]) for f in ranking.found])
    explainer = Explainer(matcher=matcher, candidates=candidates)
    return [
        Hit(
            work=works[WorkId(candidates.work_ids[found.work])],
            image=images[ImageId(candidates.image_ids[found.image])],
            score=found.score,
            matches=tuple(_matches(ranking, explainer, rows[found], regions)),
            edges=tuple(_known(edges, edge_ids[found])),
        )
        for found in ranking.found
    ]


def _rows(ranking: Ranking, found: Found) -> list[tuple[int, int]]:
    """Place of the node and row of the region for each match, optional nodes included."""
    chosen: dict[tuple[int, int], None] = {}
    for number, node in enumerate(ranking.plan.pattern.nodes):
        if node.role in ranking.assignments.rows:
            rows = ranking.assignments.rows[node.role]
            chosen.update(dict.fromkeys((number, int(rows[place])) for place in found.places))
        elif node.optional:
            chosen.update(dict.fromkeys(_optional(ranking, found, number)))
    return list(chosen)


def _optional(ranking: Ranking, found: Found, number: int) -> Iterator[tuple[int, int]]:
    """The likeliest region of the image for an optional node, where there is one."""
    join = ranking.join
    column = join.probability[ranking.plan.pattern.nodes[number].role]
    own = (join.candidates.image_of == found.image).nonzero()[0]
    best = own[column[own].argmax()]
    if column[best] > 0:
        yield number, int(best)


def _edge_ids(ranking: Ranking, found: Found) -> Iterator[EdgeId]:
    edges = ranking.join.candidates.edges
    seen: set[str] = set()
    for number in sorted(ranking.assignments.edges):
        pairs = ranking.join.pairs[number]
        for place in found.places:
            pair = int(ranking.assignments.edges[number][place])
            for kinds, places in ((pairs.kind, pairs.place), (pairs.back_kind, pairs.back_place)):
                if kinds[pair] >= 0:
                    key = edges[KINDS[kinds[pair]]].ids[places[pair]]
                    if key not in seen:
                        seen.add(key)
                        yield EdgeId(key)


def _matches(
    ranking: Ranking,
    explainer: Explainer,
    rows: list[tuple[int, int]],
    regions: Mapping[RegionId, Region],
) -> Iterator[Match]:
    join = ranking.join
    for number, row in rows:
        sought = ranking.plan.sought[number]
        yield explainer.match(
            sought,
            number,
            row,
            regions[RegionId(join.candidates.region_ids[row])],
            float(join.probability[sought.node.role][row]),
        )


def _known(edges: Mapping[EdgeId, Edge], ids: list[EdgeId]) -> Iterator[Edge]:
    return (edges[i] for i in ids)
