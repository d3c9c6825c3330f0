"""Constraints and indexes of the graph, and the steps that bring an older one up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import StoreVersionError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.neo4j import statements as cypher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iconograph.graph.store.neo4j.connection import Connection
    from iconograph.graph.store.neo4j.spaces import StoredSpace

Migration = tuple[str, ...]
"""Statements that raise the version by one.

Neo4j does not mix changes of the schema and of the data in one transaction, so each runs on its
own and must be able to run again after it was cut off.
"""

UNIQUE_IDS = tuple(
    f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    for label in cypher.RECORDED
)
UNIQUE_EDGES = tuple(
    f"CREATE CONSTRAINT {kind.value.lower()}_edge_id IF NOT EXISTS "
    f"FOR ()-[e:{kind.value}]-() REQUIRE e.id IS UNIQUE"
    for kind in EdgeKind
)
UNIQUE_SPACES = tuple(
    f"CREATE CONSTRAINT vector_space_{name} IF NOT EXISTS "
    f"FOR (s:VectorSpace) REQUIRE s.{name} IS UNIQUE"
    for name in ("name", "property")
)
# Tokens are lemmas already; an analyzer that only splits at white space keeps them whole.
TEXT_INDEX = f"""
CREATE FULLTEXT INDEX {cypher.TEXT_INDEX} IF NOT EXISTS
FOR (r:Region) ON EACH [r.label_tokens, r.caption_tokens]
OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'whitespace'}}}}"""

VERSION = "MATCH (s:IconographSchema) RETURN s.version"
SET_VERSION = "MERGE (s:IconographSchema) SET s.version = $version, s.name = 'Iconograph schema'"
AWAIT_INDEXES = "CALL db.awaitIndexes(300)"

FIRST_SCHEMA: Migration = (*UNIQUE_IDS, *UNIQUE_EDGES, *UNIQUE_SPACES, TEXT_INDEX)

MIGRATIONS: Sequence[Migration] = (FIRST_SCHEMA,)
"""Step i brings version i to i + 1; version 0 is a graph without ours. Their number is `SCHEMA_VERSION`."""


def version(connection: Connection) -> int:
    """Schema version of the graph, 0 when there is none of ours."""
    found = connection.rows(VERSION)
    return int(found[0][0]) if found else 0


def migrate(connection: Connection, *, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the graph to the newest version; it may be there already.

    Raises `StoreVersionError` when it is newer, or older and must not be written.
    """
    found, newest = version(connection), len(migrations)
    if found == newest:
        return
    if found > newest or connection.read_only:
        what = (
            f"the store {connection.url} has schema version {found}, this software reads {newest}"
        )
        advice = (
            "update iconograph"
            if found > newest
            else "open it once for writing to bring it up to date"
        )
        message = f"{what}; {advice}"
        raise StoreVersionError(message)
    for place, statements in enumerate(migrations[found:], start=found + 1):
        for statement in statements:
            connection.change(statement)
        connection.change(AWAIT_INDEXES)
        connection.change(SET_VERSION, version=place)


def create_vector_index(connection: Connection, place: StoredSpace) -> None:
    """Create the index of a space and wait until it answers; it may be there already."""
    statement = (
        f"CREATE VECTOR INDEX {place.index} IF NOT EXISTS "
        f"FOR (r:Region) ON r.{place.property} OPTIONS {{indexConfig: $options}}"
    )
    options = {**connection.server.vector_options, "vector.dimensions": place.space.dim}
    connection.change(statement, options=options)
    connection.change(AWAIT_INDEXES)
