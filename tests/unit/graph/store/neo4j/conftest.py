"""An empty store, a server that asks for a password, and connections to a running one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tools.neo4j.server import Neo4jServer

from iconograph.graph.store.neo4j.connection import Connection
from iconograph.graph.store.neo4j.store import Neo4jStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSWORD = "correct-horse"


def opened(url: str, *, read_only: bool = False) -> Neo4jStore:
    """A store with the credentials of the environment, as the server of the tests takes them."""
    user, password = credentials()
    return Neo4jStore.open(url, user=user, password=password, read_only=read_only)


def credentials() -> tuple[str, str]:
    return os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")


@pytest.fixture
def store(neo4j_url: str) -> Iterator[Neo4jStore]:
    with opened(neo4j_url) as store:
        store.clear()
        yield store


@pytest.fixture
def connect(neo4j_url: str) -> Iterator[Callable[..., Connection]]:
    """Opens connections that are closed when the test ends."""
    connections: list[Connection] = []

    def connection(*, read_only: bool = False) -> Connection:
        user, password = credentials()
        connections.append(
            Connection.open(neo4j_url, user=user, password=password, read_only=read_only)
        )
        return connections[-1]

    yield connection
    for each in connections:
        each.close()


@pytest.fixture(scope="module")
def guarded_url(neo4j_url: str, neo4j_version: str) -> Iterator[str]:
    """A second server, which asks for a password; not started where the first could not be."""
    del neo4j_url
    if os.environ.get("ICONOGRAPH_TEST_NEO4J"):
        pytest.skip("a running server was given, whose password must not be guessed at")
    with Neo4jServer(version=neo4j_version, password=PASSWORD) as server:
        yield server.bolt_url
