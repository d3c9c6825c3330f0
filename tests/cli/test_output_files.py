"""Files that a command cannot write are one clear line, before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STORE = ("--store", "sqlite:///graph.db")
NOWHERE = "nowhere/out"


@pytest.fixture
def eden(tmp_path: Path) -> None:
    """A store of one image in the folder that the command runs in."""
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as store:
        store.write(eden_bundle())


@pytest.mark.usefixtures("eden")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("show", "eden.jpg", "--out", f"{NOWHERE}.png"), id="show"),
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
    iconograph: Run, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    words = ("ingest", "pictures", "--models", "none", "--report", f"{NOWHERE}.json")
    done = iconograph(*words, *STORE, ok=False)

    assert "there is no folder" in done.stderr
    assert not (tmp_path / "graph.db").exists()


@pytest.mark.usefixtures("eden")
@pytest.mark.parametrize("name", ["out.xyz", "out"])
def test_a_picture_of_an_unknown_kind_is_refused(iconograph: Run, name: str) -> None:
    done = iconograph("show", "any.jpg", "--out", name, *STORE, ok=False)

    assert "expected .jpeg, .jpg, .png, .webp" in done.stderr


@pytest.mark.usefixtures("eden")
def test_a_folder_where_a_file_is_to_go_is_refused(iconograph: Run, tmp_path: Path) -> None:
    (tmp_path / "taken.jsonl").mkdir()
    words = ("export", "--format", "jsonl", "--out", "taken.jsonl")
    done = iconograph(*words, *STORE, ok=False)

    assert "taken.jsonl is a folder; expected the name of a file" in done.stderr


@pytest.mark.usefixtures("eden")
def test_what_the_system_refuses_is_one_line_too(iconograph: Run, tmp_path: Path) -> None:
    (tmp_path / "found").touch()
    done = iconograph("search", "Eve", "--pictures", "found", *STORE, ok=False)

    assert done.returncode == 3
    assert "error FILE: found: File exists; check the path" in done.stderr
    assert "Traceback" not in done.stderr
