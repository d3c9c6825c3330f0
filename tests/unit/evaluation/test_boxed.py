from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iconograph.evaluation.boxed import NO_STYLE, read_boxes
from iconograph.graph.errors import AnnotationError


def write(folder: Path, content: Any) -> Path:
    file = folder / "boxes.json"
    file.write_text(json.dumps(content))
    return file


def test_persons_are_read_from_either_form(tmp_path: Path) -> None:
    box = [0.25, 0.5, 0.75, 1.25]
    boxed = read_boxes(
        write(
            tmp_path,
            {
                "images": [
                    {
                        "file": "styles/a.jpg",
                        "style": "Rococo",
                        "objects": [
                            {"label": "person", "box": box, "difficult": 1},
                            {"label": "dog", "box": box},
                        ],
                    },
                    {
                        "image": "b.jpg",
                        "entities": [
                            {"label": "Eve", "kind": "person", "box": box},
                            {"label": "person", "kind": "object", "box": box},
                        ],
                    },
                ]
            },
        )
    )
    first, second = boxed.pictures

    assert (first.file, first.style, first.difficult.tolist()) == ("a.jpg", "Rococo", [True])
    assert first.boxes_px(200, 100).tolist() == [[50, 50, 150, 100]]
    assert (second.file, second.style, second.difficult.tolist()) == ("b.jpg", NO_STYLE, [False])


def test_pictures_that_nobody_boxed_stand_apart(tmp_path: Path) -> None:
    boxed = read_boxes(write(tmp_path, {"images": [{"file": "a.jpg", "objects": []}]}))

    assert (boxed.pictures, boxed.unboxed) == ((), ("a.jpg",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "found list indices"),
        ({}, "found no 'images'"),
        ({"images": [{"objects": []}]}, "found no 'image'"),
        ({"images": [{"file": "a.jpg"}]}, "found no 'entities'"),
        ({"images": [{"file": "a.jpg", "objects": [{"label": "person"}]}]}, "found no 'box'"),
        (
            {"images": [{"file": "a.jpg", "objects": [{"label": "person", "box": [1, 0, 0, 1]}]}]},
            "a box of a.jpg that is not x0 < x1",
        ),
        (
            {"images": [{"file": "a.jpg", "objects": [{"label": "person", "box": [0, 0, 1]}]}]},
            "cannot reshape",
        ),
    ],
    ids=["a list", "no images", "no file", "no boxes", "no box", "turned round", "three numbers"],
)
def test_what_does_not_fit_is_told(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        read_boxes(write(tmp_path, content))


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="cannot read the annotations"):
        read_boxes(tmp_path / "none.json")
