"""Versions of the schema: created, kept, refused, brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import StoreVersionError
from iconograph.graph.store.neo4j.schema import MIGRATIONS, migrate, version
from iconograph.graph.store.port import SCHEMA_VERSION
from tests.unit.graph.store.neo4j.conftest import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iconograph.graph.store.neo4j.connection import Connection

pytestmark = pytest.mark.neo4j
NEXT = ("CREATE INDEX region_by_kind IF NOT EXISTS FOR (r:Region) ON (r.kind)",)


@pytest.fixture
def connection(connect: Callable[..., Connection]) -> Iterator[Connection]:
    """A store of the newest version; a test may change that."""
    connection = connect()
    migrate(connection)
    yield connection
    connection.change("DROP INDEX region_by_kind IF EXISTS")
    connection.change("MATCH (s:IconographSchema) SET s.version = $v", v=SCHEMA_VERSION)


def indexes(connection: Connection) -> set[str]:
    return {name for (name,) in connection.rows("SHOW INDEXES YIELD name RETURN name")}


def test_the_steps_lead_to_the_version_of_all_stores() -> None:
    assert len(MIGRATIONS) == SCHEMA_VERSION


def test_an_empty_database_gets_the_schema(connection: Connection) -> None:
    connection.change("MATCH (s:IconographSchema) DELETE s")
    assert version(connection) == 0

    migrate(connection)

    assert version(connection) == SCHEMA_VERSION
    assert {"region_id", "holds_edge_id", "region_text"} <= indexes(connection)


def test_the_same_step_again_changes_nothing(connection: Connection) -> None:
    before = indexes(connection)
    connection.change("MATCH (s:IconographSchema) DELETE s")

    migrate(connection)

    assert indexes(connection) == before


def test_an_older_store_is_brought_up_to_date(connection: Connection) -> None:
    migrate(connection, migrations=(*MIGRATIONS, NEXT))

    assert version(connection) == SCHEMA_VERSION + 1
    assert "region_by_kind" in indexes(connection)


def test_an_older_store_that_must_not_be_written_is_refused(
    connection: Connection, connect: Callable[..., Connection]
) -> None:
    del connection
    reader = connect(read_only=True)

    with pytest.raises(StoreVersionError, match="open it once for writing"):
        migrate(reader, migrations=(*MIGRATIONS, NEXT))


def test_a_newer_store_is_refused(connection: Connection, neo4j_url: str) -> None:
    connection.change("MATCH (s:IconographSchema) SET s.version = 99")

    with pytest.raises(StoreVersionError, match=r"version 99.*update iconograph"):
        opened(neo4j_url)
