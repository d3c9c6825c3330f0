"""Errors of the server and of the network, in our terms."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import InputError, StoreUnavailableError, StoreWriteError
from iconograph.graph.store.neo4j.connection import split_route
from iconograph.graph.store.neo4j.store import Neo4jStore
from tests.builders import eden_bundle
from tests.unit.graph.store.neo4j.conftest import PASSWORD, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from iconograph.graph.store.neo4j.connection import Connection


@pytest.mark.parametrize(
    ("url", "address", "route"),
    [
        pytest.param("bolt://host:1", "bolt://host:1", "index", id="plain"),
        pytest.param("bolt://host?route=exact", "bolt://host", "exact", id="exact"),
        pytest.param("neo4j+s://host?route=index", "neo4j+s://host", "index", id="index"),
    ],
)
def test_the_route_of_a_url(url: str, address: str, route: str) -> None:
    assert split_route(url) == (address, route)


@pytest.mark.parametrize("query", ["route=fast", "route=", "policy=eu", "route=exact&x=1"])
def test_any_other_parameter_is_refused(query: str) -> None:
    with pytest.raises(InputError, match=r"only the parameter route, one of index, exact"):
        split_route(f"bolt://host?{query}")


def test_another_scheme_is_refused() -> None:
    with pytest.raises(StoreUnavailableError, match=r"bolt:// or neo4j://, got http://"):
        Neo4jStore.open("http://localhost:7474")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_is_not_there(scheme: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(StoreUnavailableError, match=rf"no Neo4j answers at {url}.*start"):
            Neo4jStore.open(url, password="secret-word")


@pytest.mark.neo4j
def test_a_wrong_password_is_refused_without_being_repeated(guarded_url: str) -> None:
    with pytest.raises(StoreUnavailableError, match=r"NEO4J_USER and NEO4J_PASSWORD") as caught:
        Neo4jStore.open(guarded_url, user="neo4j", password="secret-word")

    assert "secret-word" not in str(caught.value)


@pytest.mark.neo4j
def test_the_right_password_opens(guarded_url: str) -> None:
    with Neo4jStore.open(guarded_url, user="neo4j", password=PASSWORD) as store:
        assert store.works(limit=1) == []


@pytest.mark.neo4j
def test_a_read_only_store_does_not_write(store: Neo4jStore, neo4j_url: str) -> None:
    bundle = eden_bundle()
    store.write(bundle)

    with opened(neo4j_url, read_only=True) as reader:
        assert reader.bundle(bundle.image.id) is not None
        with pytest.raises(StoreWriteError, match="read-only"):
            reader.write(bundle)
        with pytest.raises(StoreWriteError, match="read-only"):
            reader.clear()


@pytest.mark.neo4j
def test_a_statement_that_fails_says_which_store(connect: Callable[..., Connection]) -> None:
    connection = connect()

    with pytest.raises(StoreUnavailableError, match=connection.url):
        connection.rows("RETURN 1 / 0")
    with pytest.raises(StoreWriteError, match=connection.url):
        connection.change("CREATE (n) RETURN 1 / 0")
