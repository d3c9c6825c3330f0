"""Turns judged paintings (relative boxes, heads, hands, gaze, relations) into COCO with extensions.

    python tools/dev_paintings_to_coco.py dev_paintings.json FOLDER

writes FOLDER/dev_paintings.coco.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Record = dict[str, Any]

GAZE_STATES = ("viewer", "outside", "closed")


def coco_of(paintings: Record) -> Record:
    """The COCO object of a record with `images`, each with entities and relations."""
    labels = sorted({e["label"] for image in paintings["images"] for e in image["entities"]})
    category_ids = {label: number for number, label in enumerate(labels, 1)}
    images, annotations, relations = [], [], []
    for number, image in enumerate(paintings["images"], 1):
        size_px = (image["width"], image["height"])
        images.append(
            {"id": number, "file_name": image["image"], "width": size_px[0], "height": size_px[1]}
        )
        annotations += [
            annotation_of(entity, number, size_px, category_ids) for entity in image["entities"]
        ]
        relations += [
            {
                "image_id": number,
                "subject_id": annotation_id(number, relation["subject"]),
                "object_id": annotation_id(number, relation["object"]),
                "predicate": relation["relation"],
            }
            for relation in image["relations"]
        ]
    return {
        "info": {"description": "judged paintings"},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": i, "name": label} for label, i in category_ids.items()],
        "relations": relations,
    }


def annotation_id(image_number: int, entity_id: str) -> str:
    """An id that is unique in the file."""
    return f"{image_number}:{entity_id}"


def annotation_of(
    entity: Record, image_number: int, size_px: tuple[int, int], category_ids: dict[str, int]
) -> Record:
    """The annotation of an entity."""
    annotation: Record = {
        "id": annotation_id(image_number, entity["id"]),
        "image_id": image_number,
        "category_id": category_ids[entity["label"]],
        "kind": entity["kind"],
        "bbox": box_px(entity["box"], size_px),
    }
    if entity.get("head"):
        annotation["head"] = box_px(entity["head"], size_px)
    if entity.get("hands"):
        annotation["hands"] = [[x * size_px[0], y * size_px[1]] for x, y in entity["hands"]]
    if entity.get("gaze"):
        annotation["gaze"] = gaze_of(entity["gaze"], image_number)
    return annotation


def box_px(relative: list[float], size_px: tuple[int, int]) -> list[float]:
    """[x, y, width, height] in pixels of [x0, y0, x1, y1] relative to the picture."""
    x0, y0, x1, y1 = relative
    width_px, height_px = size_px
    return [
        round(value, 2)
        for value in (x0 * width_px, y0 * height_px, (x1 - x0) * width_px, (y1 - y0) * height_px)
    ]


def gaze_of(gaze: Record, image_number: int) -> Record:
    """State, target and direction of a gaze whose target is an entity, a state, or unknown."""
    target, direction = gaze["target"], gaze["direction"]
    if target in GAZE_STATES:
        return {"state": target, "direction": direction}
    if target is None:
        return {"state": "unknown", "direction": direction}
    return {
        "state": "target",
        "target_id": annotation_id(image_number, target),
        "direction": direction,
    }


def main(arguments: list[str]) -> None:
    """Convert one file."""
    if len(arguments) != 2:  # noqa: PLR2004  a file and a folder
        sys.exit(__doc__)
    source, folder = map(Path, arguments)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{source.stem}.coco.json"
    coco = coco_of(json.loads(source.read_bytes()))
    target.write_text(json.dumps(coco, ensure_ascii=False), encoding="utf-8")
    counts = {name: len(coco[name]) for name in ("images", "annotations", "relations")}
    print(f"{target}: {counts}")


if __name__ == "__main__":
    main(sys.argv[1:])
