"""Pictures annotated by eye, with what may and may not be counted against a prediction.

The format: `images`, each with `image` (a file name), `title`, `artist`, `width`, `height`,
`entities` (`id`, `label`, `kind`, `box`, and for figures `head`, `hands`, `gaze`), `relations`
(`subject`, `relation`, `object`), `uncertain` (triples) and `complete_for` (relation names).
Places are fractions of the picture; relation names are those of `EdgeKind` in lower case with
hyphens.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import AnnotationError, InvalidValueError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind, EdgeLayer, edge_of
from iconograph.graph.model.geometry import Box, Outline, Point
from iconograph.graph.model.ids import RegionId, image_id, work_id
from iconograph.graph.model.pose import Gaze, GazeState, Pose
from iconograph.graph.model.region import Label, Region, RegionKind, region_of
from iconograph.graph.model.run import run_of
from iconograph.graph.model.work import Image, Maker, Text, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Triple = tuple[EdgeKind, RegionId, RegionId]
"""A statement; the ends of a symmetric kind stand in the order of their ids."""

Record = dict[str, Any]
"""A JSON object as it was read."""

METHOD = "annotation"
RUN = run_of("annotated by eye", started_at="1970-01-01T00:00:00Z")
NEVER_COMPLETE = frozenset({EdgeKind.TOUCHES, EdgeKind.POINTS_AT})
FIGURES = frozenset({RegionKind.PERSON, RegionKind.ANIMAL})
GAZE_STATES = {
    "viewer": GazeState.VIEWER,
    "outside": GazeState.OUTSIDE,
    "closed": GazeState.CLOSED,
    None: GazeState.UNKNOWN,
}


class Verdict(StrEnum):
    """What the annotation says of a statement; UNJUDGED ones are not counted either way."""

    TRUE = "true"
    FALSE = "false"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnnotatedPicture:
    """A picture's bundle (edges ASSERTED, `source_id` the entity's id) and its judgements.

    `true` are the statements that hold, `regions` the listed entities by region id.
    """

    bundle: ImageBundle
    regions: Mapping[RegionId, Region]
    true: frozenset[Triple]
    uncertain: frozenset[Triple]
    complete: frozenset[EdgeKind]

    def verdict(self, kind: EdgeKind, subject: RegionId, object_: RegionId) -> Verdict:
        """Whether the statement is true, false or not to be counted.

        It is false only if its kind is complete for the picture, both ends are listed and it is not
        uncertain. BESIDE is complete between persons and animals only; the gaze of a person for whom
        none was given is uncertain unless listed.
        """
        triple = triple_of(kind, subject, object_)
        if triple in self.true:
            return Verdict.TRUE
        if triple in self.uncertain or kind not in self.complete - NEVER_COMPLETE:
            return Verdict.UNJUDGED
        ends = [self.regions.get(end) for end in (subject, object_)]
        first, second = ends
        if first is None or second is None:
            return Verdict.UNJUDGED
        if kind is EdgeKind.BESIDE and not {first.kind, second.kind} <= FIGURES:
            return Verdict.UNJUDGED
        if kind is EdgeKind.GAZES_AT and first.gaze is None:
            return Verdict.UNJUDGED
        return Verdict.FALSE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnnotatedSet:
    """Annotated pictures in the order of the file."""

    pictures: tuple[AnnotatedPicture, ...]


def triple_of(kind: EdgeKind, subject: RegionId, object_: RegionId) -> Triple:
    """The statement in its one written order."""
    if kind.symmetric and subject > object_:
        return (kind, object_, subject)
    return (kind, subject, object_)


def read_annotations(path: Path, pictures: Path | None = None) -> AnnotatedSet:
    """The annotated pictures of a file; raises `AnnotationError` on anything that does not fit.

    An image's id is the SHA-256 of its file where `pictures` is a folder that has it, else of its
    name.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["images"]
        return AnnotatedSet(pictures=tuple(_picture(record, pictures) for record in records))
    except OSError as error:
        message = f"cannot read the annotations {path}: {error.strerror or error}"
        raise AnnotationError(message) from error
    except AnnotationError as error:
        message = f"{path.name}, {error}"
        raise AnnotationError(message) from error
    except (ValueError, KeyError, TypeError) as error:
        message = (
            f"{path.name} is no list of annotated pictures: found {_found(error)}; "
            f"expected a JSON object with `images`, each with `image` and `entities`"
        )
        raise AnnotationError(message) from error


def _picture(record: Record, pictures: Path | None) -> AnnotatedPicture:
    name = record["image"]
    try:
        work = _work(record)
        image = _image(record, work, pictures)
        by_entity = _regions(record["entities"], image)
        regions = tuple(by_entity.values())
        listed = [(r["subject"], r["relation"], r["object"]) for r in record["relations"]]
        true = dict.fromkeys(_triples(listed, by_entity))
        edges = tuple(_edge(triple, image) for triple in true)
        return AnnotatedPicture(
            bundle=ImageBundle(work=work, image=image, runs=(RUN,), regions=regions, edges=edges),
            regions={region.id: region for region in regions},
            true=frozenset(true),
            uncertain=frozenset(_triples(record.get("uncertain", ()), by_entity)),
            complete=frozenset(_kind(kind) for kind in record.get("complete_for", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"picture {name}: {_found(error)} cannot be used; mend or remove that picture"
        raise AnnotationError(message) from error


def _found(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _work(record: Record) -> Work:
    artist = record.get("artist")
    return Work(
        id=work_id(record["image"]),
        titles=(Text(text=record.get("title") or record["image"], language="en"),),
        makers=(Maker(name=artist, role="artist"),) if artist else (),
    )


def _image(record: Record, work: Work, pictures: Path | None) -> Image:
    name = record["image"]
    file = pictures / name if pictures else None
    content = file.read_bytes() if file and file.is_file() else name.encode()
    return Image(
        id=image_id(hashlib.sha256(content).hexdigest()),
        work_id=work.id,
        uri=file.resolve().as_uri() if file and file.is_file() else f"file:///{name}",
        width_px=record["width"],
        height_px=record["height"],
    )


def _regions(entities: list[Record], image: Image) -> dict[str, Region]:
    """Regions by entity id; of those with the same box each has its own ordinal."""
    regions: dict[str, Region] = {}
    taken: dict[Box, int] = {}
    for entity in entities:
        box = _box(entity["box"], image)
        ordinal = taken.get(box, 0)
        taken[box] = ordinal + 1
        regions[entity["id"]] = region_of(
            image,
            Outline.from_box(box),
            run_id=RUN.id,
            kind=RegionKind(entity["kind"]),
            ordinal=ordinal,
            labels=(Label(text=entity["label"]),),
            pose=_pose(entity, image),
            source_id=entity["id"],
        )
    if len(regions) != len(entities):
        message = f"found {len(entities)} entities with {len(regions)} different ids"
        raise InvalidValueError(message)
    return {
        entity["id"]: replace(
            regions[entity["id"]], gaze=_gaze(entity.get("gaze"), regions[entity["id"]], regions)
        )
        for entity in entities
    }


def _box(corners: list[float], image: Image) -> Box:
    x0, y0, x1, y1 = (min(max(float(corner), 0.0), 1.0) for corner in corners)
    width, height = image.width_px, image.height_px
    return Box(x0_px=x0 * width, y0_px=y0 * height, x1_px=x1 * width, y1_px=y1 * height)


def _pose(entity: Record, image: Image) -> Pose | None:
    head, hands = entity.get("head"), entity.get("hands") or ()
    if not head and not hands:
        return None
    return Pose(
        head=_box(head, image) if head else None,
        hands=tuple(Point(x_px=x * image.width_px, y_px=y * image.height_px) for x, y in hands),
        method=METHOD,
    )


def _gaze(record: Record | None, region: Region, regions: Mapping[str, Region]) -> Gaze | None:
    if record is None:
        return None
    target: str | None = record.get("target")
    direction = record.get("direction")
    aim = regions[target] if target and target not in GAZE_STATES else None
    head = region.pose.head if region.pose else None
    return Gaze(
        state=GAZE_STATES.get(target, GazeState.TARGET),
        origin=(head or region.box).centre,
        direction=_unit(direction) if direction else None,
        target_region=aim.id if aim else None,
        method=METHOD,
    )


def _unit(direction: list[float]) -> tuple[float, float]:
    x, y = direction
    length = math.hypot(x, y)
    if length == 0:
        message = f"a gaze direction needs a length, got {direction}"
        raise InvalidValueError(message)
    return (x / length, y / length)


def _triples(words: Iterable[Iterable[str]], regions: Mapping[str, Region]) -> Iterable[Triple]:
    """Triples of region ids from (subject id, relation name, object id)."""
    for subject, name, object_ in words:
        yield triple_of(_kind(name), regions[subject].id, regions[object_].id)


def _kind(name: str) -> EdgeKind:
    return EdgeKind(name.upper().replace("-", "_"))


def _edge(triple: Triple, image: Image) -> Edge:
    kind, subject, object_ = triple
    return edge_of(
        kind,
        subject,
        object_,
        image_id=image.id,
        confidence=1.0,
        layer=EdgeLayer.ASSERTED,
        method=METHOD,
        run_id=RUN.id,
    )
