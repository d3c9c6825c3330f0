from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from iconograph.graph.errors import AnnotationError, MetadataError, PictureError
from iconograph.graph.model.edge import EdgeKind, EdgeLayer
from iconograph.graph.model.pose import GazeState
from iconograph.ingest.annotated import AnnotatedItems, annotated_items
from iconograph.ingest.items import Item
from iconograph.ingest.problems import Problem, Severity
from iconograph.ingest.runs import origin_of
from tests.unit.ingest.bad_pictures import save_animated
from tests.unit.ingest.folders import eden_coco, eden_folder, eden_items, write_json


def items_in(items: AnnotatedItems) -> list[Item]:
    return [item for item in items if isinstance(item, Item)]


def problems_in(items: AnnotatedItems) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]


def test_pictures_are_joined_with_their_annotations(tmp_path: Path) -> None:
    items = eden_items(tmp_path)
    assert len(items) == 2
    assert problems_in(items) == []
    first, second = items_in(items)
    draft = first.draft
    assert (draft.image.file_name, draft.image.source_id) == ("0.png", "0")
    assert [r.source_id for r in draft.regions] == ["0-eve", "0-goat", "0-apple"]
    assert [r.label for r in draft.regions] == ["Eve", "goat", "apple"]
    assert [(e.kind, e.layer, e.method) for e in draft.edges] == [
        (EdgeKind.HOLDS, EdgeLayer.ASSERTED, "annotation"),
        (EdgeKind.BESIDE, EdgeLayer.ASSERTED, "annotation"),
    ]
    assert [origin_of(run) for run in draft.runs] == ["annotations:eden.json"]
    assert first.picture is not None
    assert first.picture.sha256 == draft.image.id
    assert second.draft.image.work_id != draft.image.work_id


def test_a_work_comes_from_its_row_or_from_the_name_of_its_file(tmp_path: Path) -> None:
    folder = eden_folder(tmp_path)
    table = tmp_path / "works.csv"
    table.write_text("file,title,artist\n0.png,Eden,Baldung\n9.png,Lost,Nobody\n")
    items = annotated_items([folder], metadata=table)
    first, second = (item.draft.work for item in items_in(items))
    assert (first.title, first.makers[0].name) == ("Eden", "Baldung")
    assert (second.title, second.makers) == ("1", ())
    (note,) = problems_in(items)
    assert (note.code, note.severity) == (MetadataError.code, Severity.NOTE)
    assert "1 rows belong to none of the pictures, such as 9.png" in note.message


def test_two_pictures_of_one_inventory_number_are_of_one_work(tmp_path: Path) -> None:
    table = tmp_path / "works.csv"
    table.write_text("file,id,title\n0.png,NG 1,Front\n1.png,NG 1,Front\n")
    first, second = items_in(annotated_items([eden_folder(tmp_path)], metadata=table))
    assert first.draft.work.id == second.draft.work.id


def test_regions_of_a_table_join_those_of_coco(tmp_path: Path) -> None:
    table = tmp_path / "regions.csv"
    table.write_text("file,label,x0,y0,x1,y1\n0.png,angel,30,1,90,18\n")
    coco = write_json(tmp_path / "eden.json", eden_coco())
    items = annotated_items([eden_folder(tmp_path)], annotations=[coco], regions_csv=[table])
    draft = items_in(items)[0].draft
    assert [r.label for r in draft.regions] == ["Eve", "goat", "apple", "angel"]
    assert len({r.run_id for r in draft.regions}) == 2


def annotation(identifier: str, **fields: Any) -> dict[str, Any]:
    box = {"bbox": [10, 10, 20, 20]}
    return {"id": identifier, "image_id": 0, "category_id": 1, **box, **fields}


def one_draft(folder: Path, *annotations: dict[str, Any]) -> tuple[Item, list[Problem]]:
    items = eden_items(folder, pictures=1, annotations=list(annotations), relations=[])
    return items_in(items)[0], problems_in(items)


def test_parents_and_gaze_targets_are_regions(tmp_path: Path) -> None:
    gaze = {"state": "target", "target_id": "b"}
    item, problems = one_draft(
        tmp_path,
        annotation("a", parent_id="b", gaze=gaze, head=[10, 10, 4, 4]),
        annotation("b", bbox=[40, 10, 50, 50], head=[60, 10, 4, 4]),
    )
    assert problems == []
    child, parent = item.draft.regions
    assert child.parent_id == parent.id
    assert child.gaze is not None
    assert (child.gaze.state, child.gaze.target_region) == (GazeState.TARGET, parent.id)
    assert child.gaze.direction == (1, 0)
    assert child.gaze.target is not None
    assert (child.gaze.target.x_px, child.gaze.target.y_px) == (62, 12)


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        pytest.param([annotation("a", parent_id="z")], "its parent z is not there", id="unknown"),
        pytest.param([annotation("a", parent_id="a")], "own ancestors", id="itself"),
        pytest.param(
            [annotation("a", gaze={"target_id": "z"})], "gaze target z is not there", id="gaze"
        ),
    ],
)
def test_a_link_to_nothing_is_reported_and_the_region_kept(
    tmp_path: Path, annotations: list[dict[str, Any]], message: str
) -> None:
    item, problems = one_draft(tmp_path, *annotations)
    assert [region.parent_id for region in item.draft.regions] == [None]
    assert message in problems[0].message


def test_a_ring_of_parents_is_broken(tmp_path: Path) -> None:
    ring = [annotation("a", parent_id="b"), annotation("b", parent_id="a")]
    item, problems = one_draft(tmp_path, *ring)
    assert [region.parent_id for region in item.draft.regions] == [None, None]
    assert len(problems) == 2


def test_regions_of_one_outline_have_different_ids(tmp_path: Path) -> None:
    item, problems = one_draft(tmp_path, annotation("woman"), annotation("dress"))
    assert problems == []
    assert len({region.id for region in item.draft.regions}) == 2


def test_a_box_partly_outside_is_clipped_and_that_is_said(tmp_path: Path) -> None:
    item, (note,) = one_draft(tmp_path, annotation("a", bbox=[190, -5, 50, 50]))
    assert item.draft.regions[0].box.corners_px == (190, 0, 200, 45)
    assert note.severity is Severity.NOTE
    assert "it was clipped to (190" in note.message


def test_a_box_wholly_outside_is_left_out_with_its_relations(tmp_path: Path) -> None:
    relation = {"subject_id": "a", "object_id": "b", "predicate": "holds"}
    annotations = [annotation("a", bbox=[300, 5, 50, 50]), annotation("b")]
    items = eden_items(tmp_path, pictures=1, annotations=annotations, relations=[relation])
    assert [r.source_id for r in items_in(items)[0].draft.regions] == ["b"]
    outside, without_end = problems_in(items)
    assert "lies outside the image" in outside.message
    assert "annotation a could not be used" in without_end.message
    assert outside.severity is Severity.LEFT_OUT


def test_annotations_of_a_picture_of_another_size_are_left_out(tmp_path: Path) -> None:
    images = [{"id": 0, "file_name": "0.png", "width": 100, "height": 200}]
    items = eden_items(
        tmp_path, pictures=1, images=images, annotations=[annotation("a")], relations=[]
    )
    (problem,) = problems_in(items)
    assert "annotated at (100, 200) px, the upright picture measures (200, 100)" in problem.message
    draft = items_in(items)[0].draft
    assert (draft.regions, draft.runs) == ((), ())


def test_the_same_relation_twice_or_both_ways_round_is_one_edge(tmp_path: Path) -> None:
    relations = [
        {"subject_id": s, "object_id": o, "predicate": "beside"} for s, o in ("ab", "ba", "ab")
    ]
    annotations = [annotation("a"), annotation("b", bbox=[50, 10, 20, 20])]
    items = eden_items(tmp_path, pictures=1, annotations=annotations, relations=relations)
    assert len(items_in(items)[0].draft.edges) == 1


def test_an_annotated_picture_that_is_missing_or_listed_twice_is_a_problem(tmp_path: Path) -> None:
    images = [{"id": n, "file_name": name} for n, name in enumerate(("0.png", "9.png", "0.png"))]
    items = eden_items(tmp_path, pictures=1, images=images, annotations=[], relations=[])
    missing, twice = problems_in(items)
    assert (missing.where, missing.code) == ("eden.json image 1", PictureError.code)
    assert "no picture is named 9.png" in missing.message
    assert (twice.where, twice.code) == ("eden.json image 2", AnnotationError.code)


def test_a_file_that_cannot_be_read_does_not_keep_the_pictures_out(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("nr\n1\n")
    items = annotated_items(
        [eden_folder(tmp_path)], annotations=[broken], metadata=wrong, regions_csv=[wrong]
    )
    assert len(items_in(items)) == 2
    assert [p.code for p in problems_in(items)] == ["BAD_ANNOTATION"] * 2 + ["BAD_METADATA"]


def test_a_bad_picture_is_a_problem_and_a_note_is_a_note(tmp_path: Path) -> None:
    folder = eden_folder(tmp_path, pictures=1)
    (folder / "empty.png").touch()
    save_animated(folder / "moving.gif")
    items = annotated_items([folder])
    assert len(items) == 3
    assert [item.draft.image.file_name for item in items_in(items)] == ["0.png", "moving.gif"]
    empty, moving = problems_in(items)
    assert (empty.where, empty.severity) == ("empty.png", Severity.LEFT_OUT)
    assert (moving.where, moving.severity) == ("moving.gif", Severity.NOTE)


def test_the_work_of_a_renamed_file_stays_the_same(tmp_path: Path) -> None:
    folder = eden_folder(tmp_path, pictures=1)
    before = items_in(annotated_items([folder]))[0].draft.work
    (folder / "0.png").rename(folder / "z.png")
    after = items_in(annotated_items([folder]))[0].draft.work
    assert after == dataclasses.replace(before, titles=after.titles)
