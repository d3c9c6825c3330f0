"""The profile full, made of files that a user added; here those of the mini pack under other names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.models.adding import add, described
from iconograph.ingest.models.registry import model_folder, record_named
from iconograph.ingest.pictures import read_picture
from iconograph.ingest.profile_models import opened_profile
from iconograph.ingest.profiles import Budget, chosen, profile_named
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from tests.builders import a_region, a_run

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.region import Region
    from iconograph.ingest.pictures import Picture

FULL = profile_named("full")
TASKS = {
    "mini-detect": "detect things",
    "mini-sam": "segment things",
    "mini-clip": "encode pictures",
    "mini-pose": "key points of figures",
    "mini-gaze": "gazes of heads",
}


def add_from_mini(cache: Path, *names: str) -> None:
    """Shipped files as a user would add them for the profile full."""
    for name in names:
        shipped = record_named(name)
        record = described(
            model_folder(shipped, cache),
            name=f"my-{name}",
            task=TASKS[name],
            licence=shipped.licence,
            profiles=("full",),
            space=shipped.space,
            dim=shipped.dim,
        )
        add(record, cache)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    add_from_mini(folder, *TASKS)
    return folder


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    from iconograph.ingest.scenes.corpus import write_corpus

    folder = tmp_path_factory.mktemp("drawn")
    write_corpus(folder, count=1, seed=3)
    (path,) = folder.glob("*.jpg")
    return read_picture(path)


def test_it_is_ready_once_a_model_for_each_task_was_added(cache: Path) -> None:
    assert chosen("auto", cache).profile == FULL


@pytest.fixture(scope="module")
def seen(cache: Path, drawn: Picture) -> ImageBundle:
    extraction = opened_profile(FULL, cache, budget=Budget.FAST, with_scenes=True)
    draft = draft_of(drawn, None, ())[0]
    for stage in (*extraction.first, *extraction.last):
        draft = stage(draft, drawn)
    return draft


def person_of(bundle: ImageBundle) -> Region:
    """The largest person."""
    persons = [region for region in bundle.regions if region.kind is RegionKind.PERSON]
    return max(persons, key=lambda region: region.area_fraction)


def test_persons_are_found_with_poses_and_gazes(seen: ImageBundle) -> None:
    person = person_of(seen)

    assert person.label
    assert person.pose
    assert person.pose.key_points
    assert any(region.gaze for region in seen.regions)


def test_the_run_tells_all_models_and_every_region_has_a_vector(seen: ImageBundle) -> None:
    (run,) = seen.runs
    (vectors,) = seen.vectors

    assert {f"my-{name}" for name in TASKS} <= {model.name for model in run.models}
    assert set(vectors.region_ids) == {region.id for region in seen.regions}


def test_persons_that_a_curator_outlined_get_poses(
    cache: Path, drawn: Picture, seen: ImageBundle
) -> None:
    figures = opened_profile(FULL, cache, budget=Budget.FAST).first[0]
    run = a_run()
    draft = draft_of(drawn, None, ())[0]
    given = a_region(draft.image, "somebody", person_of(seen).box.corners_px, run=run)
    done = figures(replace(draft, runs=(run,), regions=(given,)), drawn)
    (person,) = done.regions

    assert person.id == given.id
    assert person.run_id == run.id
    assert person.pose
    assert person.pose.key_points


def test_without_models_of_bodies_there_is_no_stage_for_them(tmp_path: Path) -> None:
    add_from_mini(tmp_path, "mini-detect", "mini-sam", "mini-clip")
    extraction = opened_profile(FULL, tmp_path)

    assert [type(stage) for stage in extraction.first] == [FindRegions]
    assert [type(stage) for stage in extraction.last] == [ImageVectors]


def test_opened_without_a_task_it_says_which(tmp_path: Path) -> None:
    add_from_mini(tmp_path, "mini-detect")

    with pytest.raises(MissingModelError, match="lacks a model for: segment, encode; add one"):
        opened_profile(FULL, tmp_path)
