"""A tiny corpus made by hand, whose truth can be read off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

WIDTH_PX, HEIGHT_PX = 100, 80
KEY_POINTS = [float(v) for n in range(17) for v in (20 + n, 30 + n, 2 if n else 0)]


def rectangle(x0: float, y0: float, x1: float, y1: float) -> list[list[float]]:
    return [[x0, y0, x1, y0, x1, y1, x0, y1]]


def annotation(
    number: int, image: int, category: int, box: tuple[int, int, int, int], **more: Any
) -> dict[str, Any]:
    x0, y0, x1, y1 = box
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "segmentation": rectangle(x0, y0, x1, y1),
        "caption": "",
        "attributes": {},
        "level": "entity",
        "kind": "object",
        "parent_id": None,
        **more,
    }


def write_tiny_corpus(folder: Path, styles: tuple[str, ...] = ("panel", "northern")) -> Path:
    """One picture a style: a woman in a red robe looks at an apple below a sky."""
    folder.mkdir(parents=True, exist_ok=True)
    annotations, images, relations = [], [], []
    for number, style in enumerate(styles):
        image, first = number + 1, 10 * number
        name = f"{image:04d}_eve_and_goat.png"
        cv2.imwrite(str(folder / name), pixels()[:, :, ::-1])
        images.append({"id": image, "file_name": name, "width": WIDTH_PX, "height": HEIGHT_PX})
        annotations += [
            annotation(first + 1, image, 1, (0, 0, 100, 30), kind="setting"),
            annotation(
                first + 2, image, 2, (20, 20, 50, 80), kind="person",
                keypoints=KEY_POINTS, head=[25, 20, 10, 10], hands=[[40, 50]],
                gaze={
                    "state": "TARGET", "origin": [30, 25], "direction": [0.8, 0.6],
                    "target": [70, 55], "target_id": first + 4,
                },
            ),
            annotation(first + 3, image, 3, (20, 40, 50, 80), kind="attribute", parent_id=first + 2),
            annotation(first + 4, image, 4, (66, 50, 76, 60)),
            annotation(
                first + 5, image, 5, (0, 0, 100, 80), kind="unknown", level="scene",
                attributes={"style": style},
            ),
        ]  # fmt: skip
        relations.append(
            {"subject_id": first + 2, "object_id": first + 4, "predicate": "GAZES_AT", "image_id": image}
        )  # fmt: skip
    names = [
        ("sky", "setting"),
        ("woman", "person"),
        ("red robe", "attribute"),
        ("apple", "object"),
        ("Eve", "unknown"),
    ]
    content = {
        "images": images,
        "annotations": annotations,
        "categories": [
            {"id": n, "name": name, "supercategory": kind}
            for n, (name, kind) in enumerate(names, 1)
        ],
        "relations": relations,
    }
    (folder / "annotations.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def pixels() -> np.ndarray[Any, np.dtype[np.uint8]]:
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 200, np.uint8)
    picture[20:80, 20:50] = (180, 140, 120)
    picture[40:80, 20:50] = (170, 30, 30)
    picture[50:60, 66:76] = (40, 160, 40)
    return picture
