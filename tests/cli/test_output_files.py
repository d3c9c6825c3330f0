"""Files that a command cannot write are one clear line, before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STORE = ("--store", "sqlite:///graph.db")
NOWHERE = "nowhere/out"


@pytest.mark.usefixtures("ingested")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("show", "0001_eve_and_goat.jpg", "--out", f"{NOWHERE}.png"), id="show"),
        pytest.param(
            ("export", "--format", "jsonl", "--out", f"{NOWHERE}.jsonl"), id="export jsonl"
        ),
        pytest.param(
            ("export", "--format", "nquads", "--out", f"{NOWHERE}.nq"), id="export nquads"
        ),
        pytest.param(
            ("export", "--format", "webanno", "--out", f"{NOWHERE}.json"), id="export webanno"
        ),
    ],
)
def test_a_folder_that_is_not_there_is_named(iconograph: Run, words: tuple[str, ...]) -> None:
    done = iconograph(*words, *STORE, ok=False)

    assert done.returncode == 3
    assert "cannot be written: there is no folder" in done.stderr
    assert "create it first" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_is_said_before_the_ingest(
    iconograph: Run, corpus: Path, tmp_path: Path
) -> None:
    words = ("ingest", corpus, "--models", "none", "--report", f"{NOWHERE}.json")
    done = iconograph(*words, *STORE, ok=False)

    assert "there is no folder" in done.stderr
    assert not (tmp_path / "graph.db").exists()


@pytest.mark.usefixtures("ingested")
@pytest.mark.parametrize("name", ["out.xyz", "out"])
def test_a_picture_of_an_unknown_kind_is_refused(iconograph: Run, name: str) -> None:
    done = iconograph("show", "any.jpg", "--out", name, *STORE, ok=False)

    assert "expected .jpeg, .jpg, .png, .webp" in done.stderr


@pytest.mark.usefixtures("ingested")
def test_a_folder_where_a_file_is_to_go_is_refused(iconograph: Run, tmp_path: Path) -> None:
    (tmp_path / "taken.jsonl").mkdir()
    words = ("export", "--format", "jsonl", "--out", "taken.jsonl")
    done = iconograph(*words, *STORE, ok=False)

    assert "taken.jsonl is a folder; expected the name of a file" in done.stderr


@pytest.mark.usefixtures("ingested")
def test_what_the_system_refuses_is_one_line_too(iconograph: Run, tmp_path: Path) -> None:
    (tmp_path / "found").touch()
    done = iconograph("search", "Eve", "--pictures", "found", *STORE, ok=False)

    assert done.returncode == 3
    assert "error FILE: found: File exists; check the path" in done.stderr
    assert "Traceback" not in done.stderr
