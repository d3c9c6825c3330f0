"""Takes drafts of images through stages into a store, one image in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass, field
from typing import Protocol

from iconograph.graph.errors import (
    InputError,
    InvalidValueError,
    ModelError,
    PictureError,
    StoreError,
    VectorSpaceError,
)
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.ids import ImageId
from iconograph.graph.store.port import GraphStore
from iconograph.ingest.identity import changes_nothing, reconciled
from iconograph.ingest.items import Item
from iconograph.ingest.pictures import Picture
from iconograph.ingest.problems import Problem
from iconograph.ingest.report import (
    Event,
    ImageDone,
    ImageSkipped,
    IngestReport,
    ProblemFound,
    Started,
)

BAD_IMAGE = (InputError, InvalidValueError, ModelError, VectorSpaceError)
"""Errors that concern one image: it is left out, the others are ingested."""


class Stage(Protocol):
    """A step that adds something to a draft, such as regions, edges or vectors."""

    @property
    def name(self) -> str:
        """What progress and problems call it."""
        ...

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with more in it; an error of one image's input leaves that image out."""
        ...


def ingest(
    items: Iterable[Item | Problem],
    store: GraphStore,
    *,
    stages: Sequence[Stage] = (),
    on_event: Callable[[Event], None] = lambda _: None,
) -> IngestReport:
    """Bring items into the store; what cannot be used is reported and the rest is ingested.

    Each image is written in one transaction, so an ingest that was stopped at any point is taken
    up by running it again. What is stored already and equal is not written again. A store that
    cannot be written, and an interrupt from the keyboard, end the ingest with a report; errors
    that concern no single image, such as a missing model, are raised.
    """
    work = _Ingest(store=store, stages=tuple(stages), on_event=on_event)
    started_s = time.perf_counter()
    stopped, interrupted = "", False
    on_event(Started(total=len(items) if isinstance(items, Sized) else None))
    try:
        for item in items:
            work.take(item)
    except KeyboardInterrupt:
        interrupted = True
    except StoreError as error:
        work.report(Problem.of(store.url, error))
        stopped = str(error)
    return IngestReport(
        written=work.written,
        unchanged=work.unchanged,
        regions=work.regions,
        edges=work.edges,
        seconds_s=time.perf_counter() - started_s,
        problems=tuple(work.problems),
        stopped=stopped,
        interrupted=interrupted,
    )


@dataclass(slots=True, kw_only=True)
class _Ingest:
    """An ingest on its way: its counts and problems so far."""

    store: GraphStore
    stages: tuple[Stage, ...]
    on_event: Callable[[Event], None]
    problems: list[Problem] = field(default_factory=list)
    places: dict[ImageId, str] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0
    regions: int = 0
    edges: int = 0

    def take(self, item: Item | Problem) -> None:
        if isinstance(item, Problem):
            self.report(item)
            return
        name = item.draft.image.file_name
        try:
            self._require_new(item)
            self._store(item, name)
        except BAD_IMAGE as error:
            self.report(Problem.of(name, error))
            self.on_event(ImageSkipped(name=name))

    def report(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.on_event(ProblemFound(problem=problem))

    def _require_new(self, item: Item) -> None:
        image = item.draft.image
        if image.id in self.places:
            first = self.places[image.id]
            message = f"the file is the same, byte for byte, as {first}; keep one of them"
            raise PictureError(message)
        self.places[image.id] = str(item.picture.path) if item.picture else image.uri

    def _store(self, item: Item, name: str) -> None:
        started_s = time.perf_counter()
        draft = item.draft
        for stage in self.stages:
            draft = stage(draft, item.picture)
        stored = self.store.bundle(draft.image.id)
        bundle = reconciled(draft, stored)
        unchanged = changes_nothing(bundle, stored)
        if not unchanged:
            self.store.write(bundle)
        self.written += not unchanged
        self.unchanged += unchanged
        self.regions += len(bundle.regions)
        self.edges += len(bundle.edges)
        self.on_event(
            ImageDone(
                name=name,
                regions=len(bundle.regions),
                edges=len(bundle.edges),
                written=not unchanged,
                seconds_s=time.perf_counter() - started_s,
            )
        )
