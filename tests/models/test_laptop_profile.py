"""The profile laptop on a drawn picture, with the real models where a user has pulled them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import read_picture
from iconograph.ingest.profiles import Budget, missing_from, profile_named

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle

pytest.importorskip("ai_edge_litert", reason="the profile laptop needs the extra people")

LAPTOP = profile_named("laptop")


@pytest.fixture(scope="module")
def pulled() -> Path:
    from platformdirs import user_cache_path

    cache = user_cache_path("iconograph")
    if missing_from(LAPTOP, cache):
        pytest.skip("the models of the profile laptop are not pulled (iconograph models pull)")
    return cache


@pytest.fixture(scope="module")
def seen(pulled: Path, tmp_path_factory: pytest.TempPathFactory) -> ImageBundle:
    from iconograph.ingest.profile_models import opened_profile
    from iconograph.ingest.scenes.corpus import write_corpus

    folder = tmp_path_factory.mktemp("drawn")
    cache = folder / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(pulled / "models")
    write_corpus(folder / "pictures", count=1, seed=3)
    (path,) = (folder / "pictures").glob("*.jpg")
    picture = read_picture(path)
    *_, find = opened_profile(LAPTOP, cache, budget=Budget.FAST, with_scenes=True).first
    return find(draft_of(picture, None, ())[0], picture)


def test_persons_are_found_with_their_poses(seen: ImageBundle) -> None:
    persons = [region for region in seen.regions if region.kind is RegionKind.PERSON]
    assert persons
    assert all(region.label == "person" for region in persons)
    assert any(region.pose and region.pose.key_points for region in persons)


def test_the_run_tells_models_and_parameters(seen: ImageBundle) -> None:
    (run,) = seen.runs
    assert {"centernet", "movenet-lightning", "face-mesh"} <= {ref.name for ref in run.models}
    told = dict(run.parameters)
    assert (told["profile"], told["budget"]) == ("laptop", "fast")


def test_the_whole_is_a_scene_where_groups_are_not_made(seen: ImageBundle) -> None:
    assert [region.level for region in seen.regions].count(Level.SCENE) == 1
