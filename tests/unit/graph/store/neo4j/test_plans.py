"""Searches must use the indexes; a plan without them is right and a hundred times slower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import neo4j
import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.neo4j import search_statements as cypher
from iconograph.graph.store.neo4j.server import ServerVersion
from iconograph.graph.store.neo4j.spaces import StoredSpace
from tests.builders import CLIP_SPACE, eden_bundle
from tests.unit.graph.store.neo4j.conftest import credentials

if TYPE_CHECKING:
    from iconograph.graph.store.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j


def operators(plan: dict[str, Any]) -> list[str]:
    """Every operator of a plan with its details."""
    told = f"{plan['operatorType']} {plan['args'].get('Details', '')}"
    return [told, *(name for child in plan.get("children", ()) for name in operators(child))]


def profile(url: str, statement: str, **parameters: object) -> str:
    language, _, rest = statement.strip().partition(" 25 ")
    profiled = f"CYPHER 25 PROFILE {rest}" if language == "CYPHER" else f"PROFILE {statement}"
    with neo4j.GraphDatabase.driver(url, auth=credentials()) as driver:
        plan = driver.execute_query(profiled, parameters).summary.profile
    assert plan is not None
    return "\n".join(operators(plan))


def test_the_nearest_regions_come_from_the_vector_index(store: Neo4jStore, neo4j_url: str) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    index = StoredSpace.of(CLIP_SPACE).index
    server = ServerVersion.parse(store.info().engine.removeprefix("Neo4j "))
    statement = cypher.nearest(index, search_clause=server.has_search_clause)
    vector = bundle.vectors[0].matrix[0].tolist()

    plan = profile(neo4j_url, statement, index=index, k=3, vector=vector)

    assert "NodeVectorIndexSearch" in plan or "db.index.vector.queryNodes" in plan
    assert "NodeByLabelScan" not in plan


@pytest.mark.parametrize("outgoing", [True, False])
def test_edges_are_followed_from_regions_found_by_id(
    store: Neo4jStore, neo4j_url: str, *, outgoing: bool
) -> None:
    store.write(eden_bundle())
    statement = cypher.edges_from([EdgeKind.HOLDS], outgoing=outgoing)

    plan = profile(neo4j_url, statement, ids=["r1"], symmetric=[])

    assert "NodeUniqueIndexSeek" in plan
    assert "AllRelationships" not in plan
    assert "RelationshipTypeScan" not in plan


def test_regions_are_described_by_id(store: Neo4jStore, neo4j_url: str) -> None:
    store.write(eden_bundle())

    plan = profile(neo4j_url, cypher.describe([]), ids=["r1"], tokens=[])

    assert "NodeUniqueIndexSeek" in plan


def test_a_join_begins_at_the_full_text_and_follows_edges(
    store: Neo4jStore, neo4j_url: str
) -> None:
    bundle = eden_bundle()
    store.write(bundle)
    probed = [StoredSpace.of(CLIP_SPACE).property]
    own = cypher.passes("r", "own", probed, speechless=True)
    other = cypher.passes("o", "other", [], speechless=False)
    names = ("kinds", "levels", "shown", "silent", "tokens", "concepts")
    vector = bundle.vectors[0].matrix[0].tolist()

    plan = profile(
        neo4j_url,
        cypher.joined([EdgeKind.HOLDS], own, other),
        **{f"{role}_{name}": [] for role in ("own", "other") for name in names},
        own_probe_0=vector,
        own_floor_0=0.5,
        **{name: [] for name in ("queries", "ids", "concepts", "ahead", "behind")},
        most=10,
    )

    assert "db.index.fulltext.queryNodes" in plan
    assert "NodeUniqueIndexSeek" in plan
    assert "Expand(All)" in plan
    assert "RelationshipTypeScan" not in plan
    assert "NodeByLabelScan" not in plan
