"""A folder with everything wrong at once: each thing is reported, the rest is ingested."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from iconograph.graph.store.open import open_store
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.problems import Problem, Severity
from iconograph.ingest.report import IngestReport
from tests.unit.ingest.bad_pictures import (
    save_animated,
    save_half_and_half,
    save_huge,
    save_picture,
    save_truncated,
)
from tests.unit.ingest.folders import HEIGHT_PX, WIDTH_PX, write_json

GOOD = ("good.png", "turned.jpg", "cmyk.tif", "deep.png", "alpha.png", "palette.gif", "moving.gif")
SIZE = (WIDTH_PX, HEIGHT_PX)


def messy_pictures(folder: Path) -> Path:
    folder.mkdir()
    save_picture(folder / "good.png", size=SIZE)
    save_half_and_half(folder / "turned.jpg", orientation=6)
    save_picture(folder / "cmyk.tif", mode="CMYK", colour=(0, 255, 255, 0), size=SIZE)
    save_picture(folder / "deep.png", mode="I;16", colour=40_000, size=SIZE)
    save_picture(folder / "alpha.png", mode="RGBA", colour=(9, 9, 9, 9), size=SIZE)
    save_picture(folder / "palette.gif", mode="P", colour=3, size=SIZE)
    save_animated(folder / "moving.gif")
    (folder / "copy.png").write_bytes((folder / "good.png").read_bytes())
    (folder / "zero.jpg").touch()
    (folder / "text.jpg").write_text("not a picture")
    save_truncated(folder / "half.jpg")
    save_huge(folder / "huge.png", width_px=20_000, height_px=20_000)
    return folder


def box(identifier: object, *bbox: float, image: int = 1, **fields: Any) -> dict[str, Any]:
    kept = {"id": identifier, "image_id": image, "category_id": 1, "bbox": list(bbox)}
    return {**kept, **fields}


def messy_coco() -> dict[str, Any]:
    return {
        "images": [
            {"id": 1, "file_name": "good.png", "width": WIDTH_PX, "height": HEIGHT_PX},
            {"id": 2, "file_name": "gone.png"},
            {"id": 1, "file_name": "cmyk.tif"},
        ],
        "categories": [{"id": 1, "name": "figure", "kind": "person"}],
        "annotations": [
            box("a", 10, 10, 50, 80),
            box("b", 100, 10, 50, 80),
            box("over", 180, 10, 50, 50),
            box("outside", 900, 10, 5, 5),
            box("nan", 1, math.nan, 5, 5),
            box("negative", 1, 1, -5, 5),
            box("a", 1, 1, 5, 5),
            box("classless", 1, 1, 5, 5, category_id=77),
            box("lost", 1, 1, 5, 5, image=2),
        ],
        "relations": [
            {"id": "good", "subject_id": "a", "object_id": "b", "predicate": "gazes-at"},
            {"id": "odd", "subject_id": "a", "object_id": "b", "predicate": "devours"},
            {"id": "loose", "subject_id": "a", "object_id": "zz", "predicate": "holds"},
        ],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messy")
    messy_pictures(folder / "pictures")
    write_json(folder / "messy.json", messy_coco())
    (folder / "empty.json").touch()
    (folder / "works.csv").write_text("File;Titel;Jahr\ngood.png;Die Güte;um 1500\n", "latin-1")
    (folder / "wrong.csv").write_text("number,title\n1,Eden\n")
    return folder


def run(folder: Path, url: str) -> IngestReport:
    items = annotated_items(
        [folder / "pictures", folder / "nowhere"],
        annotations=[folder / "messy.json", folder / "empty.json"],
        regions_csv=[folder / "wrong.csv"],
        metadata=folder / "works.csv",
    )
    with open_store(url) as store:
        return ingest(items, store)


@pytest.fixture(scope="module")
def report(folder: Path) -> IngestReport:
    return run(folder, f"sqlite:///{folder / 'messy.db'}")


def test_all_that_is_good_is_stored(folder: Path, report: IngestReport) -> None:
    assert (report.written, report.regions, report.edges) == (len(GOOD), 3, 1)
    with open_store(f"sqlite:///{folder / 'messy.db'}", read_only=True) as store:
        names = {bundle.image.file_name for bundle in store.bundles()}
        titles = {work.title for work in store.works(limit=99)}
    assert names == set(GOOD)
    assert "Die Güte" in titles


@pytest.mark.parametrize(
    ("where", "code", "message"),
    [
        ("copy.png", "BAD_PICTURE", "byte for byte"),
        ("zero.jpg", "BAD_PICTURE", "is empty"),
        ("text.jpg", "BAD_PICTURE", "is not a picture"),
        ("half.jpg", "BAD_PICTURE", "cannot be read"),
        ("huge.png", "BAD_PICTURE", "smaller copy"),
        ("nowhere", "BAD_PICTURE", "no such file or folder"),
        ("messy.json image 2", "BAD_PICTURE", "no picture is named gone.png"),
        ("messy.json image 1", "BAD_ANNOTATION", "used twice"),
        ("messy.json annotation outside", "BAD_ANNOTATION", "lies outside the image"),
        ("messy.json annotation nan", "BAD_ANNOTATION", "finite numbers"),
        ("messy.json annotation negative", "BAD_ANNOTATION", "size above 0"),
        ("messy.json annotation a", "BAD_ANNOTATION", "used twice"),
        ("messy.json annotation classless", "BAD_ANNOTATION", "not among the categories"),
        ("messy.json relation odd", "BAD_ANNOTATION", "'devours' is not known"),
        ("messy.json relation loose", "BAD_ANNOTATION", "annotation zz is not in the file"),
        ("empty.json", "BAD_ANNOTATION", "is empty (0 bytes)"),
        ("wrong.csv", "BAD_ANNOTATION", "lacks the columns file, label"),
    ],
)
def test_each_thing_wrong_is_reported_once(
    report: IngestReport, where: str, code: str, message: str
) -> None:
    (found,) = (p for p in report.left_out if p.where.endswith(where))
    assert found.code == code
    assert message in found.message


def test_nothing_else_is_reported(report: IngestReport) -> None:
    assert len(report.left_out) == 17
    notes = [p for p in report.problems if p.severity is Severity.NOTE]
    assert [note.where for note in notes] == ["messy.json annotation over", "moving.gif"]


def test_the_report_is_for_programs_too(report: IngestReport) -> None:
    record = json.loads(json.dumps(report.to_record()))
    assert record["complete"] is False
    assert len(record["problems"]) == len(report.problems)
    assert set(record["problems"][0]) == set(Problem(where="x", code="y", message="z").to_record())


def test_the_same_mess_again_changes_nothing(folder: Path, report: IngestReport) -> None:
    again = run(folder, f"sqlite:///{folder / 'messy.db'}")
    assert (again.written, again.unchanged) == (0, len(GOOD))
    assert again.problems == report.problems
