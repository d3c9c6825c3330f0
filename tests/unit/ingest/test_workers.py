"""Several pictures worked on at once, and extraction within an ingest."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InputError, MissingModelError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, EdgeLayer
from iconograph.graph.model.region import Level, Region
from iconograph.graph.store.open import open_store
from iconograph.graph.store.port import GraphStore
from iconograph.graph.store.transfer import compare_stores
from iconograph.ingest.annotated import AnnotatedItems, annotated_items
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.items import Item
from iconograph.ingest.pictures import Picture
from iconograph.ingest.pipeline import Stage, ingest
from iconograph.ingest.problems import Problem
from iconograph.ingest.report import Event, ImageDone, Pace, Progress
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.looks import Models
from tests.builders import a_run, an_edge
from tests.unit.ingest.folders import NOON, eden_coco, eden_items, write_json
from tests.unit.ingest.small_models import (
    Blots,
    ColourVectors,
    Hungry,
    Nonsense,
    one_region_each,
    save_painted,
)
from tests.unit.ingest.test_pipeline import Failing

MAN, BALL = ("red", (20, 20, 60, 100)), ("blue", (100, 60, 130, 90))
PICTURES = 12


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        yield opened


def painted_folder(folder: Path, *, pictures: int = PICTURES) -> Path:
    target = folder / "painted"
    target.mkdir(exist_ok=True)
    for number in range(pictures):
        x = 20 + number
        thing = ("red", (x, 20, x + 40, 100))
        save_painted(target / f"{number:02d}.png", thing, BALL, size=(200 + number, 120))
    return target


def items_of(folder: Path, **sources: Any) -> AnnotatedItems:
    return annotated_items([folder], now=NOON, **sources)


def extraction(*, cache: OutputCache | None = None, detector: Any = None) -> tuple[Stage, ...]:
    models = Models(detectors=(detector or Blots(),))
    find = FindRegions(models, profile="test", assemble=one_region_each, cache=cache, now=NOON)
    return (find, ImageVectors(ColourVectors(), cache=cache))


class Waiting:
    """Goes on once so many pictures are worked on at the same time."""

    name = "waiting"

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties, timeout=10)

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        del picture
        self._barrier.wait()
        return draft


class Watching:
    """Counts the pictures whose pixels are held while it is called."""

    name = "watching"

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.most = 0

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        assert picture
        self.pictures.append(picture)
        held = [p for p in self.pictures if "pixels" in vars(p)]
        self.most = max(self.most, len(held))
        return draft


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_number_of_workers_stores_the_same_in_the_same_order(
    tmp_path: Path, store: GraphStore, workers: int
) -> None:
    folder = painted_folder(tmp_path)
    events: list[Event] = []
    report = ingest(
        items_of(folder), store, stages=extraction(), workers=workers, on_event=events.append
    )
    assert (report.written, report.regions) == (PICTURES, 2 * PICTURES)
    done = [event.name for event in events if isinstance(event, ImageDone)]
    assert done == [f"{number:02d}.png" for number in range(PICTURES)]
    with open_store("memory:") as one_by_one:
        ingest(items_of(folder), one_by_one, stages=extraction())
        assert compare_stores(store, one_by_one).equal


def test_workers_work_at_the_same_time(tmp_path: Path, store: GraphStore) -> None:
    stages = (Waiting(3),)
    report = ingest(items_of(painted_folder(tmp_path, pictures=6)), store, stages=stages, workers=3)
    assert report.written == 6


@pytest.mark.parametrize("workers", [1, 3])
def test_pixels_are_let_go_after_each_picture(
    tmp_path: Path, store: GraphStore, workers: int
) -> None:
    fresh = Watching()
    ingest(items_of(painted_folder(tmp_path)), store, stages=(fresh,), workers=workers)
    assert fresh.most <= workers + 1
    assert not any("pixels" in vars(picture) for picture in fresh.pictures)


@pytest.mark.parametrize("workers", [1, 3])
def test_pictures_are_read_no_further_ahead_than_there_are_workers(
    tmp_path: Path, store: GraphStore, workers: int
) -> None:
    read = done = 0
    ahead: list[int] = []

    def reading() -> Iterator[Item | Problem]:
        nonlocal read
        for item in items_of(painted_folder(tmp_path)):
            read += 1
            yield item

    def follow(event: Event) -> None:
        nonlocal done
        if isinstance(event, ImageDone):
            ahead.append(read - done)
            done += 1

    ingest(reading(), store, workers=workers, on_event=follow)
    assert done == PICTURES
    assert max(ahead) <= workers + 1


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(InputError("too dark"), "BAD_INPUT", id="input"),
        pytest.param(MemoryError(), "MODEL_MEMORY", id="memory"),
    ],
)
def test_a_picture_that_fails_is_reported_and_the_rest_is_stored(
    tmp_path: Path, store: GraphStore, workers: int, error: Exception, code: str
) -> None:
    stages = (Failing(error, on_file="05.png"),)
    report = ingest(items_of(painted_folder(tmp_path)), store, stages=stages, workers=workers)
    assert report.written == PICTURES - 1
    assert [(p.where, p.code) for p in report.left_out] == [("05.png", code)]


@pytest.mark.parametrize("workers", [1, 3])
def test_an_interrupt_ends_an_ingest_of_several_workers(
    tmp_path: Path, store: GraphStore, workers: int
) -> None:
    before = threading.active_count()
    stages = (Failing(KeyboardInterrupt(), on_file="05.png"),)
    folder = painted_folder(tmp_path)
    report = ingest(items_of(folder), store, stages=stages, workers=workers)
    assert (report.interrupted, report.written) == (True, 5)
    assert threading.active_count() == before
    assert ingest(items_of(folder), store, workers=workers).complete


def test_an_error_of_no_single_image_is_raised_from_a_worker(
    tmp_path: Path, store: GraphStore
) -> None:
    stages = (Failing(MissingModelError("no weights"), on_file="05.png"),)
    with pytest.raises(MissingModelError):
        ingest(items_of(painted_folder(tmp_path)), store, stages=stages, workers=2)


def test_a_store_that_fails_ends_an_ingest_of_several_workers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    open_store(url).close()
    with open_store(url, read_only=True) as store:
        report = ingest(items_of(painted_folder(tmp_path)), store, workers=3)
    assert [problem.code for problem in report.left_out] == ["STORE_WRITE"]


def test_problems_keep_their_place_among_pictures(tmp_path: Path, store: GraphStore) -> None:
    folder = painted_folder(tmp_path, pictures=3)
    problem = Problem(where="x", code="BAD_ANNOTATION", message="broken")
    items = [item for item in items_of(folder) if isinstance(item, Item)]
    events: list[Event] = []
    ingest([items[0], problem, *items[1:]], store, workers=3, on_event=events.append)
    names = [getattr(event, "name", type(event).__name__) for event in events]
    shown = [name for name in names if name not in {"Started", "Progress"}]
    assert shown == ["00.png", "ProblemFound", "01.png", "02.png"]


def test_progress_tells_the_rate_and_the_time_left(tmp_path: Path, store: GraphStore) -> None:
    events: list[Event] = []
    ingest(items_of(painted_folder(tmp_path, pictures=4)), store, on_event=events.append)
    told = [event for event in events if isinstance(event, Progress)]
    assert [(event.done, event.total) for event in told] == [(n, 4) for n in (1, 2, 3, 4)]
    assert all(event.images_per_s > 0 for event in told)
    assert told[-1].left_s == 0
    assert Pace().after_one_more(None).left_s is None


def test_the_seconds_of_each_stage_are_reported(tmp_path: Path, store: GraphStore) -> None:
    items = items_of(painted_folder(tmp_path, pictures=2))
    report = ingest(items, store, stages=extraction(), workers=2)
    assert set(dict(report.stage_seconds)) == {"find regions", "image vectors", "store"}
    assert set(report.to_record()["stage_seconds"]) == {"find regions", "image vectors", "store"}


def regions_of(store: GraphStore) -> dict[str, Region]:
    return {region.label: region for region in store.regions(limit=99)}


def annotated_with(folder: Path, box: list[int]) -> Path:
    record = eden_coco(
        pictures=1,
        images=[{"id": 0, "file_name": "00.png"}],
        annotations=[{"id": "adam", "image_id": 0, "category_id": 1, "bbox": box}],
        relations=[],
    )
    return write_json(folder / "told.json", record)


def test_what_people_said_before_is_neither_found_again_nor_changed(
    tmp_path: Path, store: GraphStore
) -> None:
    folder = painted_folder(tmp_path, pictures=1)
    told = annotated_with(tmp_path, [22, 24, 36, 74])
    ingest(items_of(folder, annotations=[told]), store)
    adam = regions_of(store)["Eve"]
    for _ in range(2):
        ingest(items_of(folder), store, stages=extraction(), keep_known=True)
        assert set(regions_of(store)) == {"Eve", "blue thing"}
        assert regions_of(store)["Eve"] == adam
    vectors = next(iter(store.bundles())).vectors
    assert len(vectors[0].region_ids) == 2


def test_the_same_extraction_again_writes_nothing(tmp_path: Path, store: GraphStore) -> None:
    folder, cache = painted_folder(tmp_path, pictures=3), OutputCache(tmp_path / "cache")
    detector = Blots()
    for written in (3, 0):
        stages = extraction(cache=cache, detector=detector)
        report = ingest(items_of(folder), store, stages=stages, keep_known=True)
        assert (report.written, report.unchanged) == (written, 3 - written)
    assert detector.calls["pictures"] == 3


def test_another_model_keeps_ids_by_overlap_and_takes_back_what_it_does_not_find(
    tmp_path: Path, store: GraphStore
) -> None:
    class Other(Blots):
        """Finds red things alone, their boxes a little larger."""

        def __call__(self, pixels: Any, /) -> Any:
            found = super().__call__(pixels)
            grown = found.boxes_px + np.array([-1, -1, 1, 1], np.float32)
            return type(found)(
                boxes_px=grown[:1],
                confidences=found.confidences[:1],
                labels=found.labels[:1],
                kinds=found.kinds[:1],
            )

    folder = painted_folder(tmp_path, pictures=1)
    ingest(items_of(folder), store, stages=extraction(), keep_known=True)
    before = regions_of(store)
    ingest(items_of(folder), store, stages=extraction(detector=Other()), keep_known=True)
    after = regions_of(store)
    assert set(after) == {"red thing"}
    assert after["red thing"].id == before["red thing"].id
    assert after["red thing"].run_id != before["red thing"].run_id


def test_a_model_that_answers_nonsense_leaves_its_pictures_out(
    tmp_path: Path, store: GraphStore
) -> None:
    items = items_of(painted_folder(tmp_path, pictures=2))
    report = ingest(items, store, stages=extraction(detector=Nonsense()))
    assert [p.code for p in report.left_out] == ["MODEL_OUTPUT"] * 2
    assert store.info().counts["image"] == 0


def test_a_picture_too_large_for_the_memory_is_left_out(tmp_path: Path, store: GraphStore) -> None:
    folder = painted_folder(tmp_path, pictures=3)
    save_painted(folder / "wide.png", MAN, size=(300, 120))
    report = ingest(items_of(folder), store, stages=extraction(detector=Hungry()), workers=2)
    assert report.written == 3
    (problem,) = report.left_out
    assert (problem.where, problem.code) == ("wide.png", "MODEL_MEMORY")
    assert "300 x 120 px" in problem.message


def test_a_cache_that_cannot_be_written_is_a_note_and_all_is_stored(
    tmp_path: Path, store: GraphStore
) -> None:
    (tmp_path / "cache").write_text("no folder")
    items = items_of(painted_folder(tmp_path, pictures=3))
    stages = extraction(cache=OutputCache(tmp_path / "cache"))
    report = ingest(items, store, stages=stages, workers=2)
    assert report.written == 3
    assert report.complete
    assert [problem.code for problem in report.problems] == ["CACHE"]


def test_relations_between_what_people_and_machines_found(
    tmp_path: Path, store: GraphStore
) -> None:
    from iconograph.relations.stage import DeriveRelations
    from iconograph.relations.thresholds import read_thresholds

    folder = painted_folder(tmp_path, pictures=0)
    save_painted(folder / "00.png", MAN, ("red", (70, 20, 110, 100)))
    told = annotated_with(tmp_path, [20, 20, 40, 80])
    ingest(items_of(folder, annotations=[told]), store)
    stages = (*extraction(), DeriveRelations(thresholds=read_thresholds()))
    ingest(items_of(folder), store, stages=stages, keep_known=True)
    found = regions_of(store)
    ends = {
        frozenset((edge.subject_id, edge.object_id))
        for edges in store.edges_of([found["Eve"].id]).values()
        for edge in edges
    }
    assert frozenset((found["Eve"].id, found["red thing"].id)) in ends


def test_drafts_start_anew_where_nothing_is_to_be_kept(tmp_path: Path, store: GraphStore) -> None:
    ingest(eden_items(tmp_path), store)
    items = annotated_items([tmp_path / "pictures"], now=NOON)
    ingest(items, store, keep_known=True)
    assert store.info().counts["region"] == 6
    assert all(region.level is Level.ENTITY for region in store.regions(limit=9))


def test_groups_and_what_people_said_are_the_same_again(tmp_path: Path, store: GraphStore) -> None:
    from iconograph.relations.groups.stage import GroupFigures
    from iconograph.relations.stage import DeriveRelations
    from iconograph.relations.thresholds import read_thresholds

    folder, thresholds = painted_folder(tmp_path, pictures=0), read_thresholds()
    save_painted(folder / "00.png", MAN, ("red", (70, 20, 110, 100)))
    told = annotated_with(tmp_path, [20, 20, 40, 80])
    ingest(items_of(folder, annotations=[told]), store)
    find, vectors = extraction()
    relate, group = DeriveRelations(thresholds=thresholds), GroupFigures(thresholds=thresholds)
    for written in (1, 0):
        stages = (find, relate, group, vectors)
        report = ingest(items_of(folder), store, stages=stages, keep_known=True)
        assert report.written == written
        levels = sorted(region.level.value for region in store.regions(limit=9))
        assert levels == ["entity", "entity", "scene"]


def test_what_a_curator_says_of_found_regions_stays(tmp_path: Path, store: GraphStore) -> None:
    folder = painted_folder(tmp_path, pictures=1)
    told = annotated_with(tmp_path, [20, 20, 40, 80])
    ingest(items_of(folder, annotations=[told]), store)
    ingest(items_of(folder), store, stages=extraction(), keep_known=True)
    (bundle,) = store.bundles()
    found, curator = regions_of(store), a_run(origin="curator")
    said = an_edge(
        EdgeKind.HOLDS,
        found["Eve"],
        found["blue thing"],
        layer=EdgeLayer.ASSERTED,
        method="curator",
        run_id=curator.id,
    )
    store.write(dataclasses.replace(bundle, runs=(*bundle.runs, curator), edges=(said,)))
    ingest(items_of(folder), store, stages=extraction(), keep_known=True)
    assert store.edges_by_id([said.id]) == {said.id: said}
