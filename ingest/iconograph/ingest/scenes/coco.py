"""Drawn scenes in the form of COCO annotations, with our extensions.

An annotation has, beside COCO's own fields: `level`, `kind`, `parent_id`, `head` [x, y, width, height],
`hands` [[x, y], ...], `gaze` {state, origin, direction, target, target_id} and `attributes`. The file has
`relations` [{subject_id, object_id, predicate, image_id}] at its top.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.scenes.values import DrawnGaze, DrawnPart, DrawnScene

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTLINE_ERROR_PX = 0.75
"""How far a polygon's corners may leave out of the contour (Douglas-Peucker)."""

FAITHFUL_IOU = 0.97
"""A polygon that does not give the mask back this well is not used: the exact RLE is."""

Json = dict[str, Any]


class CocoFile:
    """The content of an annotation file, scene after scene; ids count from 1 over all of them."""

    def __init__(self) -> None:
        self.images: list[Json] = []
        self.annotations: list[Json] = []
        self.relations: list[Json] = []
        self.categories: dict[tuple[str, str], int] = {}

    def add(self, file_name: str, scene: DrawnScene) -> None:
        """Take in a scene; nothing of its picture or masks is kept."""
        image_id, first_id = len(self.images) + 1, len(self.annotations)
        size = {"width": scene.width_px, "height": scene.height_px}
        self.images.append({"id": image_id, "file_name": file_name, **size})
        numbers = {part.id: first_id + n for n, part in enumerate(scene.parts, start=1)}
        for part in scene.parts:
            name = (part.label, part.kind.value)
            category_id = self.categories.setdefault(name, len(self.categories) + 1)
            annotation = annotation_of(part, numbers)
            self.annotations.append(annotation | {"image_id": image_id, "category_id": category_id})
        self.relations += [
            {
                "subject_id": numbers[relation.subject_id],
                "object_id": numbers[relation.object_id],
                "predicate": relation.kind.value,
                "image_id": image_id,
            }
            for relation in scene.relations
        ]

    def content(self) -> Json:
        """The whole as JSON values."""
        return {
            "info": {"description": "Drawn scenes with exact truth", "version": "1"},
            "images": self.images,
            "annotations": self.annotations,
            "categories": [_category(n, *name) for name, n in self.categories.items()],
            "relations": self.relations,
        }


def annotation_of(part: DrawnPart, numbers: Mapping[int, int]) -> Json:
    """One part as an annotation; `numbers` gives each part of the scene its id in the file."""
    rows, columns = np.flatnonzero(part.mask.any(axis=1)), np.flatnonzero(part.mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    annotation: Json = {
        "id": numbers[part.id],
        "bbox": [x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y],
        "area": int(np.count_nonzero(part.mask)),
        "iscrowd": 0,
        "segmentation": segmentation_of(part.mask),
        "caption": part.caption,
        "attributes": dict(part.attributes),
        "level": part.level.value,
        "kind": part.kind.value,
        "parent_id": None if part.parent_id is None else numbers[part.parent_id],
    }
    return annotation | (_person_fields(part, numbers) if part.key_points else {})


def segmentation_of(mask: NDArray[np.bool_]) -> list[list[float]] | Json:
    """COCO polygons where these give the mask back, else (holes, fine detail) its exact RLE."""
    from pycocotools import mask as rle

    exact = rle.encode(np.asfortranarray(mask, dtype=np.uint8))
    polygons = _polygons(mask)
    if polygons:
        height, width = mask.shape
        drawn = rle.merge(rle.frPyObjects(polygons, height, width))
        if rle.iou([drawn], [exact], [0])[0, 0] >= FAITHFUL_IOU:
            return polygons
    return {"size": list(exact["size"]), "counts": exact["counts"].decode("ascii")}


def _polygons(mask: NDArray[np.bool_]) -> list[list[float]]:
    """Outer contours a quarter pixel within the pixels' edges, or nothing where there are holes."""
    import cv2

    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x0, y0 = int(columns[0]), int(rows[0])
    cut = mask[y0 : rows[-1] + 1, x0 : columns[-1] + 1].astype(np.uint8)
    doubled = np.repeat(np.repeat(cut, 2, axis=0), 2, axis=1)
    contours, hierarchy = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if hierarchy is None or (hierarchy[0, :, 3] >= 0).any():
        return []
    polygons = []
    for contour in contours:
        fewer = cv2.approxPolyDP(contour, 2 * OUTLINE_ERROR_PX, closed=True)
        corners = fewer[:, 0] / 2 + (x0 + 0.25, y0 + 0.25)
        if len(corners) >= 3:  # noqa: PLR2004  a polygon
            polygons.append([round(float(value), 2) for value in corners.ravel()])
    return polygons


def _person_fields(part: DrawnPart, numbers: Mapping[int, int]) -> Json:
    points = part.key_points
    fields: Json = {
        "keypoints": [
            v for p in points for v in (round(p.x_px, 2), round(p.y_px, 2), p.visibility)
        ],
        "num_keypoints": sum(p.visibility > 0 for p in points),
        "hands": [[round(x, 2), round(y, 2)] for x, y in part.hands],
    }
    if part.head:
        x0, y0, x1, y1 = part.head
        fields["head"] = [round(v, 2) for v in (x0, y0, x1 - x0, y1 - y0)]
    if part.gaze:
        fields["gaze"] = _gaze(part.gaze, numbers)
    return fields


def _gaze(gaze: DrawnGaze, numbers: Mapping[int, int]) -> Json:
    return {
        "state": gaze.state.value,
        "origin": [round(v, 2) for v in gaze.origin],
        "direction": [round(v, 5) for v in gaze.direction] if gaze.direction else None,
        "target": [round(v, 2) for v in gaze.target] if gaze.target else None,
        "target_id": None if gaze.target_id is None else numbers[gaze.target_id],
    }


def _category(number: int, label: str, kind: str) -> Json:
    category: Json = {"id": number, "name": label, "supercategory": kind}
    if kind == "person":
        category["keypoints"] = list(COCO_KEY_POINTS)
    return category
