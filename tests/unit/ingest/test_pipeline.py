from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from iconograph.graph.errors import InputError, MissingModelError
from iconograph.graph.linked_data.jsonl import write_jsonl
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.vector import RegionVectors, VectorSpace
from iconograph.graph.store.open import open_store
from iconograph.graph.store.port import GraphStore
from iconograph.graph.store.transfer import compare_stores
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.items import Item, jsonl_items
from iconograph.ingest.pictures import Picture
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.problems import Problem
from iconograph.ingest.report import (
    Event,
    ImageDone,
    ImageSkipped,
    ProblemFound,
    Progress,
    Started,
)
from tests.builders import TEXT_SPACE, eden_bundle, random_vectors
from tests.unit.ingest.folders import eden_coco, eden_folder, eden_items


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        yield opened


class WithVectors:
    name = "vectors"

    def __init__(self, space: VectorSpace = TEXT_SPACE) -> None:
        self._space = space

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        del picture
        vectors: tuple[RegionVectors, ...] = (random_vectors(self._space, draft.regions),)
        return dataclasses.replace(draft, vectors=vectors)


class Failing:
    name = "failing"

    def __init__(self, error: BaseException, *, on_file: str = "0.png") -> None:
        self._error = error
        self._on_file = on_file

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        del picture
        if draft.image.file_name == self._on_file:
            raise self._error
        return draft


def test_an_ingest_stores_everything_and_tells_how_it_goes(
    tmp_path: Path, store: GraphStore
) -> None:
    events: list[Event] = []
    report = ingest(eden_items(tmp_path), store, on_event=events.append)
    assert report.complete
    assert (report.written, report.unchanged, report.regions, report.edges) == (2, 0, 6, 4)
    counts = store.info().counts
    assert (counts["image"], counts["region"], counts["edge"]) == (2, 6, 4)
    kinds = [Started, ImageDone, Progress, ImageDone, Progress]
    assert [type(event) for event in events] == kinds
    assert events[0] == Started(total=2)
    assert isinstance(events[1], ImageDone)
    assert (events[1].name, events[1].regions, events[1].edges) == ("0.png", 3, 2)


def test_the_same_again_writes_nothing(tmp_path: Path, store: GraphStore) -> None:
    stages = (WithVectors(),)
    ingest(eden_items(tmp_path), store, stages=stages)
    before = [bundle.regions for bundle in store.bundles()]
    report = ingest(eden_items(tmp_path), store, stages=stages)
    assert (report.written, report.unchanged, report.regions) == (0, 2, 6)
    assert [bundle.regions for bundle in store.bundles()] == before


def test_what_a_source_says_no_more_is_taken_away(tmp_path: Path, store: GraphStore) -> None:
    ingest(eden_items(tmp_path), store)
    coco = eden_coco()
    fewer = [a for a in coco["annotations"] if not a["id"].endswith("goat")]
    holds = [r for r in coco["relations"] if r["predicate"] == "holds"]
    report = ingest(eden_items(tmp_path, annotations=fewer, relations=holds), store)
    assert (report.written, report.regions, report.edges) == (2, 4, 2)
    counts = store.info().counts
    assert (counts["region"], counts["edge"]) == (4, 2)


def test_stages_add_to_the_draft(tmp_path: Path, store: GraphStore) -> None:
    ingest(eden_items(tmp_path), store, stages=[WithVectors()])
    assert store.spaces() == (TEXT_SPACE,)


def test_a_file_with_the_bytes_of_another_is_left_out(tmp_path: Path, store: GraphStore) -> None:
    items = eden_items(tmp_path)
    (tmp_path / "pictures" / "copy.png").write_bytes((tmp_path / "pictures" / "0.png").read_bytes())
    report = ingest(eden_items(tmp_path), store)
    assert len(items) == 2
    (problem,) = report.left_out
    assert (problem.where, problem.code) == ("copy.png", "BAD_PICTURE")
    assert f"byte for byte, as {tmp_path / 'pictures' / '0.png'}" in problem.message
    assert store.info().counts["image"] == 2


def test_an_image_that_a_stage_refuses_is_left_out_and_the_rest_stored(
    tmp_path: Path, store: GraphStore
) -> None:
    events: list[Event] = []
    stage = Failing(InputError("too dark"))
    report = ingest(eden_items(tmp_path), store, stages=[stage], on_event=events.append)
    assert report.written == 1
    assert [(p.where, p.message) for p in report.left_out] == [("0.png", "too dark")]
    assert ProblemFound(problem=report.left_out[0]) in events
    assert ImageSkipped(name="0.png") in events


def test_an_outline_that_geometry_cannot_cope_with_costs_its_picture_alone(
    tmp_path: Path, store: GraphStore
) -> None:
    """GEOS intersects no mixture of areas and lines with an empty point."""
    mixed = shapely.GeometryCollection(
        [shapely.box(0, 0, 4, 4), shapely.LineString([(5, 0), (5, 4)])]
    )
    with pytest.raises(shapely.errors.GEOSException) as raised:
        shapely.intersection(shapely.Point(), mixed)
    report = ingest(eden_items(tmp_path), store, stages=[Failing(raised.value)])
    assert report.written == 1
    (problem,) = report.left_out
    assert (problem.where, problem.code) == ("0.png", "INVALID_VALUE")
    assert "could not be cut or joined" in problem.message


def test_vectors_of_another_size_than_the_store_holds_are_refused(
    tmp_path: Path, store: GraphStore
) -> None:
    ingest(eden_items(tmp_path, pictures=1), store, stages=[WithVectors()])
    other = dataclasses.replace(TEXT_SPACE, dim=7)
    report = ingest(eden_items(tmp_path, pictures=2), store, stages=[WithVectors(other)])
    assert [problem.code for problem in report.left_out] == ["VECTOR_SPACE"] * 2
    assert store.spaces() == (TEXT_SPACE,)
    assert store.info().counts["image"] == 1


def test_an_interrupt_ends_with_a_report_of_what_is_stored(
    tmp_path: Path, store: GraphStore
) -> None:
    stage = Failing(KeyboardInterrupt(), on_file="1.png")
    report = ingest(eden_items(tmp_path, pictures=3), store, stages=[stage])
    assert (report.written, report.interrupted, report.complete) == (1, True, False)
    assert store.info().counts["image"] == 1
    assert ingest(eden_items(tmp_path, pictures=3), store).complete


def test_an_error_of_no_single_image_is_raised(tmp_path: Path, store: GraphStore) -> None:
    with pytest.raises(MissingModelError):
        ingest(eden_items(tmp_path), store, stages=[Failing(MissingModelError("no weights"))])


def test_problems_among_the_items_are_kept(store: GraphStore) -> None:
    problem = Problem(where="a.json", code="BAD_ANNOTATION", message="broken")
    report = ingest([problem, Item(draft=eden_bundle())], store)
    assert (report.problems, report.written, report.complete) == ((problem,), 1, False)


def test_a_report_is_plain_json(tmp_path: Path, store: GraphStore) -> None:
    items = eden_items(tmp_path, annotations=[{"id": 1}], relations=[])
    record: dict[str, Any] = json.loads(json.dumps(ingest(items, store).to_record()))
    assert record["complete"] is False
    assert record["written"] == 2
    (problem,) = record["problems"]
    assert problem["where"] == "eden.json annotation 1"
    assert (problem["code"], problem["severity"]) == ("BAD_ANNOTATION", "left out")


def test_an_export_is_read_back_into_an_equal_store(tmp_path: Path, store: GraphStore) -> None:
    ingest(eden_items(tmp_path), store, stages=[WithVectors()])
    exported = tmp_path / "graph.jsonl"
    with exported.open("w") as out:
        write_jsonl(store, out, vectors=True)
    with open_store("memory:") as other:
        assert ingest(jsonl_items(exported), other).complete
        assert compare_stores(store, other).equal


def test_a_broken_line_of_an_export_leaves_out_its_image(tmp_path: Path, store: GraphStore) -> None:
    ingest(eden_items(tmp_path), store)
    exported = tmp_path / "graph.jsonl"
    with exported.open("w") as out:
        write_jsonl(store, out)
    lines = exported.read_text().splitlines()
    broken = next(i for i, line in enumerate(lines) if '"region"' in line)
    lines[broken] = lines[broken][:40]
    exported.write_text("\n".join(lines))
    with open_store("memory:") as other:
        report = ingest(jsonl_items(exported), other)
        assert report.written == 1
        assert report.left_out


def test_a_missing_export_is_a_problem(tmp_path: Path, store: GraphStore) -> None:
    report = ingest(jsonl_items(tmp_path / "none.jsonl"), store)
    assert "cannot be read: No such file" in report.left_out[0].message


def test_a_table_of_works_may_come_later_and_what_it_said_stays(
    tmp_path: Path, store: GraphStore
) -> None:
    folder, table = eden_folder(tmp_path), tmp_path / "works.csv"
    table.write_text("file,id,title\n0.png,NG 1,Eden\n1.png,NG 2,The Fall\n")

    def titles_after(metadata: Path | None) -> set[str]:
        ingest(annotated_items([folder], metadata=metadata), store)
        return {work.title for work in store.works(limit=99)}

    assert titles_after(None) == {"0", "1"}
    assert titles_after(table) == {"Eden", "The Fall"}
    assert titles_after(None) == {"Eden", "The Fall"}
