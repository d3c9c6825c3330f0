"""Annotations in COCO's JSON, with the extensions that iconography needs.

The file is an object with `images` (id, file_name, width, height), `annotations` (id, image_id,
category_id, bbox or segmentation, keypoints, caption, attributes) and `categories` (id, name,
supercategory). Key points may be COCO-WholeBody's. Beyond COCO:

- an annotation may have `level`, `kind`, `parent_id`, `head` [x, y, w, h], `hands` [[x, y], ...],
  `gaze` {state, target_id, direction, origin, target}, `labels` and `concepts` (see `coco_fields`);
- the file may have `relations`: subject_id, object_id, predicate, and if wanted confidence.

Whatever cannot be used becomes a problem; the rest is read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from iconograph.graph.errors import AnnotationError, IconographError
from iconograph.ingest.problems import Problem
from iconograph.ingest.sources import coco_fields
from iconograph.ingest.sources.annotation import (
    AnnotatedPicture,
    Annotation,
    AnnotationFile,
    Relation,
)
from iconograph.ingest.sources.coco_fields import Category
from iconograph.ingest.sources.predicates import edge_kind

Record = dict[str, Any]
T = TypeVar("T")

EXPECTED = "expected a COCO object with lists named images, annotations and categories"
BROKEN_FIELD = (IconographError, KeyError, TypeError, ValueError, OverflowError)
"""What reading a field of the wrong form raises."""


def read_coco(path: Path) -> AnnotationFile:
    """The annotations of a file, by picture; raises `AnnotationError` when it is no COCO file."""
    return _File(name=path.name, record=_loaded(path)).parsed()


@dataclass(slots=True, kw_only=True)
class _File:
    """A file while it is parsed: its record, and the problems found so far."""

    name: str
    record: Record
    problems: list[Problem] = field(default_factory=list)

    def parsed(self) -> AnnotationFile:
        categories = self._each("categories", coco_fields.category)
        images = self._each("images", _picture)
        annotations = self._each("annotations", lambda a: _annotation(a, images, categories))
        relations = self._each("relations", lambda r: _relation(r, annotations))
        return AnnotationFile(
            name=self.name,
            pictures=_joined(images, annotations, relations),
            problems=tuple(self.problems),
        )

    def _each(self, key: str, parse: Callable[[Record], T]) -> dict[str, T]:
        """What `parse` makes of each record in a list, by id; those without one by their place."""
        singular = "category" if key == "categories" else key.removesuffix("s")
        records = self.record.get(key, [])
        if not isinstance(records, list):
            found = type(records).__name__
            message = f"{self.name}: {key} is {found}, not a list; {EXPECTED}"
            raise AnnotationError(message)
        parsed: dict[str, T] = {}
        for place, record in enumerate(records, 1):
            has_id = isinstance(record, dict) and "id" in record
            identifier = str(record["id"]) if has_id else f"at place {place}"
            where = f"{self.name} {singular} {identifier}"
            if identifier in parsed:
                self._add(where, "the id is used twice; the first is kept, ids must differ")
                continue
            try:
                parsed[identifier] = parse({"id": identifier, **record, "where": where})
            except BROKEN_FIELD as error:
                what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
                self._add(where, what)
        return parsed

    def _add(self, where: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=AnnotationError.code, message=message))


def _loaded(path: Path) -> Record:
    try:
        record = json.loads(path.read_bytes())
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; check the path"
        raise AnnotationError(message) from error
    except (ValueError, RecursionError) as error:
        size = path.stat().st_size
        found = f"not JSON: {error}" if size else "empty (0 bytes)"
        message = f"{path.name} is {found}; {EXPECTED}"
        raise AnnotationError(message) from error
    if not isinstance(record, dict) or "images" not in record:
        found = f"the keys {sorted(record)[:6]}" if isinstance(record, dict) else "no object"
        message = f"{path.name} has {found}; {EXPECTED}"
        raise AnnotationError(message)
    return record


def _picture(record: Record) -> AnnotatedPicture:
    width_px, height_px = record.get("width"), record.get("height")
    return AnnotatedPicture(
        where=record["where"],
        file=coco_fields.text(record["file_name"]),
        source_id=str(record["id"]),
        size_px=(int(width_px), int(height_px)) if width_px and height_px else None,
    )


def _annotation(
    record: Record, images: dict[str, AnnotatedPicture], categories: dict[str, Category]
) -> tuple[str, Annotation]:
    """The id of the annotated image, and the annotation."""
    image_id = str(record["image_id"])
    if image_id not in images:
        message = f"image_id {image_id} is not among the images"
        raise AnnotationError(message)
    return image_id, coco_fields.annotation(record, categories)


def _relation(
    record: Record, annotations: dict[str, tuple[str, Annotation]]
) -> tuple[str, Relation]:
    """The id of the image that both ends are in, and the relation."""
    ends = [str(record["subject_id"]), str(record["object_id"])]
    for end in ends:
        if end not in annotations:
            message = f"annotation {end} is not in the file, or could not be used"
            raise AnnotationError(message)
    image_ids = {annotations[end][0] for end in ends}
    if len(image_ids) > 1:
        message = f"annotations {' and '.join(ends)} are of two images; expected one image"
        raise AnnotationError(message)
    if ends[0] == ends[1]:
        message = f"annotation {ends[0]} is both subject and object; expected two"
        raise AnnotationError(message)
    relation = Relation(
        where=record["where"],
        kind=edge_kind(coco_fields.text(record["predicate"])),
        subject_source_id=ends[0],
        object_source_id=ends[1],
        confidence=coco_fields.fraction(record.get("confidence", 1.0)),
    )
    return image_ids.pop(), relation


def _joined(
    images: dict[str, AnnotatedPicture],
    annotations: dict[str, tuple[str, Annotation]],
    relations: dict[str, tuple[str, Relation]],
) -> tuple[AnnotatedPicture, ...]:
    annotations_of: dict[str, list[Annotation]] = defaultdict(list)
    for image_id, annotation in annotations.values():
        annotations_of[image_id].append(annotation)
    relations_of: dict[str, list[Relation]] = defaultdict(list)
    for image_id, relation in relations.values():
        relations_of[image_id].append(relation)
    return tuple(
        AnnotatedPicture(
            where=image.where,
            file=image.file,
            source_id=image_id,
            size_px=image.size_px,
            annotations=tuple(annotations_of[image_id]),
            relations=tuple(relations_of[image_id]),
        )
        for image_id, image in images.items()
    )
