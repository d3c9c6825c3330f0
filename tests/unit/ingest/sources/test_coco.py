from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import GazeState, Side
from iconograph.graph.model.region import LabelOrigin, Level, RegionKind
from iconograph.ingest.sources.annotation import Annotation, AnnotationFile
from iconograph.ingest.sources.coco import read_coco

BOX = [10, 20, 30, 40]
CATEGORIES = [
    {"id": 1, "name": "Eve", "supercategory": "person"},
    {"id": 2, "name": "apple", "supercategory": "food"},
]


def read(folder: Path, **lists: Any) -> AnnotationFile:
    """What is read of a file with one image of 200 x 100 px and the given lists."""
    record = {
        "images": [{"id": 7, "file_name": "eden.jpg", "width": 200, "height": 100}],
        "categories": CATEGORIES,
        **lists,
    }
    path = folder / "a.json"
    path.write_text(json.dumps(record))
    return read_coco(path)


def an_annotation(identifier: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "image_id": 7, "category_id": 1, "bbox": BOX, **fields}


def read_one(folder: Path, **fields: Any) -> Annotation:
    file = read(folder, annotations=[an_annotation(**fields)])
    assert file.problems == ()
    (annotation,) = file.pictures[0].annotations
    return annotation


def test_a_plain_annotation(tmp_path: Path) -> None:
    file = read(tmp_path, annotations=[an_annotation()])
    (picture,) = file.pictures
    assert (picture.file, picture.source_id, picture.size_px) == ("eden.jpg", "7", (200, 100))
    (eve,) = picture.annotations
    assert eve.source_id == "1"
    assert eve.outline.box.corners_px == (10, 20, 40, 60)
    assert [(label.text, label.origin) for label in eve.labels] == [("Eve", LabelOrigin.CURATOR)]
    assert (eve.kind, eve.level) == (RegionKind.PERSON, Level.ENTITY)


def test_an_image_without_a_size(tmp_path: Path) -> None:
    file = read(tmp_path, images=[{"id": 7, "file_name": "eden.jpg"}])
    assert file.pictures[0].size_px is None


def test_polygons_are_the_outline(tmp_path: Path) -> None:
    annotation = read_one(tmp_path, segmentation=[[0, 0, 10, 0, 10, 10]])
    assert annotation.outline.parts[0].exterior == ((0, 0), (10, 0), (10, 10))


def test_overlapping_parts_and_crossing_rings_count_once(tmp_path: Path) -> None:
    squares = [[0, 0, 10, 0, 10, 10, 0, 10], [5, 0, 15, 0, 15, 10, 5, 10]]
    assert read_one(tmp_path, segmentation=squares).outline.area_px2 == pytest.approx(150)
    crossing = [[0, 0, 10, 10, 10, 0, 0, 20]]
    two_triangles_px2 = 20 * (20 / 3) / 2 + 10 * (10 / 3) / 2
    outline = read_one(tmp_path, segmentation=crossing).outline
    assert outline.area_px2 == pytest.approx(two_triangles_px2)


def test_a_run_length_mask_is_the_outline(tmp_path: Path) -> None:
    # Column-major: 2 of 4 rows in columns 1 and 2 of 4.
    mask = {"size": [4, 4], "counts": [5, 2, 2, 2, 5]}
    assert read_one(tmp_path, segmentation=mask).outline.box.corners_px == (1, 1, 3, 3)


def test_a_crowd_is_a_group(tmp_path: Path) -> None:
    assert read_one(tmp_path, iscrowd=1).level is Level.GROUP
    assert read_one(tmp_path, iscrowd=1, level="entity").level is Level.ENTITY


def test_the_extensions_are_read(tmp_path: Path) -> None:
    annotation = read_one(
        tmp_path,
        level="group",
        kind="animal",
        parent_id=3,
        caption="a goat",
        head=[12, 20, 8, 10],
        hands=[[15, 40]],
        labels=["she-goat", {"text": "Ziege", "language": "de", "origin": "drawn"}],
        concepts=["iconclass:25F24", {"scheme": "wikidata", "notation": "Q2934"}],
        attributes={"colour": "white", "horns": 2, "winged": False},
    )
    assert (annotation.level, annotation.kind) == (Level.GROUP, RegionKind.ANIMAL)
    assert (annotation.parent_source_id, annotation.caption) == ("3", "a goat")
    assert annotation.pose is not None
    assert annotation.pose.head == Box(x0_px=12, y0_px=20, x1_px=20, y1_px=30)
    assert annotation.pose.hands == (Point(x_px=15, y_px=40),)
    assert [label.text for label in annotation.labels] == ["Eve", "she-goat", "Ziege"]
    assert annotation.labels[2].origin is LabelOrigin.DRAWN
    assert annotation.concepts == (
        Concept(scheme=Scheme.ICONCLASS, notation="25F24"),
        Concept(scheme=Scheme.WIKIDATA, notation="Q2934"),
    )
    assert annotation.attributes == (("colour", "white"), ("horns", "2"), ("winged", "false"))


def test_key_points_have_confidences_by_visibility(tmp_path: Path) -> None:
    flat = [1.0, 2.0, 2, 3.0, 4.0, 1] + [0, 0, 0] * 15
    pose = read_one(tmp_path, keypoints=flat).pose
    assert pose is not None
    assert [point.confidence for point in pose.key_points[:3]] == [1.0, 0.5, 0.0]
    assert pose.key_point("left_eye") == pose.key_points[1]


def whole_body(first: int, size: int, *, visibility: float = 2) -> list[float]:
    """Key points of a whole body from one on, each at its own number."""
    return [number for row in range(first, first + size) for number in (row, 2 * row, visibility)]


@pytest.mark.parametrize(
    ("fields", "body", "palms", "fingers"),
    [
        pytest.param({"keypoints": whole_body(0, 133)}, 17, 2, ["left", "right"], id="all in one"),
        pytest.param(
            {"keypoints": whole_body(0, 17), "righthand_kpts": whole_body(112, 21)},
            17,
            1,
            ["right"],
            id="hand apart",
        ),
        pytest.param({"lefthand_kpts": whole_body(91, 21)}, 0, 1, ["left"], id="hand alone"),
        pytest.param({"keypoints": whole_body(0, 17)}, 17, 0, [], id="body alone"),
        pytest.param(
            {"lefthand_kpts": whole_body(91, 21), "hands": [[1, 2], [3, 4]]},
            0,
            2,
            ["left"],
            id="hands said apart",
        ),
    ],
)
def test_whole_body_key_points_give_hands_and_index_fingers(
    tmp_path: Path, fields: dict[str, Any], body: int, palms: int, fingers: list[str]
) -> None:
    pose = read_one(tmp_path, **fields).pose

    assert pose
    assert (len(pose.key_points), len(pose.hands)) == (body, palms)
    assert [finger.side for finger in pose.index_fingers] == fingers
    for finger in pose.index_fingers:
        base = 96 if finger.side is Side.LEFT else 117
        assert (finger.base, finger.tip) == (
            Point(x_px=base, y_px=2 * base),
            Point(x_px=base + 3, y_px=2 * (base + 3)),
        )


def test_whole_body_key_points_may_have_scores(tmp_path: Path) -> None:
    pose = read_one(tmp_path, keypoints=whole_body(0, 133, visibility=0.7)).pose

    assert pose
    assert {point.confidence for point in pose.key_points} == {0.7}
    assert [finger.confidence for finger in pose.index_fingers] == [0.7, 0.7]


def test_key_points_of_which_none_was_found_are_no_pose(tmp_path: Path) -> None:
    assert read_one(tmp_path, keypoints=[0] * 51).pose is None


@pytest.mark.parametrize(
    ("gaze", "state", "target"),
    [
        ({"state": "target", "target_id": 2, "direction": [3, 4]}, GazeState.TARGET, "2"),
        ({"target_id": 2}, GazeState.TARGET, "2"),
        ({"state": "viewer", "direction": None}, GazeState.VIEWER, ""),
        ({"state": "closed", "target_id": None}, GazeState.CLOSED, ""),
        ({"direction": [0, -2]}, GazeState.UNKNOWN, ""),
    ],
)
def test_gazes(tmp_path: Path, gaze: dict[str, Any], state: GazeState, target: str) -> None:
    found = read_one(tmp_path, gaze=gaze).gaze
    assert found is not None
    assert (found.state, found.target_source_id) == (state, target)
    if gaze.get("direction"):
        assert found.direction is not None
        assert math.hypot(*found.direction) == pytest.approx(1)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ({"supercategory": "animal"}, RegionKind.ANIMAL),
        ({"supercategory": "accessory"}, RegionKind.ATTRIBUTE),
        ({"supercategory": "furniture"}, RegionKind.OBJECT),
        ({"kind": "part", "supercategory": "person"}, RegionKind.PART),
        ({"name": "person"}, RegionKind.PERSON),
        ({"supercategory": "none"}, RegionKind.UNKNOWN),
        ({}, RegionKind.UNKNOWN),
    ],
)
def test_the_category_tells_the_kind(
    tmp_path: Path, category: dict[str, Any], kind: RegionKind
) -> None:
    categories = [{"id": 1, "name": "x", **category}]
    file = read(tmp_path, categories=categories, annotations=[an_annotation()])
    assert file.pictures[0].annotations[0].kind is kind


def test_relations_are_read(tmp_path: Path) -> None:
    relation = {"subject_id": 1, "object_id": 2, "predicate": "next to", "confidence": 0.5}
    annotations = [an_annotation(1), an_annotation(2, category_id=2)]
    file = read(tmp_path, annotations=annotations, relations=[relation])
    (found,) = file.pictures[0].relations
    assert (found.kind, found.confidence) == (EdgeKind.BESIDE, 0.5)
    assert (found.subject_source_id, found.object_source_id) == ("1", "2")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"bbox": [1, 2, math.nan, 4]}, "finite numbers", id="nan"),
        pytest.param({"bbox": [1, 2, math.inf, 4]}, "finite numbers", id="infinite"),
        pytest.param({"bbox": [1, 2, -3, 4]}, "size above 0", id="negative-width"),
        pytest.param({"bbox": [1, 2, 3, 0]}, "size above 0", id="no-height"),
        pytest.param({"bbox": [1, 2, 3]}, "needs 4 finite", id="three-numbers"),
        pytest.param({"bbox": ["1", 2, 3, 4]}, "needs 4 finite", id="text-for-number"),
        pytest.param({"bbox": [True, 2, 3, 4]}, "needs 4 finite", id="truth-for-number"),
        pytest.param({"bbox": None}, "needs 4 finite", id="no-numbers"),
        pytest.param({"segmentation": [[0, 0, 1, 1]]}, "at least 3", id="line-for-area"),
        pytest.param({"segmentation": [[0, 0, 9, 0, 9]]}, "x and y in turn", id="odd-polygon"),
        pytest.param({"segmentation": {"size": [2, 2]}}, "counts", id="broken-mask"),
        pytest.param({"category_id": 99}, "category_id 99 is not", id="unknown-category"),
        pytest.param({"category_id": None}, "category_id None is not", id="no-category"),
        pytest.param({"image_id": 99}, "image_id 99 is not", id="unknown-image"),
        pytest.param({"kind": "ghost"}, "ghost", id="unknown-kind"),
        pytest.param({"level": "attic"}, "attic", id="unknown-level"),
        pytest.param({"keypoints": [1, 2, 2]}, "needs 51 finite", id="few-key-points"),
        pytest.param({"keypoints": [1, 2, 7] * 17}, "7", id="unknown-visibility"),
        pytest.param({"head": [1, 2, 3]}, "head needs 4", id="broken-head"),
        pytest.param({"hands": [[1]]}, "a hand needs 2", id="broken-hand"),
        pytest.param({"lefthand_kpts": [1, 2, 2]}, "lefthand_kpts needs 63", id="few-of-a-hand"),
        pytest.param({"gaze": {"direction": [0, 0]}}, "length above 0", id="no-direction"),
        pytest.param({"gaze": {"state": "up"}}, "up", id="unknown-gaze"),
        pytest.param({"concepts": ["sea:monster"]}, "sea", id="unknown-scheme"),
        pytest.param({"labels": [" "]}, "text", id="blank-label"),
    ],
)
def test_an_annotation_that_cannot_be_used_is_a_problem_and_the_rest_is_read(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    file = read(tmp_path, annotations=[an_annotation(5, **fields), an_annotation(6)])
    assert [a.source_id for a in file.pictures[0].annotations] == ["6"]
    (problem,) = file.problems
    assert problem.where == "a.json annotation 5"
    assert problem.code == AnnotationError.code
    assert message in problem.message


@pytest.mark.parametrize(
    ("relation", "message"),
    [
        pytest.param({"predicate": "devours"}, "'devours' is not known", id="predicate"),
        pytest.param({"predicate": 3}, "expected a text", id="predicate-no-text"),
        pytest.param({"object_id": 99}, "annotation 99 is not in the file", id="unknown-end"),
        pytest.param({"object_id": 1}, "both subject and object", id="one-end-twice"),
        pytest.param({"object_id": 3}, "of two images", id="two-images"),
        pytest.param({"confidence": 1.5}, "between 0 and 1", id="confidence"),
        pytest.param({"confidence": math.nan}, "between 0 and 1", id="confidence-nan"),
    ],
)
def test_a_relation_that_cannot_be_used_is_a_problem_and_the_rest_is_read(
    tmp_path: Path, relation: dict[str, Any], message: str
) -> None:
    good = {"subject_id": 1, "object_id": 2, "predicate": "holds"}
    file = read(
        tmp_path,
        images=[{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"}],
        annotations=[an_annotation(1), an_annotation(2), an_annotation(3, image_id=8)],
        relations=[{**good, **relation}, good],
    )
    assert len(file.pictures[0].relations) == 1
    (problem,) = file.problems
    assert problem.where == "a.json relation at place 1"
    assert message in problem.message


def test_a_relation_lacking_an_end_is_a_problem(tmp_path: Path) -> None:
    file = read(tmp_path, relations=[{"subject_id": 1, "predicate": "holds"}, "holds", None])
    assert [problem.where for problem in file.problems] == [
        f"a.json relation at place {place}" for place in (1, 2, 3)
    ]
    assert "it lacks 'object_id'" in file.problems[0].message


@pytest.mark.parametrize(
    ("lists", "where"),
    [
        ({"annotations": [an_annotation(1), an_annotation(1)]}, "annotation 1"),
        ({"categories": [*CATEGORIES, CATEGORIES[0]]}, "category 1"),
        ({"images": [{"id": 7, "file_name": "a"}, {"id": 7, "file_name": "b"}]}, "image 7"),
    ],
)
def test_of_two_records_with_one_id_the_first_is_kept(
    tmp_path: Path, lists: dict[str, Any], where: str
) -> None:
    (problem,) = read(tmp_path, **lists).problems
    assert problem.where == f"a.json {where}"
    assert "used twice" in problem.message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", r"a\.json is empty", id="empty"),
        pytest.param(b'{"images": [', r"a\.json is not JSON", id="half"),
        pytest.param(b"\xff\xfe\x00", r"a\.json is not JSON", id="binary"),
        pytest.param(b"[" * 100_000, r"a\.json is not JSON", id="deep"),
        pytest.param(b"[]", r"has no object; expected a COCO object", id="list"),
        pytest.param(b'{"image": []}', r"the keys \['image'\]; expected", id="other-keys"),
        pytest.param(b'{"images": {}}', r"images is dict, not a list", id="images-no-list"),
        pytest.param(b'{"images": [], "annotations": 3}', "annotations is int", id="number"),
    ],
)
def test_what_is_no_coco_file_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(AnnotationError, match=message):
        read_coco(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="cannot be read: No such file"):
        read_coco(tmp_path / "none.json")
