from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iconograph.ingest.scenes.corpus import write_corpus

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """Eve is beside Adam; there is no picture."""
    entities = [
        {"id": "eve", "label": "Eve", "kind": "person", "box": [0.1, 0.1, 0.3, 0.9]},
        {"id": "adam", "label": "Adam", "kind": "person", "box": [0.3, 0.1, 0.5, 0.9]},
    ]
    image = {
        "image": "eden.jpg",
        "width": 400,
        "height": 300,
        "entities": entities,
        "relations": [{"subject": "eve", "relation": "beside", "object": "adam"}],
        "complete_for": ["beside"],
    }
    file = tmp_path / "judged.json"
    file.write_text(json.dumps({"images": [image]}))
    return file


def test_each_kind_has_a_row_for_what_is_known(iconograph: Run, judged: Path) -> None:
    record = json.loads(iconograph("evaluate", "relations", judged, "--json").stdout)

    (boxes,) = (
        score
        for score in record["scores"]
        if (score["kind"], score["method"]) == ("BESIDE", "boxes only")
    )
    assert (boxes["found"], boxes["f1"], boxes["average_precision"]) == (1, 1.0, 1.0)
    assert 0 < boxes["calibration_error"] < 0.5


def test_models_need_pixels(iconograph: Run, judged: Path) -> None:
    done = iconograph("evaluate", "relations", judged, "--models", "laptop", ok=False)

    assert "--pictures" in done.stderr


def test_without_weights_it_says_how_to_get_them(iconograph: Run, judged: Path) -> None:
    done = iconograph(
        "evaluate", "relations", judged, "--pictures", judged.parent, "--models", "laptop", ok=False
    )

    assert "models pull" in done.stderr


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    write_corpus(folder, count=1, seed=5, styles=["fresco"])
    return folder


def test_a_folder_of_drawn_pictures_is_judged_by_its_truth(iconograph: Run, corpus: Path) -> None:
    record = json.loads(iconograph("evaluate", "relations", corpus, "--json").stdout)

    assert (record["pictures"], record["looked_at"]) == (1, 1)
    assert {s["f1"] for s in record["scores"] if s["kind"] == "WEARS"} == {1.0}


def test_a_style_that_no_picture_has_is_named(iconograph: Run, corpus: Path) -> None:
    done = iconograph("evaluate", "relations", corpus, "--style", "pop", ok=False)

    assert "fresco" in done.stderr


def test_styles_are_chosen_among_drawn_pictures_only(iconograph: Run, judged: Path) -> None:
    done = iconograph("evaluate", "relations", judged, "--style", "fresco", ok=False)

    assert "folder of drawn pictures" in done.stderr


def test_photographs_are_measured_by_a_command_of_their_own(iconograph: Run) -> None:
    assert "VRD" in iconograph("evaluate", "photos", "--help").stdout
