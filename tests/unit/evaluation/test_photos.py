from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iconograph.evaluation.photo_pairs import read_photo_pairs
from iconograph.evaluation.photos import score_photos
from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.thresholds import read_thresholds

HELD, LYING = [40, 60, 60, 80], [300, 10, 390, 60]
PERSON, SAME_PERSON = [10, 10, 110, 210], [12, 12, 111, 208]


def written(folder: Path, images: list[dict[str, Any]]) -> Path:
    path = folder / "photos.json"
    path.write_text(json.dumps({"images": images}))
    return path


def act(person: list[int], thing: list[int], name: str, label: str) -> dict[str, Any]:
    return {"person_px": person, "object_px": thing, "action": name, "object": label}


def test_a_thing_boxed_twice_is_one_thing(tmp_path: Path) -> None:
    acts = [act(PERSON, HELD, "hold obj", "cup"), act(SAME_PERSON, LYING, "look obj", "sofa")]

    found = read_photo_pairs(written(tmp_path, [{"file": "a.jpg", "pairs": acts}]))

    (photograph,) = found.photographs
    assert found.kind is EdgeKind.HOLDS
    assert len(photograph.bundle.regions) == 3
    assert (len(photograph.judged), len(photograph.true)) == (2, 1)


def test_what_is_next_to_a_thing_has_that_thing_next_to_it(tmp_path: Path) -> None:
    things = [
        {"id": 0, "label": "lamp", "box_px": [0, 0, 10, 10]},
        {"id": 1, "label": "bed", "box_px": [12, 0, 60, 20]},
        {"id": 2, "label": "sky", "box_px": [0, 40, 60, 60]},
    ]
    record = {"file": "a.jpg", "objects": things, "relations": [[0, "next to", 1], [2, "above", 1]]}

    found = read_photo_pairs(written(tmp_path, [record]))

    assert found.kind is EdgeKind.BESIDE
    assert (len(found.photographs[0].judged), len(found.photographs[0].true)) == (6, 2)


def test_what_is_held_ranks_above_what_is_not(tmp_path: Path) -> None:
    acts = [act(PERSON, HELD, "hold obj", "cup"), act(PERSON, LYING, "look obj", "sofa")]
    judged = read_photo_pairs(written(tmp_path, [{"file": "a.jpg", "pairs": acts}]))

    score = score_photos(judged, read_thresholds())

    assert (score.pairs, score.true, score.average_precision) == (2, 1, 1.0)
    assert score.lead == pytest.approx(1.0 - max(score.overlap, score.nearness))


@pytest.mark.parametrize("text", ["[]", '{"images": [{"file": "a.jpg"}]}', "no JSON"])
def test_another_form_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "photos.json"
    path.write_text(text)

    with pytest.raises(AnnotationError, match="expected the form of V-COCO"):
        read_photo_pairs(path)
