"""Tables of the embedded store, and the steps that bring an older file up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import StoreUnavailableError, StoreVersionError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

APPLICATION_ID = 0x49636F6E
"""`Icon` in ASCII, kept in the header of every file of ours."""

Migration = tuple[str, ...]
"""Statements that raise the version by one."""

FIRST_TABLES: Migration = (
    """CREATE TABLE work (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE image (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        work INTEGER NOT NULL REFERENCES work(key), record TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX image_of_work ON image(work)",
    "CREATE TABLE run (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT",
    "CREATE TABLE concept (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT",
    """CREATE TABLE region (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        image INTEGER NOT NULL REFERENCES image(key) ON DELETE CASCADE,
        level TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX region_of_image ON region(image, id)",
    "CREATE INDEX region_columns ON region(id, image, level, kind)",
    """CREATE TABLE axis (
        id TEXT PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image(key) ON DELETE CASCADE, record TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX axis_of_image ON axis(image)",
    """CREATE TABLE edge (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL,
        subject INTEGER NOT NULL REFERENCES region(key) ON DELETE CASCADE,
        object INTEGER NOT NULL REFERENCES region(key) ON DELETE CASCADE,
        confidence REAL NOT NULL, rejected INTEGER NOT NULL, record TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX edge_of_subject ON edge(subject)",
    "CREATE INDEX edge_of_object ON edge(object)",
    "CREATE INDEX edge_columns ON edge(kind, id, subject, object, confidence) WHERE NOT rejected",
    "CREATE TABLE label_text (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT",
    """CREATE TABLE label (
        region INTEGER NOT NULL REFERENCES region(key) ON DELETE CASCADE,
        text INTEGER NOT NULL REFERENCES label_text(key),
        confidence REAL NOT NULL, PRIMARY KEY (region, text)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE region_concept (
        concept TEXT NOT NULL,
        region INTEGER NOT NULL REFERENCES region(key) ON DELETE CASCADE,
        PRIMARY KEY (concept, region)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX concept_of_region ON region_concept(region)",
    """CREATE TABLE work_concept (
        concept TEXT NOT NULL,
        work INTEGER NOT NULL REFERENCES work(key) ON DELETE CASCADE,
        PRIMARY KEY (concept, work)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX concept_of_work ON work_concept(work)",
    """CREATE TABLE space (
        name TEXT PRIMARY KEY, dim INTEGER NOT NULL,
        weights_sha256 TEXT NOT NULL, modality TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE vectors (
        space TEXT NOT NULL REFERENCES space(name),
        image INTEGER NOT NULL REFERENCES image(key) ON DELETE CASCADE,
        regions BLOB NOT NULL, matrix BLOB NOT NULL, PRIMARY KEY (space, image)
    ) STRICT""",
    "CREATE INDEX vectors_of_image ON vectors(image)",
    # Captions come as lemmas that were split before: the tokenizer only has to keep them whole.
    """CREATE VIRTUAL TABLE caption USING fts5(
        tokens, columnsize=0,
        tokenize="unicode61 remove_diacritics 0 tokenchars '''\u2019'"
    )""",
    """CREATE TRIGGER region_loses_caption AFTER DELETE ON region
    BEGIN DELETE FROM caption WHERE rowid = old.key; END""",
    f"PRAGMA application_id = {APPLICATION_ID}",
)
"""`record` holds a value as JSON (see `model.record`); other columns repeat what queries need.

A row of `vectors` holds one image's vectors in one space: `regions` the keys (int64), `matrix` the
vectors (float32, a row for each key), both little-endian.
"""

MIGRATIONS: Sequence[Migration] = (FIRST_TABLES,)
"""Step i brings version i to i + 1; version 0 is an empty file. Their number is `SCHEMA_VERSION`."""


def require_ours(connection: sqlite3.Connection) -> None:
    """Raise `StoreUnavailableError` when the open file is a database of something else."""
    is_ours = _pragma(connection, "application_id") == APPLICATION_ID
    if not is_ours and _pragma(connection, "schema_version"):
        message = (
            "the file is a SQLite database, but not an Iconograph store; "
            "give the path of a store or of a new file"
        )
        raise StoreUnavailableError(message)


def version(connection: sqlite3.Connection) -> int:
    """Schema version of an open file, 0 when it is empty."""
    return _pragma(connection, "user_version")


def migrate(
    connection: sqlite3.Connection, *, read_only: bool, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the open file to the newest version in one transaction; it may be there already.

    Raises `StoreVersionError` when it is newer, or older and must not be written.
    """
    if version(connection) == len(migrations):
        return
    if not read_only:
        # Another process may be creating the same store: only the holder of the lock looks and acts.
        connection.execute("BEGIN IMMEDIATE")
    found = version(connection)
    if found > len(migrations) or read_only:
        message = _misfit(found, len(migrations))
        raise StoreVersionError(message)
    for statements in migrations[found:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(migrations)}")
    connection.execute("COMMIT")


def _misfit(found: int, expected: int) -> str:
    what = f"the store has schema version {found}, this software reads version {expected}"
    if found > expected:
        return f"{what}; update iconograph"
    return f"{what}; open it once for writing to bring it up to date"


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
