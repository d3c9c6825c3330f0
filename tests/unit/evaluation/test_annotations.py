from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from iconograph.evaluation.annotations import AnnotatedPicture, Verdict, read_annotations
from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.edge import EdgeKind, EdgeLayer
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.ids import work_id
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import RegionKind

DEVELOPMENT = Path(__file__).parents[4] / "shared/data/annotations/dev_paintings.json"


def a_person(name: str, box: list[float], **fields: Any) -> dict[str, Any]:
    return {"id": name, "label": name, "kind": "person", "box": box, "gaze": None, **fields}


def eden(**changes: Any) -> dict[str, Any]:
    return {
        "image": "eden.jpg",
        "title": "Eden",
        "artist": "Hans Baldung",
        "width": 200,
        "height": 100,
        "entities": [
            a_person(
                "eve",
                [0.1, 0.1, 0.3, 0.9],
                head=[0.15, 0.1, 0.25, 0.3],
                hands=[[0.3, 0.5]],
                gaze={"target": "adam", "direction": [2.0, 0.0]},
            ),
            a_person("adam", [0.4, 0.1, 0.6, 0.9], gaze={"target": "viewer", "direction": None}),
            a_person("snake", [0.4, 0.1, 0.6, 0.9]),
            {"id": "tree", "label": "tree", "kind": "object", "box": [0.3, 0.0, 0.5, 1.0]},
        ],
        "relations": [
            {"subject": "eve", "relation": "gazes-at", "object": "adam"},
            {"subject": "eve", "relation": "beside", "object": "adam"},
            {"subject": "adam", "relation": "beside", "object": "eve"},
        ],
        "uncertain": [["snake", "touches", "tree"], ["snake", "beside", "eve"]],
        "complete_for": ["beside", "gazes-at", "touches"],
        **changes,
    }


def write(folder: Path, *pictures: dict[str, Any]) -> Path:
    file = folder / "annotations.json"
    file.write_text(json.dumps({"images": pictures}))
    return file


@pytest.fixture
def picture(tmp_path: Path) -> AnnotatedPicture:
    return read_annotations(write(tmp_path, eden())).pictures[0]


def test_the_work_and_image(picture: AnnotatedPicture) -> None:
    bundle = picture.bundle

    assert bundle.work.id == work_id("eden.jpg")
    assert bundle.work.title == "Eden"
    assert bundle.work.makers[0].name == "Hans Baldung"
    assert bundle.image.file_name == "eden.jpg"
    assert bundle.image.id == hashlib.sha256(b"eden.jpg").hexdigest()
    assert (bundle.image.width_px, bundle.image.height_px) == (200, 100)


def test_the_image_id_is_that_of_the_file_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "eden.jpg").write_bytes(b"a picture")

    image = read_annotations(write(tmp_path, eden()), tmp_path).pictures[0].bundle.image

    assert image.id == hashlib.sha256(b"a picture").hexdigest()
    assert image.file_name == "eden.jpg"


def test_regions_carry_pose_and_gaze(picture: AnnotatedPicture) -> None:
    eve, adam, snake, tree = picture.bundle.regions

    assert [region.source_id for region in picture.bundle.regions] == [
        "eve",
        "adam",
        "snake",
        "tree",
    ]
    assert tree.kind is RegionKind.OBJECT
    assert eve.pose
    assert eve.pose.head == Box(x0_px=30, y0_px=10, x1_px=50, y1_px=30)
    assert eve.pose.hands == (Point(x_px=60, y_px=50),)
    assert eve.gaze
    assert (eve.gaze.state, eve.gaze.target_region) == (GazeState.TARGET, adam.id)
    assert eve.gaze.direction == (1.0, 0.0)
    assert adam.gaze
    assert adam.gaze.state is GazeState.VIEWER
    assert snake.gaze is None
    assert snake.id != adam.id


def test_relations_are_asserted_edges_written_once(picture: AnnotatedPicture) -> None:
    assert sorted(edge.kind for edge in picture.bundle.edges) == [
        EdgeKind.BESIDE,
        EdgeKind.GAZES_AT,
    ]
    assert all(edge.layer is EdgeLayer.ASSERTED for edge in picture.bundle.edges)


@pytest.mark.parametrize(
    ("kind", "subject", "object_", "verdict"),
    [
        pytest.param(EdgeKind.BESIDE, "eve", "adam", Verdict.TRUE, id="true"),
        pytest.param(EdgeKind.BESIDE, "adam", "eve", Verdict.TRUE, id="symmetric"),
        pytest.param(EdgeKind.GAZES_AT, "adam", "eve", Verdict.FALSE, id="turned round"),
        pytest.param(EdgeKind.BESIDE, "adam", "snake", Verdict.FALSE, id="false"),
        pytest.param(EdgeKind.BESIDE, "eve", "snake", Verdict.UNJUDGED, id="uncertain"),
        pytest.param(EdgeKind.BESIDE, "eve", "tree", Verdict.UNJUDGED, id="beside a thing"),
        pytest.param(EdgeKind.HOLDS, "eve", "tree", Verdict.UNJUDGED, id="not complete"),
        pytest.param(EdgeKind.TOUCHES, "eve", "tree", Verdict.UNJUDGED, id="never complete"),
        pytest.param(EdgeKind.GAZES_AT, "snake", "eve", Verdict.UNJUDGED, id="gaze not given"),
    ],
)
def test_verdicts(
    picture: AnnotatedPicture, kind: EdgeKind, subject: str, object_: str, verdict: Verdict
) -> None:
    ids = {region.source_id: region.id for region in picture.bundle.regions}

    assert picture.verdict(kind, ids[subject], ids[object_]) is verdict


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"relations": [{"subject": "eve", "relation": "eats", "object": "tree"}]},
            "EATS",
            id="relation",
        ),
        pytest.param({"uncertain": [["god", "beside", "eve"]]}, "god", id="entity"),
        pytest.param({"entities": [a_person("eve", [0.5, 0.5, 0.5, 0.9])]}, "x0 < x1", id="box"),
        pytest.param({"width": 0}, "size", id="size"),
        pytest.param({"entities": None}, "eden.jpg", id="no entities"),
        pytest.param(
            {"entities": [a_person("eve", [0, 0, 1, 1]), a_person("eve", [0, 0, 1, 0.5])]},
            "different ids",
            id="an id twice",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(AnnotationError, match=message) as caught:
        read_annotations(write(tmp_path, eden(**changes)))

    assert "picture eden.jpg" in str(caught.value)


@pytest.mark.parametrize("text", ["no json", "[]", '{"images": 3}', '{"images": [{}]}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "annotations.json"
    file.write_text(text)

    with pytest.raises(AnnotationError, match=r"annotations\.json"):
        read_annotations(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="cannot read"):
        read_annotations(tmp_path / "none.json")


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="the development annotations are not here")
def test_the_development_set_counts_as_its_description_says() -> None:
    pictures = read_annotations(DEVELOPMENT).pictures
    regions = [region for picture in pictures for region in picture.bundle.regions]
    persons = [region for region in regions if region.kind is RegionKind.PERSON]

    assert len(regions) == 327
    assert len(persons) == 128
    assert sum(person.gaze is not None for person in persons) == 87
    assert sum(t[0] is EdgeKind.BESIDE for p in pictures for t in p.true) == 133
    assert sum(t[0] is EdgeKind.GAZES_AT for p in pictures for t in p.uncertain) == 123
