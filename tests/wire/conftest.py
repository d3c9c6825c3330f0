"""A real server on a free port, and a client that talks to it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from iconograph.gql.search_tools import SearchTools
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.store.port import GraphStore
from iconograph.graph.store.sqlite.store import SqliteStore
from iconograph.service.app import build_app
from iconograph.service.server import address_of, listening, server_config
from iconograph.service.settings import Settings
from tests.builders import eden_bundle
from tests.wire.stores import BrokenStore

NAMES = ("eden", "garden", "paradise", "Sündenfall", "堕落", "fall", "temptation")


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks GraphQL to a server, as any HTTP client would."""

    http: httpx.Client

    def post(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole JSON of an answer."""
        answer = self.http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.headers["content-type"] == "application/json"
        decoded: dict[str, Any] = answer.json()
        return decoded

    def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """What was asked for; fails on any error."""
        answer = self.post(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def error(self, query: str, **variables: Any) -> dict[str, Any]:
        """The one error of an answer."""
        (error,) = self.post(query, **variables)["errors"]
        decoded: dict[str, Any] = error
        return decoded


@contextlib.contextmanager
def served(store: GraphStore, **fields: Any) -> Iterator[Client]:
    """A client of a server that answers from `store`, which is closed with it."""
    settings = Settings(store_url="memory:", **{"port": 0, **fields})
    tools = SearchTools(lexicon=load_lexicon(), lacks=("Iconclass is not searched: how to",))
    app = build_app(settings, open_store=lambda *_, **__: store, tools=tools)
    with listening(settings.host, settings.port) as listener:
        server = uvicorn.Server(server_config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(base_url=address_of(listener), trust_env=False, timeout=20) as http:
                yield Client(http)
        finally:
            server.should_exit = True
            thread.join(timeout=20)
    assert not thread.is_alive()


def filled_store() -> SqliteStore:
    """A store in memory with a few works."""
    store = SqliteStore.in_memory()
    for name in NAMES:
        store.write(eden_bundle(name))
    return store


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("ICONOGRAPH_", "NEO4J_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    with served(filled_store()) as client:
        yield client


@pytest.fixture(scope="session")
def broken() -> Iterator[Client]:
    with served(BrokenStore.in_memory()) as client:
        yield client
