"""Opens a store by its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from iconograph.graph.errors import InputError

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore

FORMS = "sqlite:///relative/or//absolute/path.db, memory:, neo4j://host:7687 or bolt://host:7687"
SQLITE_PREFIX = "sqlite:///"
NEO4J_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})


def open_store(
    url: str, *, user: str = "neo4j", password: str = "", read_only: bool = False
) -> GraphStore:
    """The store at `url`, created when it is not there and `read_only` is false.

    `user` and `password` are for Neo4j and never belong in the URL. Raises `InputError` for a URL
    of no known form, `StoreVersionError` when the store was written by a newer version, and
    `StoreUnavailableError` when it cannot be opened.
    """
    if url == "memory:":
        from iconograph.graph.store.sqlite.store import SqliteStore

        return SqliteStore.in_memory()
    if url.startswith(SQLITE_PREFIX) and len(url) > len(SQLITE_PREFIX):
        from iconograph.graph.store.sqlite.store import SqliteStore

        return SqliteStore.open(url.removeprefix(SQLITE_PREFIX), read_only=read_only)
    parts = urlsplit(url)
    if parts.scheme in NEO4J_SCHEMES and parts.hostname:
        if parts.username or parts.password:
            message = (
                "a store URL must not hold a user name or password; "
                "give them as NEO4J_USER and NEO4J_PASSWORD"
            )
            raise InputError(message)
        from iconograph.graph.store.neo4j.store import Neo4jStore

        return Neo4jStore.open(url, user=user, password=password, read_only=read_only)
    message = f"no store has the URL {url!r}; expected {FORMS}"
    raise InputError(message)
