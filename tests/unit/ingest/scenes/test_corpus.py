from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as rle

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes import draw_scene, write_corpus
from iconograph.ingest.scenes.__main__ import main
from iconograph.ingest.scenes.coco import FAITHFUL_IOU, CocoFile, segmentation_of

NAMES = [
    ("annunciation", 1),
    ("battle", 2),
    ("still_life", 3),
    ("judith", 4),
]


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    file = CocoFile()
    for recipe, seed in NAMES:
        file.add(f"{recipe}.png", draw_scene(seed, recipe=recipe, size_px=(240, 200)))
    return json.loads(json.dumps(file.content()))  # type: ignore[no-any-return]


def test_ids_are_unique_and_references_hold(content: dict[str, Any]) -> None:
    images = {image["id"] for image in content["images"]}
    categories = {category["id"] for category in content["categories"]}
    image_of = {a["id"]: a["image_id"] for a in content["annotations"]}

    assert len(images) == len(NAMES)
    assert len(image_of) == len(content["annotations"])
    for annotation in content["annotations"]:
        assert annotation["image_id"] in images
        assert annotation["category_id"] in categories
        parent = annotation["parent_id"]
        assert parent is None or image_of[parent] == annotation["image_id"]
        target = annotation.get("gaze", {}).get("target_id")
        assert target is None or image_of[target] == annotation["image_id"]
    for relation in content["relations"]:
        assert image_of[relation["subject_id"]] == relation["image_id"]
        assert image_of[relation["object_id"]] == relation["image_id"]
        assert EdgeKind(relation["predicate"])


def test_annotations_have_the_stated_form(content: dict[str, Any]) -> None:
    sizes = {image["id"]: (image["width"], image["height"]) for image in content["images"]}
    for annotation in content["annotations"]:
        x, y, w, h = annotation["bbox"]
        width, height = sizes[annotation["image_id"]]
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height
        assert annotation["caption"].strip()
        assert Level(annotation["level"])
        assert RegionKind(annotation["kind"])
        if annotation["kind"] == "person":
            points = np.reshape(annotation["keypoints"], (17, 3))
            assert annotation["num_keypoints"] == np.count_nonzero(points[:, 2])
            assert GazeState(annotation["gaze"]["state"])
            assert len(annotation["head"]) == 4


# pycocotools still implements the array protocol of NumPy 1.
old_array_protocol = pytest.mark.filterwarnings("ignore:__array__ implementation")


@old_array_protocol
def test_segmentations_decode_to_the_mask() -> None:
    scene = draw_scene(5, recipe="annunciation", size_px=(240, 200))
    kinds = set()
    for part in scene.parts:
        segmentation = segmentation_of(part.mask)
        kinds.add(type(segmentation))
        if isinstance(segmentation, dict):
            assert np.array_equal(rle.decode(segmentation).astype(bool), part.mask)
            continue
        found = rle.merge(rle.frPyObjects(segmentation, *part.mask.shape))
        exact = rle.encode(np.asfortranarray(part.mask, dtype=np.uint8))
        assert rle.iou([found], [exact], [0])[0, 0] >= FAITHFUL_IOU

    assert kinds == {dict, list}


@old_array_protocol
def test_a_hole_is_kept() -> None:
    mask = np.zeros((60, 60), dtype=bool)
    mask[10:50, 10:50] = True
    mask[28:32, 28:32] = False

    segmentation = segmentation_of(mask)

    assert isinstance(segmentation, dict)
    assert np.array_equal(rle.decode(segmentation).astype(bool), mask)


def test_two_parts_are_two_polygons() -> None:
    mask = np.zeros((80, 80), dtype=bool)
    mask[5:35, 5:75] = True
    mask[45:75, 5:75] = True

    segmentation = segmentation_of(mask)

    assert isinstance(segmentation, list)
    assert len(segmentation) == 2


def test_a_corpus_is_written_whole_and_again_the_same(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    annotations = write_corpus(
        tmp_path / "a", count=2, seed=4, on_scene=lambda done, all_: steps.append((done, all_))
    )
    write_corpus(tmp_path / "b", count=2, seed=4)
    first = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    second = {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}

    assert annotations == tmp_path / "a" / "annotations.json"
    assert steps == [(1, 2), (2, 2)]
    assert first == second
    content = json.loads(annotations.read_text())
    files = [image["file_name"] for image in content["images"]]
    assert set(first) == {"annotations.json", "metadata.csv", *files}
    with (tmp_path / "a" / "metadata.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == files
    assert list(rows[0]) == ["file", "title", "artist", "year", "rights", "subject"]
    for image in content["images"]:
        with Image.open(tmp_path / "a" / image["file_name"]) as picture:
            assert picture.size == (image["width"], image["height"])


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="at least 1"):
        write_corpus(tmp_path, count=0, seed=1)


@pytest.mark.parametrize("styles", [(), ("northern", "cubist")], ids=["none", "unknown"])
def test_a_corpus_in_no_known_style_is_refused(styles: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    with pytest.raises(InvalidValueError, match="northern"):
        write_corpus(folder, count=1, seed=1, styles=styles)
    assert not folder.exists()


def test_the_command_draws_in_the_style_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corpus"
    main([str(folder), "--count", "2", "--seed", "9", "--style", "northern"])

    assert capsys.readouterr().out.strip() == str(folder / "annotations.json")
    with (folder / "metadata.csv").open() as file:
        assert {row["artist"] for row in csv.DictReader(file)} == {
            "Iconograph, drawn (northern manner)"
        }
