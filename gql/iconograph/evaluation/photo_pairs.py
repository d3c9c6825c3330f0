"""Photographs with annotated pairs of things: V-COCO, HICO-DET and VRD, as bundles with truths.

The files are JSON with `images`. V-COCO: `pairs` of `person_px`, `object_px`, `action`, `object`.
HICO-DET: `size` and `pairs` of `p`, `o`, `verb`, `object`. VRD: `objects` (`id`, `label`, `box_px`)
and `relations` of subject id, predicate, object id. Boxes are x0, y0, x1, y1 in pixels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.annotations import RUN
from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Box, Outline
from iconograph.graph.model.ids import image_id, work_id
from iconograph.graph.model.region import Label, Region, RegionKind, region_of
from iconograph.graph.model.work import Image, Text, Work

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from iconograph.graph.model.ids import RegionId

SAME_THING_IOU = 0.5
"""Boxes of one label that overlap so much are one thing that was boxed once for each of its pairs."""

SAME_FIGURE_IOU = 0.7
"""A person boxed as the object of another's act is not paired with its own box."""

HOLDING = frozenset({"hold obj", "carry obj", "hold", "carry"})
NEXT_TO = frozenset(
    {"next to", "beside", "near", "by", "adjacent to"}
    | {f"{verb} next to" for verb in ("sit", "stand", "walk", "sleep")}
    | {"park next", "walk beside"}
)
PERSONS = frozenset({"person", "man", "woman", "boy", "girl", "child"})
ANIMALS = frozenset(
    {"bear", "bird", "cat", "cow", "dog", "elephant", "giraffe", "horse", "sheep", "zebra"}
)

Record = dict[str, Any]
Corners = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhotoPairs:
    """A photograph's things as a bundle, the pairs that are judged, and which of them hold."""

    bundle: ImageBundle
    judged: frozenset[tuple[RegionId, RegionId]]
    true: frozenset[tuple[RegionId, RegionId]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhotoSet:
    """Photographs that have a pair to judge, and the kind of relation that they are judged for."""

    kind: EdgeKind
    photographs: tuple[PhotoPairs, ...]


def read_photo_pairs(path: Path) -> PhotoSet:
    """The photographs of a file of any of the three forms that have a pair to judge.

    Persons and objects of V-COCO and HICO-DET are judged for holding or carrying, each person with
    each object of the photograph. All pairs of VRD are judged for being next to each other, and
    stand both ways. Raises `AnnotationError` on anything that does not fit.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["images"]
        is_related = any("relations" in record for record in records)
        read = (_related(r) if is_related else _acting(r) for r in records)
        return PhotoSet(
            kind=EdgeKind.BESIDE if is_related else EdgeKind.HOLDS,
            photographs=tuple(pairs for pairs in read if pairs.judged),
        )
    except OSError as error:
        message = f"cannot read the annotations {path}: {error.strerror or error}"
        raise AnnotationError(message) from error
    except (ValueError, KeyError, TypeError) as error:
        found = f"no {error}" if isinstance(error, KeyError) else str(error)
        message = (
            f"{path.name} is no list of annotated photographs: found {found}; "
            "expected the form of V-COCO, HICO-DET or VRD"
        )
        raise AnnotationError(message) from error


def _acting(record: Record) -> PhotoPairs:
    """Persons and what they do with which objects."""
    acts = [
        (
            act.get("person_px") or act["p"],
            act.get("object_px") or act["o"],
            act["object"],
            act.get("action") or act["verb"],
        )
        for act in record["pairs"]
    ]
    persons = _Things.of((act[0], "person") for act in acts)
    objects = _Things.of((act[1], act[2]) for act in acts)
    regions = _regions(record, [*persons.boxed, *objects.boxed])
    people, things = regions[: len(persons.boxed)], regions[len(persons.boxed) :]
    held = {
        (people[p].id, things[o].id)
        for p, o, act in zip(persons.places, objects.places, acts, strict=True)
        if act[3] in HOLDING
    }
    judged = {
        (person.id, thing.id)
        for person in people
        for thing in things
        if thing.kind is not RegionKind.PERSON or _iou(person.box, thing.box) < SAME_FIGURE_IOU
    }
    return _pairs(record, regions, judged, held & judged)


def _related(record: Record) -> PhotoPairs:
    """Things next to each other."""
    regions = _regions(record, [(thing["box_px"], thing["label"]) for thing in record["objects"]])
    by_id = {t["id"]: r for t, r in zip(record["objects"], regions, strict=True)}
    near = {
        (by_id[subject].id, by_id[object_].id)
        for subject, predicate, object_ in record["relations"]
        if predicate in NEXT_TO and subject != object_
    }
    both = near | {(b, a) for a, b in near}
    judged = {(a.id, b.id) for a in regions for b in regions if a.id != b.id}
    return _pairs(record, regions, judged, both & judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Things:
    """Boxes with labels, each thing once, and the place of the thing of each box that came."""

    boxed: list[tuple[Corners, str]]
    places: list[int]

    @classmethod
    def of(cls, came: Iterable[tuple[Corners, str]]) -> _Things:
        boxed: list[tuple[Corners, str]] = []
        places: list[int] = []
        for corners, label in came:
            same = next(
                (
                    place
                    for place, (known, name) in enumerate(boxed)
                    if name == label and _iou(_box(known), _box(corners)) >= SAME_THING_IOU
                ),
                None,
            )
            if same is None:
                boxed.append((corners, label))
            places.append(len(boxed) - 1 if same is None else same)
        return cls(boxed=boxed, places=places)


def _pairs(
    record: Record,
    regions: Sequence[Region],
    judged: set[tuple[RegionId, RegionId]],
    true: set[tuple[RegionId, RegionId]],
) -> PhotoPairs:
    work, image = _work_and_image(record, [region.box for region in regions])
    return PhotoPairs(
        bundle=ImageBundle(work=work, image=image, runs=(RUN,), regions=tuple(regions)),
        judged=frozenset(judged),
        true=frozenset(true),
    )


def _regions(record: Record, boxed: Sequence[tuple[Corners, str]]) -> list[Region]:
    boxes = [_box(corners) for corners, _ in boxed]
    _, image = _work_and_image(record, boxes)
    taken: dict[Box, int] = {}
    regions = []
    for box, (_, label) in zip(boxes, boxed, strict=True):
        ordinal = taken.get(box, 0)
        taken[box] = ordinal + 1
        regions.append(
            region_of(
                image,
                Outline.from_box(box),
                run_id=RUN.id,
                kind=_kind(label),
                ordinal=ordinal,
                labels=(Label(text=label.replace("_", " ")),),
            )
        )
    return regions


def _work_and_image(record: Record, boxes: Iterable[Box]) -> tuple[Work, Image]:
    """The photograph; where its size is not given, it reaches as far as its boxes."""
    name = record["file"]
    boxes = list(boxes)
    width, height = record.get("size") or (0, 0)
    work = Work(id=work_id(name), titles=(Text(text=name),))
    return work, Image(
        id=image_id(hashlib.sha256(name.encode()).hexdigest()),
        work_id=work.id,
        uri=f"file:///{name}",
        width_px=max(int(width), *(int(box.x1_px) + 1 for box in boxes), 1),
        height_px=max(int(height), *(int(box.y1_px) + 1 for box in boxes), 1),
    )


def _kind(label: str) -> RegionKind:
    if label in PERSONS:
        return RegionKind.PERSON
    return RegionKind.ANIMAL if label in ANIMALS else RegionKind.OBJECT


def _box(corners: Corners) -> Box:
    """The box; one without extent, of which there are some, is made a pixel wide."""
    x0, y0, x1, y1 = (max(0.0, float(corner)) for corner in corners)
    return Box(x0_px=x0, y0_px=y0, x1_px=max(x1, x0 + 1.0), y1_px=max(y1, y0 + 1.0))


def _iou(a: Box, b: Box) -> float:
    across = min(a.x1_px, b.x1_px) - max(a.x0_px, b.x0_px)
    down = min(a.y1_px, b.y1_px) - max(a.y0_px, b.y0_px)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / (a.area_px2 + b.area_px2 - across * down)
