from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    file = tmp_path / "boxes.json"
    images = [{"file": "a.jpg", "objects": [{"label": "person", "box": [0, 0, 0.5, 1]}]}]
    file.write_text(json.dumps({"images": images}))
    return file


def test_without_weights_it_says_how_to_get_them(iconograph: Run, boxes: Path) -> None:
    done = iconograph("evaluate", "detection", boxes, "--pictures", boxes.parent, ok=False)

    assert "centernet" in done.stderr
    assert "models pull" in done.stderr


def test_a_folder_without_a_detector_says_what_it_lacks(iconograph: Run, boxes: Path) -> None:
    done = iconograph(
        "evaluate",
        "detection",
        boxes,
        "--pictures",
        boxes.parent,
        "--detector",
        boxes.parent,
        ok=False,
    )

    assert "model.onnx, detector.toml, classes.toml" in done.stderr


def test_an_unknown_detector_is_refused(iconograph: Run, boxes: Path) -> None:
    done = iconograph(
        "evaluate",
        "detection",
        boxes,
        "--pictures",
        boxes.parent,
        "--detector",
        "nobody",
        ok=False,
    )

    assert "no model is named 'nobody'" in done.stderr
