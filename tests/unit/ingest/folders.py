"""Folders of pictures with annotations, for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iconograph.ingest.annotated import AnnotatedItems, annotated_items
from tests.unit.ingest.bad_pictures import save_picture

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WIDTH_PX, HEIGHT_PX = 200, 100


def eden_folder(folder: Path, *, pictures: int = 2) -> Path:
    """Pictures `0.png` ... of different content, below `folder/pictures`."""
    target = folder / "pictures"
    target.mkdir(exist_ok=True)
    for number in range(pictures):
        colour = (number % 256, number // 256, 90)
        save_picture(target / f"{number}.png", size=(WIDTH_PX, HEIGHT_PX), colour=colour)
    return target


def eden_coco(*, pictures: int = 2, **lists: Any) -> dict[str, Any]:
    """COCO with Eve, a goat and an apple in each picture: Eve holds the apple beside the goat."""
    images, annotations, relations = [], [], []
    for number in range(pictures):
        images.append(
            {"id": number, "file_name": f"{number}.png", "width": WIDTH_PX, "height": HEIGHT_PX}
        )
        things = (
            ("eve", 1, [20, 20, 40, 75]),
            ("goat", 2, [65, 50, 45, 45]),
            ("apple", 3, [50, 40, 8, 8]),
        )
        annotations += [
            {"id": f"{number}-{name}", "image_id": number, "category_id": category, "bbox": box}
            for name, category, box in things
        ]
        relations += [
            {"subject_id": f"{number}-eve", "object_id": f"{number}-{end}", "predicate": predicate}
            for predicate, end in (("holds", "apple"), ("next to", "goat"))
        ]
    categories = [
        {"id": 1, "name": "Eve", "kind": "person"},
        {"id": 2, "name": "goat", "kind": "animal"},
        {"id": 3, "name": "apple", "kind": "object"},
    ]
    return {
        "images": images,
        "annotations": annotations,
        "categories": categories,
        "relations": relations,
        **lists,
    }


def write_json(path: Path, record: Any) -> Path:
    path.write_text(json.dumps(record))
    return path


def eden_items(folder: Path, *, pictures: int = 2, **lists: Any) -> AnnotatedItems:
    """The items of an Eden folder; `lists` replace lists of its COCO file."""
    path = write_json(folder / "eden.json", eden_coco(pictures=pictures, **lists))
    folders = [eden_folder(folder, pictures=pictures)]
    return annotated_items(folders, annotations=[path], now=NOON)
