"""The fields of COCO annotations, standard and ours, as values.

Each function raises `AnnotationError`, `InvalidValueError` or a plain `KeyError`, `TypeError` or
`ValueError` when a field has another form; the reader of the file names the place.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from iconograph.graph.errors import AnnotationError, InvalidValueError
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.geometry import Box, Outline, Point, Polygon
from iconograph.graph.model.pose import COCO_KEY_POINTS, GazeState, KeyPoint, Pose
from iconograph.graph.model.record import from_record
from iconograph.graph.model.region import Label, Level, RegionKind
from iconograph.graph.model.shapes import from_shapely, to_shapely
from iconograph.ingest.models.pose.whole_body import (
    FIRST_OF_HAND,
    HAND,
    WHOLE_BODY,
    index_fingers,
    palms,
)
from iconograph.ingest.sources.annotation import AnnotatedGaze, Annotation
from iconograph.ingest.sources.masks import outline_of_rle

if TYPE_CHECKING:
    from numpy.typing import NDArray

Record = dict[str, Any]

OBJECT_SUPERCATEGORIES = (
    "appliance",
    "electronic",
    "food",
    "furniture",
    "indoor",
    "kitchen",
    "outdoor",
    "sports",
    "vehicle",
)
"""Supercategories of COCO's own 80 classes that are things; `person` and `animal` are kinds."""

KIND_BY_WORD = {
    **{kind.value: kind for kind in RegionKind},
    **dict.fromkeys(OBJECT_SUPERCATEGORIES, RegionKind.OBJECT),
    "accessory": RegionKind.ATTRIBUTE,
    "human": RegionKind.PERSON,
}

KEY_POINT_CONFIDENCES = {0: 0.0, 1: 0.5, 2: 1.0}
"""COCO's visibility: 0 not labelled, 1 labelled but hidden, 2 visible."""

POSE_FIELDS = frozenset({"keypoints", "lefthand_kpts", "righthand_kpts", "head", "hands"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A class of things, and the kind of region that its supercategory or name tells."""

    name: str
    kind: RegionKind


def category(record: Record) -> Category:
    """The category of a record with `name` and perhaps `supercategory`."""
    name = text(record["name"])
    words = (str(record.get("kind", "")), str(record.get("supercategory", "")), name)
    known = (KIND_BY_WORD[word.lower()] for word in words if word.lower() in KIND_BY_WORD)
    return Category(name=name, kind=next(known, RegionKind.UNKNOWN))


def annotation(record: Record, categories: dict[str, Category]) -> Annotation:
    """The annotation of a record that also holds `where`."""
    found = _category_of(record, categories)
    return Annotation(
        where=record["where"],
        source_id=str(record["id"]),
        outline=_outline(record),
        labels=_labels(record, found),
        kind=RegionKind(str(record["kind"]).lower()) if record.get("kind") else found.kind,
        level=_level(record),
        parent_source_id="" if record.get("parent_id") is None else str(record["parent_id"]),
        caption=str(record.get("caption") or ""),
        concepts=tuple(_concept(item) for item in record.get("concepts") or ()),
        pose=_pose(record),
        gaze=_gaze(record["gaze"]) if record.get("gaze") else None,
        attributes=_attributes(record.get("attributes") or {}),
    )


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        message = f"expected a text, got {value!r}"
        raise AnnotationError(message)
    return value


def fraction(value: object) -> float:
    """A number in 0..1."""
    if not isinstance(value, int | float) or not 0.0 <= value <= 1.0:
        message = f"expected a number between 0 and 1, got {value!r}"
        raise AnnotationError(message)
    return float(value)


def _category_of(record: Record, categories: dict[str, Category]) -> Category:
    identifier = record.get("category_id")
    if identifier is None and (record.get("labels") or record.get("caption")):
        return Category(name="", kind=RegionKind.UNKNOWN)
    if str(identifier) not in categories:
        message = f"category_id {identifier} is not among the categories"
        raise AnnotationError(message)
    return categories[str(identifier)]


def _outline(record: Record) -> Outline:
    """The outline of the mask or polygons, or of the box where there are none."""
    segmentation = record.get("segmentation")
    if isinstance(segmentation, dict):
        return outline_of_rle(segmentation)
    if segmentation:
        return _whole(Outline(parts=tuple(_polygon(flat) for flat in segmentation)))
    if "bbox" not in record:
        message = "it has neither bbox nor segmentation; expected one of them"
        raise AnnotationError(message)
    return Outline.from_box(_box("bbox", record["bbox"]))


def _whole(outline: Outline) -> Outline:
    """The same area without self-crossing rings and overlapping parts, which COCO files may have."""
    area = to_shapely(outline)
    plain = len(outline.parts) == 1 and shapely.Polygon(outline.parts[0].exterior).is_valid
    return outline if plain else from_shapely(area)


def _polygon(flat: Any) -> Polygon:  # noqa: ANN401  a list from JSON
    numbers = _numbers("a polygon", flat)
    if len(numbers) % 2:
        message = f"a polygon needs x and y in turn, got {len(numbers)} numbers"
        raise AnnotationError(message)
    return Polygon(exterior=tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def _box(name: str, data: Any) -> Box:  # noqa: ANN401  a list from JSON
    numbers = _numbers(name, data, count=4)
    x, y, width, height = numbers
    if not (width > 0 and height > 0):
        message = f"{name} needs [x, y, width, height] with a size above 0, got {numbers}"
        raise AnnotationError(message)
    return Box(x0_px=x, y0_px=y, x1_px=x + width, y1_px=y + height)


def _point(name: str, data: Any) -> Point:  # noqa: ANN401  a list from JSON
    x, y = _numbers(name, data, count=2)
    return Point(x_px=x, y_px=y)


def _numbers(name: str, data: Any, *, count: int = 0) -> list[float]:  # noqa: ANN401  JSON
    plain = isinstance(data, list) and all(type(item) in (int, float) for item in data)
    if not plain or (count and len(data) != count) or not all(map(math.isfinite, data)):
        message = f"{name} needs {count or 'a list of'} finite numbers, got {str(data)[:60]}"
        raise AnnotationError(message)
    return [float(item) for item in data]


def _labels(record: Record, found: Category) -> tuple[Label, ...]:
    """The category's name, then the labels of our extension: texts, or objects of `Label`'s fields."""
    items = [found.name] if found.name else []
    items += [item for item in record.get("labels") or () if item != found.name]
    return tuple(
        Label(text=item) if isinstance(item, str) else from_record(Label, item) for item in items
    )


def _level(record: Record) -> Level:
    """The level given; otherwise a group for COCO's crowds, an entity for the rest."""
    if record.get("level"):
        return Level(str(record["level"]).lower())
    return Level.GROUP if record.get("iscrowd") else Level.ENTITY


def _concept(item: Any) -> Concept:  # noqa: ANN401  a text or an object from JSON
    """`iconclass:73A52`, or an object with scheme, notation and perhaps labels."""
    if isinstance(item, str):
        scheme, _, notation = item.partition(":")
        return Concept(scheme=Scheme(scheme.lower()), notation=notation)
    return from_record(Concept, item)


def _pose(record: Record) -> Pose | None:
    if not POSE_FIELDS & record.keys():
        return None
    points = _whole_body(record)
    places_px, confidences = points[:, :2], points[:, 2]
    body = tuple(
        KeyPoint(x_px=x, y_px=y, confidence=confidence)
        for x, y, confidence in points[: len(COCO_KEY_POINTS)].tolist()
    )
    pose = Pose(
        key_points=body if any(point.confidence for point in body) else (),
        head=_box("head", record["head"]) if record.get("head") else None,
        hands=tuple(_point("a hand", hand) for hand in record.get("hands") or ())
        or palms(places_px, confidences),
        index_fingers=index_fingers(places_px, confidences),
        method="annotation",
    )
    return pose if pose.key_points or pose.head or pose.hands or pose.index_fingers else None


def _whole_body(record: Record) -> NDArray[np.float64]:
    """The key points, 133 x 3 (x, y, confidence); zeros where the record has none.

    `keypoints` are COCO's 17 or all 133; `lefthand_kpts` and `righthand_kpts` are 21 each, as
    COCO-WholeBody has them.
    """
    points = np.zeros((WHOLE_BODY, 3))
    flat = record.get("keypoints") or []
    if flat:
        size = WHOLE_BODY if len(flat) == 3 * WHOLE_BODY else len(COCO_KEY_POINTS)
        points[:size] = _triples("keypoints", flat, size)
    for side, first in FIRST_OF_HAND.items():
        name = f"{side.value}hand_kpts"
        if record.get(name):
            points[first : first + HAND] = _triples(name, record[name], HAND)
    return points


def _triples(name: str, flat: Any, size: int) -> NDArray[np.float64]:  # noqa: ANN401  from JSON
    triples = np.array(_numbers(name, flat, count=3 * size)).reshape(size, 3)
    # Whole-body annotations may have a score in place of COCO's three steps.
    triples[:, 2] = [v if 0.0 < v < 1.0 else KEY_POINT_CONFIDENCES[int(v)] for v in triples[:, 2]]
    return triples


def _gaze(data: Record) -> AnnotatedGaze:
    direction = data.get("direction")
    target_id = data.get("target_id")
    state = data.get("state") or (GazeState.TARGET if target_id is not None else "unknown")
    return AnnotatedGaze(
        state=GazeState(str(state).lower()),
        direction=_unit(direction) if direction else None,
        target_source_id="" if target_id is None else str(target_id),
        origin=_point("gaze.origin", data["origin"]) if data.get("origin") else None,
        target=_point("gaze.target", data["target"]) if data.get("target") else None,
    )


def _unit(data: Any) -> tuple[float, float]:  # noqa: ANN401  a list from JSON
    x, y = _numbers("gaze.direction", data, count=2)
    length = math.hypot(x, y)
    if length == 0:
        message = "gaze.direction needs a length above 0, got [0, 0]"
        raise InvalidValueError(message)
    return (x / length, y / length)


def _attributes(data: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  JSON
    """An object of names and values, or a list of names; values that are no text become JSON."""
    pairs = data.items() if isinstance(data, dict) else ((str(name), True) for name in data)
    return tuple((n, v if isinstance(v, str) else json.dumps(v)) for n, v in pairs)
