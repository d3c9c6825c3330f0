"""The profile mini on a drawn picture, with the models that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iconograph.evaluation.drawn_truth import Truth, drawn_pictures
from iconograph.evaluation.extraction_regions import Extracted, ExtractionScore, count
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.region import Level
from iconograph.ingest.profiles import missing_from, profile_named

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.ingest.items import Item

MINI = profile_named("mini")


@pytest.fixture(scope="module")
def item(tmp_path_factory: pytest.TempPathFactory) -> Item:
    from iconograph.ingest.scenes.corpus import write_corpus

    folder = tmp_path_factory.mktemp("drawn")
    if missing_from(MINI, folder / "cache") != ():
        pytest.skip("the models of the profile mini are not in this checkout")
    write_corpus(folder / "pictures", count=1, seed=90_001)
    return next(drawn_pictures(folder / "pictures"))


@pytest.fixture(scope="module")
def seen(item: Item, tmp_path_factory: pytest.TempPathFactory) -> ImageBundle:
    import dataclasses

    from iconograph.ingest.profile_models import opened_profile

    extraction = opened_profile(MINI, tmp_path_factory.mktemp("cache"), with_scenes=True)
    draft = dataclasses.replace(item.draft, regions=(), edges=(), runs=())
    for stage in (*extraction.first, *extraction.last):
        draft = stage(draft, item.picture)
    return draft


def test_more_than_half_of_the_drawn_things_are_found_and_named(
    item: Item, seen: ImageBundle
) -> None:
    lexicon, score = load_lexicon(), ExtractionScore()
    count(Extracted(truth=Truth.of(item.draft, lexicon), bundle=seen), lexicon, score)
    assert score.all.recall > 0.5
    assert score.all.accuracy > 0.5


def test_every_region_and_the_whole_have_a_vector(seen: ImageBundle) -> None:
    (vectors,) = seen.vectors
    assert set(vectors.region_ids) == {region.id for region in seen.regions}
    assert Level.SCENE in {region.level for region in seen.regions}


def test_the_run_tells_all_models(seen: ImageBundle) -> None:
    (run,) = seen.runs
    names = {ref.name for ref in run.models}
    assert {"mini-detect", "mini-sam", "mini-pose", "mini-gaze"} <= names
    assert ("profile", "mini") in run.parameters
