"""One SQLite connection that several threads share, and its errors in our terms."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import StoreUnavailableError, StoreVersionError, StoreWriteError
from iconograph.graph.store.sqlite.schema import migrate, require_ours

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = "memory:"
LOCK_WAIT_S = 5.0
"""How long a write waits for another process to finish its own."""

CACHE_KIB = 16 * 1024
"""Memory for pages; ids are digests, so writes touch pages all over the indexes."""

CHECKPOINT_PAGES = 10_000
"""Pages (of 4 KiB) that gather in the write-ahead log before they are moved into the file."""

ADVICE = {
    "SQLITE_BUSY": "another process is writing to it; try again when that has finished",
    "SQLITE_CANTOPEN": "it cannot be opened; check the path and the rights on its folder",
    "SQLITE_CORRUPT": "the file is damaged; restore a copy of it",
    "SQLITE_FULL": "the disk is full; free some space and write again",
    "SQLITE_IOERR": "the disk failed to read or write it; check the disk",
    "SQLITE_NOTADB": "the file is not an Iconograph store; give the path of a store or a new file",
    "SQLITE_READONLY": "it is read-only; open it for writing and check the rights on the file",
}
"""What is wrong and what to do, by SQLite's primary result code."""


class Connection:
    """A connection behind a lock: any thread may use it, one at a time."""

    def __init__(self, raw: sqlite3.Connection, *, url: str) -> None:
        self.url = url
        self._raw = raw
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the store."""
        with (
            self._lock,
            _translated(self.url, StoreUnavailableError),
            _transaction(self._raw, "BEGIN"),
        ):
            yield self._raw

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: kept as a whole when the block ends, undone when it raises."""
        with (
            self._lock,
            _translated(self.url, StoreWriteError),
            _transaction(self._raw, "BEGIN IMMEDIATE"),
        ):
            yield self._raw

    def close(self) -> None:
        """Close; a second time does nothing."""
        with self._lock:
            self._raw.close()


def connect(path: str, *, read_only: bool = False, wait_s: float = LOCK_WAIT_S) -> Connection:
    """Open the store at `path` (or `memory:`), creating or migrating it unless `read_only`.

    Raises `StoreUnavailableError` when it cannot be opened and `StoreVersionError` when it is too
    new, or too old to be read without a migration.
    """
    url = path if path == IN_MEMORY else f"sqlite:///{path}"
    with _translated(url, StoreUnavailableError):
        address = _address(Path(path), read_only=read_only) if path != IN_MEMORY else ":memory:"
        raw = sqlite3.connect(
            address,
            uri=True,
            timeout=wait_s,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(raw, read_only=read_only)
        except BaseException:
            raw.close()
            raise
    return Connection(raw, url=url)


def _prepare(raw: sqlite3.Connection, *, read_only: bool) -> None:
    # First of all, because turning on WAL would change a database that is not ours.
    require_ours(raw)
    if not read_only:
        raw.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL loses no transaction to a killed process and never damages the file.
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    raw.execute("PRAGMA foreign_keys = ON")
    migrate(raw, read_only=read_only)


def _address(path: Path, *, read_only: bool) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        message = f"there is no folder {folder}; create it or give another path"
        raise StoreUnavailableError(message)
    if read_only and not path.exists():
        message = "there is no such file; ingest something into it first or give another path"
        raise StoreUnavailableError(message)
    if path.is_dir():
        message = "it is a folder; give the path of a file in it"
        raise StoreUnavailableError(message)
    mode = "ro" if read_only else "rwc"
    frozen = "&immutable=1" if read_only and _is_frozen(path, folder) else ""
    return f"{path.absolute().as_uri()}?mode={mode}{frozen}"


def _is_frozen(path: Path, folder: Path) -> bool:
    """Whether the file can be read without the log and shared memory that lie beside a live one."""
    return not os.access(folder, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()


@contextmanager
def _transaction(raw: sqlite3.Connection, begin: str) -> Iterator[None]:
    raw.execute(begin)
    try:
        yield
        raw.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled it back already.
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise


@contextmanager
def _translated(url: str, kind: type[StoreUnavailableError | StoreWriteError]) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "")
        advice = next(
            (words for name, words in ADVICE.items() if code.startswith(name)), str(error)
        )
        message = f"the store {url} could not be used: {advice}"
        raise kind(message) from error
    except UnicodeEncodeError as error:
        message = (
            f"the store {url} holds texts that can be written as UTF-8, "
            f"got {error.object[error.start : error.end]!r}; take that character out"
        )
        raise kind(message) from error
    except (StoreUnavailableError, StoreVersionError) as error:
        if url in str(error):
            raise
        message = f"the store {url} could not be opened: {error}"
        raise type(error)(message) from error
