"""A folder of pictures and nothing else, and the models that look at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.ingest.folders import eden_coco, write_json
from tests.unit.ingest.small_models import save_painted

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STORE = "sqlite:///graph.db"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(2):
        save_painted(folder / f"{number}.png", ("red", (20 + number, 20, 60, 95)), size=(200, 100))
    return folder


def test_a_folder_and_nothing_else_is_looked_at_by_the_best_that_is_here(
    iconograph: Run, pictures: Path
) -> None:
    done = iconograph("ingest", pictures, "--store", STORE, "--workers", "2", "--json")

    assert json.loads(done.stdout)["written"] == 2
    assert "models: " in done.stderr
    assert "models pull centernet" in done.stderr
    assert "what it says of a painting is worth nothing" in " ".join(done.stderr.split())


def test_the_drawn_models_asked_for_by_name_are_not_warned_of(
    iconograph: Run, pictures: Path
) -> None:
    done = iconograph("ingest", pictures, "--store", STORE, "--models", "mini")

    assert "worth nothing" not in done.stderr


def test_models_that_are_not_here_are_one_clear_line(iconograph: Run, pictures: Path) -> None:
    done = iconograph("ingest", pictures, "--store", STORE, "--models", "laptop", ok=False)

    assert done.returncode == 3
    assert "the profile laptop lacks " in done.stderr
    assert "works now" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("choice", [[], ["--models", "none"]], ids=["default", "none"])
def test_annotated_pictures_are_not_looked_at_unless_asked_for(
    iconograph: Run, pictures: Path, tmp_path: Path, choice: list[str]
) -> None:
    told = write_json(tmp_path / "told.json", eden_coco())
    done = iconograph(
        "ingest", pictures, "--annotations", told, "--store", STORE, *choice, "--json"
    )

    assert json.loads(done.stdout)["regions"] == 6
    assert "models: " not in done.stderr
