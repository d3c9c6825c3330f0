"""Drafts of images: a picture joined with what sources say about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.ids import image_id
from iconograph.graph.model.run import Run
from iconograph.graph.model.work import Image, Work
from iconograph.ingest.gathering import Gathering
from iconograph.ingest.pictures import Picture
from iconograph.ingest.problems import Problem
from iconograph.ingest.sources.annotation import AnnotatedPicture
from iconograph.ingest.sources.metadata_csv import WorkRow
from iconograph.ingest.works import id_by_content, unknown_work


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one source says about one picture, and the run that brings it in."""

    run: Run
    annotated: AnnotatedPicture


def draft_of(
    picture: Picture, row: WorkRow | None, testimonies: Sequence[Testimony]
) -> tuple[ImageBundle, tuple[Problem, ...]]:
    """The draft of an image, and what could not be taken into it.

    A work without an id of its own is known by its picture's content, so that it stays the same
    work when the file is renamed.
    """
    work = _work_of(picture, row)
    image = Image(
        id=image_id(picture.sha256),
        work_id=work.id,
        uri=picture.path.resolve().as_uri(),
        width_px=picture.width_px,
        height_px=picture.height_px,
        rights_uri=work.rights_uri,
        source_id=next((t.annotated.source_id for t in testimonies if t.annotated.source_id), ""),
    )
    gathering = Gathering(image=image)
    for testimony in testimonies:
        gathering.take(testimony.annotated, testimony.run)
    concepts = (*(row.concepts if row else ()), *gathering.concepts)
    draft = ImageBundle(
        work=work,
        image=image,
        runs=tuple(gathering.runs),
        concepts=tuple({concept.id: concept for concept in concepts}.values()),
        regions=tuple(gathering.regions),
        edges=tuple(gathering.edges.values()),
    )
    return draft, tuple(gathering.problems)


def _work_of(picture: Picture, row: WorkRow | None) -> Work:
    image = image_id(picture.sha256)
    if row is None:
        return unknown_work(image, picture.path.name)
    return row.work if row.has_id else dataclasses.replace(row.work, id=id_by_content(image))
