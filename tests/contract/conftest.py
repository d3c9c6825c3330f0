"""One empty store of each kind for the tests of the contract."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iconograph.graph.store.port import GraphStore


@pytest.fixture(
    params=["sqlite", "memory", pytest.param("neo4j", marks=pytest.mark.neo4j)],
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    if request.param == "neo4j":
        with emptied_neo4j(request.getfixturevalue("neo4j_url")) as opened:
            yield opened
        return
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'store.db'}"
    with open_store(url) as opened:
        yield opened


def emptied_neo4j(url: str) -> GraphStore:
    from iconograph.graph.store.neo4j.store import Neo4jStore

    opened = Neo4jStore.open(
        url,
        user=os.environ.get("NEO4J_USER", "neo4j"),
        password=os.environ.get("NEO4J_PASSWORD", ""),
    )
    opened.clear()
    return opened
