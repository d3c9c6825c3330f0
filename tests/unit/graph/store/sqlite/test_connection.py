"""What goes wrong with a file, and what the store says about it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import StoreUnavailableError, StoreWriteError
from iconograph.graph.store.candidates import CandidateRequest, NodeRequest
from iconograph.graph.store.sqlite.connection import connect
from iconograph.graph.store.sqlite.store import SqliteStore
from iconograph.graph.store.transfer import bundle_differences
from tests.builders import eden_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.graph.store.sqlite.connection import Connection

KILLED_WHILE_WRITING = """
import os, signal, sys
from iconograph.graph.store.sqlite.connection import connect
from iconograph.graph.store.sqlite.write import write_bundle
from tests.builders import eden_bundle

with connect(sys.argv[1]).writing() as connection:
    write_bundle(connection, eden_bundle("ark"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"no folder .*nowhere; create it"):
        SqliteStore.open(str(tmp_path / "nowhere" / "store.db"))


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="it is a folder"):
        SqliteStore.open(str(tmp_path))


def test_a_missing_file_is_not_created_for_reading(path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="no such file; ingest something"):
        SqliteStore.open(str(path), read_only=True)

    assert not path.exists()


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_text("file,label\n" * 200)

    with pytest.raises(StoreUnavailableError, match="not an Iconograph store"):
        SqliteStore.open(str(path))

    assert path.read_text() == "file,label\n" * 200


def test_a_database_of_something_else_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE note (text)")
    before = path.read_bytes()

    with pytest.raises(StoreUnavailableError, match="not an Iconograph store"):
        SqliteStore.open(str(path))

    assert path.read_bytes() == before


def test_a_damaged_file_is_reported(path: Path) -> None:
    with SqliteStore.open(str(path)) as store:
        store.write(eden_bundle())
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with (
        pytest.raises(StoreUnavailableError, match=r"store\.db.*(damaged|malformed)"),
        SqliteStore.open(str(path)) as store,
    ):
        store.info()


def test_nothing_is_written_through_a_reader(path: Path) -> None:
    with SqliteStore.open(str(path)) as store:
        store.write(eden_bundle())

    with SqliteStore.open(str(path), read_only=True) as reader:
        with pytest.raises(StoreWriteError, match="read-only; open it for writing"):
            reader.write(eden_bundle("ark"))
        assert reader.info().counts["image"] == 1


def test_a_store_in_a_read_only_folder_can_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore.open(str(path)).close()
    path.chmod(0o444)
    # Root, who runs tests in containers, may write everywhere, so the folder only seems read-only.
    monkeypatch.setattr(os, "access", lambda *_: False)

    with SqliteStore.open(str(path), read_only=True) as store:
        assert store.info().counts["image"] == 0
        assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_full_disk_leaves_what_was_stored(path: Path) -> None:
    connection = connect(str(path))
    store = SqliteStore(connection)
    store.write(eden_bundle())
    with connection.reading() as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreWriteError, match="disk is full"):
        flood(store)

    found = store.bundle(eden_bundle().image.id)
    assert found is not None
    assert store.info().counts["region"] == 4 * store.info().counts["image"]
    store.close()


def flood(store: SqliteStore) -> None:
    for number in range(100):
        store.write(eden_bundle(f"flood {number}"))


def test_another_writer_is_waited_for_and_then_named(path: Path) -> None:
    first, second = connect(str(path)), SqliteStore(connect(str(path), wait_s=0.05))

    with first.writing(), pytest.raises(StoreWriteError, match="another process is writing"):
        second.write(eden_bundle())

    second.write(eden_bundle())
    first.close()
    second.close()


def test_a_process_killed_while_writing_leaves_nothing_half_stored(path: Path) -> None:
    before = eden_bundle()
    with SqliteStore.open(str(path)) as store:
        store.write(before)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_WRITING, str(path)], check=False, timeout=50
    )

    assert killed.returncode == -signal.SIGKILL
    with SqliteStore.open(str(path)) as store:
        assert [bundle.image.id for bundle in store.bundles()] == [before.image.id]
        store.write(eden_bundle("ark"))
        assert store.info().counts["image"] == 2


def test_an_error_in_the_middle_of_a_write_undoes_it() -> None:
    connection = connect("memory:")

    with SqliteStore(connection) as store:
        with pytest.raises(RuntimeError):
            fail_while_writing(connection)

        assert store.runs() == []


def fail_while_writing(connection: Connection) -> None:
    with connection.writing() as raw:
        raw.execute("INSERT INTO run (id, record) VALUES ('u1', '{}')")
        raise RuntimeError


def test_a_text_that_is_no_unicode_is_refused_and_nothing_stored() -> None:
    bundle = eden_bundle()
    half = replace(bundle, work=replace(bundle.work, medium="oil \ud800"))

    with SqliteStore.in_memory() as store:
        with pytest.raises(StoreWriteError, match=r"UTF-8, got '\\ud800'"):
            store.write(half)

        assert store.info().counts["work"] == 0


def test_a_closed_store_says_so() -> None:
    store = SqliteStore.in_memory()
    store.close()

    with pytest.raises(StoreWriteError, match="closed"):
        store.write(eden_bundle())


def test_a_reader_sees_what_another_connection_wrote(path: Path) -> None:
    eden, ark = eden_bundle(), eden_bundle("ark")
    request = CandidateRequest(nodes=[NodeRequest()])
    with SqliteStore.open(str(path)) as writer:
        writer.write(eden)
        with SqliteStore.open(str(path), read_only=True) as reader:
            assert len(reader.candidates(request).region_ids) == 4
            writer.write(ark)
            assert len(reader.candidates(request).region_ids) == 8


def test_unchanged_columns_are_read_once() -> None:
    request = CandidateRequest(nodes=[NodeRequest()])
    with SqliteStore.in_memory() as store:
        store.write(eden_bundle())
        first, second = store.candidates(request), store.candidates(request)

    assert first.region_ids is second.region_ids
    assert first.labels is second.labels


def test_threads_read_while_another_writes() -> None:
    eden = eden_bundle()
    clip = eden.vectors[0]
    request = CandidateRequest(nodes=[NodeRequest(vectors={clip.space.name: clip.matrix[0]})])
    failures: list[object] = []
    with SqliteStore.in_memory() as store:
        store.write(eden)

        def read() -> None:
            for _ in range(20):
                found = store.bundle(eden.image.id)
                columns = store.candidates(request)
                if found is None or bundle_differences(found, found):
                    failures.append(found)
                if len(columns.region_ids) % 4 or len(columns.cosines[clip.space.name][0]) != len(
                    columns.region_ids
                ):
                    failures.append(columns)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for number in range(20):
            store.write(eden_bundle(f"work {number}"))
        for reader in readers:
            reader.join()

    assert failures == []
