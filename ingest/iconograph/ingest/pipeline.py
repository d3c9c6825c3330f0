"""Takes drafts of images through stages into a store, one image in one transaction."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, runtime_checkable

from shapely.errors import GEOSException

from iconograph.graph.errors import (
    InputError,
    InvalidValueError,
    ModelError,
    ModelMemoryError,
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
    Pace,
    ProblemFound,
    Started,
)
from iconograph.ingest.stages.known import with_known

BAD_IMAGE = (InputError, InvalidValueError, ModelError, VectorSpaceError)
"""Errors that concern one image: it is left out, the others are ingested."""


class Stage(Protocol):
    """A step that adds something to a draft, such as regions, edges or vectors.

    An ingest with several workers calls it from several threads at once.
    """

    @property
    def name(self) -> str:
        """What progress and problems call it."""
        ...

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with more in it; an error of one image's input leaves that image out."""
        ...


@runtime_checkable
class Noting(Protocol):
    """A stage that has something to tell besides what it adds to drafts."""

    def take_notes(self) -> tuple[Problem, ...]:
        """What there is to tell since this was last asked."""
        ...


def ingest(  # noqa: PLR0913  one argument for each choice
    items: Iterable[Item | Problem],
    store: GraphStore,
    *,
    stages: Sequence[Stage] = (),
    workers: int = 1,
    keep_known: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> IngestReport:
    """Bring items into the store; what cannot be used is reported and the rest is ingested.

    Each image is written in one transaction, so an ingest that was stopped at any point is taken
    up by running it again. What is stored already and equal is not written again. A store that
    cannot be written, and an interrupt from the keyboard, end the ingest with a report; errors
    that concern no single image, such as a missing model, are raised.

    `workers` threads run the stages; this thread reads the items and writes, both in the order of
    the items, and holds at most one picture more than there are workers. With `keep_known` a draft
    starts from what people said of the image before (see `stages.known.with_known`).
    """
    work = _Ingest(store=store, stages=tuple(stages), on_event=on_event, keep_known=keep_known)
    started_s = time.perf_counter()
    stopped, interrupted = "", False
    work.total = len(items) if isinstance(items, Sized) else None
    on_event(Started(total=work.total))
    try:
        with closing(work.prepared(items, workers)) as prepared:
            for item, draft in prepared:
                work.take(item, draft)
    except KeyboardInterrupt:
        interrupted = True
    except StoreError as error:
        work.report(Problem.of(store.url, error))
        stopped = str(error)
    work.take_notes()
    return IngestReport(
        written=work.written,
        unchanged=work.unchanged,
        regions=work.regions,
        edges=work.edges,
        seconds_s=time.perf_counter() - started_s,
        problems=tuple(work.problems),
        stopped=stopped,
        interrupted=interrupted,
        stage_seconds=tuple(work.stage_seconds.items()),
    )


Timed = tuple[ImageBundle, dict[str, float]]
"""A finished draft, and the seconds that each stage took for it."""

Prepared = tuple[Item | Problem, Callable[[], Timed] | None]
"""An item, and what gives its finished draft, or raises what was wrong with it."""


@dataclass(slots=True, kw_only=True)
class _Ingest:
    """An ingest on its way: its counts and problems so far."""

    store: GraphStore
    stages: tuple[Stage, ...]
    on_event: Callable[[Event], None]
    keep_known: bool
    total: int | None = None
    problems: list[Problem] = field(default_factory=list)
    places: dict[ImageId, str] = field(default_factory=dict)
    stage_seconds: Counter[str] = field(default_factory=Counter)
    pace: Pace = field(default_factory=Pace)
    written: int = 0
    unchanged: int = 0
    regions: int = 0
    edges: int = 0

    def prepared(self, items: Iterable[Item | Problem], workers: int) -> Generator[Prepared]:
        """Items in their order, each with its finished draft to come."""
        if workers <= 1:
            for item in items:
                yield item, None if isinstance(item, Problem) else self._begun(item)
            return
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(workers, thread_name_prefix="stages")
        waiting: deque[Prepared] = deque()
        try:
            for item in items:
                if isinstance(item, Problem):
                    waiting.append((item, None))
                else:
                    waiting.append((item, pool.submit(self._begun(item)).result))
                while sum(draft is not None for _, draft in waiting) > workers:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def take(self, item: Item | Problem, draft: Callable[[], Timed] | None) -> None:
        """Store a finished draft, or report why there is none."""
        if isinstance(item, Problem) or draft is None:
            if isinstance(item, Problem):
                self.report(item)
            return
        name = item.draft.image.file_name
        try:
            self._store(*draft(), name)
        except BAD_IMAGE as error:
            self.report(Problem.of(name, error))
            self.on_event(ImageSkipped(name=name))
        self.take_notes()
        self.on_event(self.pace.after_one_more(self.total))

    def report(self, problem: Problem) -> None:
        """Keep a problem, and tell of it."""
        self.problems.append(problem)
        self.on_event(ProblemFound(problem=problem))

    def take_notes(self) -> None:
        """Report what stages have to tell."""
        for stage in self.stages:
            for note in stage.take_notes() if isinstance(stage, Noting) else ():
                self.report(note)

    def _begun(self, item: Item) -> Callable[[], Timed]:
        """What will give the draft of an item; all that needs the store was read from it before."""
        image = item.draft.image
        if image.id in self.places:
            first = self.places[image.id]
            message = f"the file is the same, byte for byte, as {first}; keep one of them"
            return partial(_raise, PictureError(message))
        self.places[image.id] = str(item.picture.path) if item.picture else image.uri
        stored = self.store.bundle(image.id) if self.keep_known else None
        draft = with_known(item.draft, stored) if stored else item.draft
        return partial(_finished, draft, item.picture, self.stages)

    def _store(self, draft: ImageBundle, stage_seconds: dict[str, float], name: str) -> None:
        started_s = time.perf_counter()
        stored = self.store.bundle(draft.image.id)
        bundle = reconciled(draft, stored)
        unchanged = changes_nothing(bundle, stored)
        if not unchanged:
            self.store.write(bundle)
        self.written += not unchanged
        self.unchanged += unchanged
        self.regions += len(bundle.regions)
        self.edges += len(bundle.edges)
        stage_seconds["store"] = time.perf_counter() - started_s
        self.stage_seconds.update(stage_seconds)
        self.on_event(
            ImageDone(
                name=name,
                regions=len(bundle.regions),
                edges=len(bundle.edges),
                written=not unchanged,
                seconds_s=sum(stage_seconds.values()),
            )
        )


def _finished(draft: ImageBundle, picture: Picture | None, stages: Sequence[Stage]) -> Timed:
    """The draft after all stages; the picture's pixels are let go."""
    seconds: dict[str, float] = {}
    try:
        for stage in stages:
            started_s = time.perf_counter()
            draft = stage(draft, picture)
            seconds[stage.name] = time.perf_counter() - started_s
    except MemoryError as error:
        size = f"{draft.image.width_px} x {draft.image.height_px} px"
        message = (
            f"there was too little memory for a picture of {size}; "
            "give fewer --workers, --budget fast or a smaller copy"
        )
        raise ModelMemoryError(message) from error
    except GEOSException as error:
        message = (
            f"an outline in it could not be cut or joined ({error}); "
            "please report the picture and its regions"
        )
        raise InvalidValueError(message) from error
    finally:
        if picture is not None:
            vars(picture).pop("pixels", None)
    return draft, seconds


def _raise(error: PictureError) -> Timed:
    raise error
