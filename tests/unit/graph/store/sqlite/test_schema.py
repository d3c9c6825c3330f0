"""Versions of the file: made new, brought up to date, or refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import StoreVersionError
from iconograph.graph.store.port import SCHEMA_VERSION
from iconograph.graph.store.sqlite.schema import MIGRATIONS, migrate, version
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import eden_bundle

if TYPE_CHECKING:
    from pathlib import Path

NEXT = (*MIGRATIONS, ("ALTER TABLE work ADD COLUMN wing TEXT NOT NULL DEFAULT 'east'",))
BROKEN = (*MIGRATIONS, ("CREATE TABLE wing (name TEXT)", "CREATE TABLE work (key TEXT)"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of the present version with one image in it."""
    path = tmp_path / "store.db"
    with SqliteStore.open(str(path)) as store:
        store.write(eden_bundle())
    return path


def opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, isolation_level=None))


def test_the_migrations_lead_to_the_schema_version() -> None:
    assert len(MIGRATIONS) == SCHEMA_VERSION


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()

    with SqliteStore.open(str(path)) as store:
        assert store.info().schema_version == SCHEMA_VERSION


def test_opening_again_changes_nothing(path: Path) -> None:
    def schema() -> list[tuple[str, str]]:
        with opened(path) as connection:
            return connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()

    before = schema()
    SqliteStore.open(str(path)).close()

    assert schema() == before


def test_an_older_file_is_migrated_and_keeps_what_it_holds(path: Path) -> None:
    with opened(path) as connection:
        migrate(connection, read_only=False, migrations=NEXT)

        assert version(connection) == len(NEXT)
        assert connection.execute("SELECT id, wing FROM work").fetchall() == [
            (eden_bundle().work.id, "east")
        ]


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    with opened(path) as connection:
        with pytest.raises(sqlite3.OperationalError, match="work already exists"):
            migrate(connection, read_only=False, migrations=BROKEN)
        connection.rollback()

        assert version(connection) == len(MIGRATIONS)
    with SqliteStore.open(str(path)) as store:
        assert store.info().counts["image"] == 1


def test_an_older_file_is_not_migrated_by_a_reader(path: Path) -> None:
    with (
        opened(path) as connection,
        pytest.raises(StoreVersionError, match=r"version 1.*version 2; open it once for writing"),
    ):
        migrate(connection, read_only=True, migrations=NEXT)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_file_is_refused(path: Path, *, read_only: bool) -> None:
    with opened(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")

    with pytest.raises(StoreVersionError, match=r"store\.db.*version 2.*version 1; update"):
        SqliteStore.open(str(path), read_only=read_only)
