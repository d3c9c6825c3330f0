"""Groups in drawn pictures, whose true groups are known, and in answers to words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.region import Level, Region
from iconograph.graph.model.shapes import iou
from iconograph.graph.search.pattern import Pattern, PatternNode
from iconograph.graph.search.search import SearchOptions, search
from iconograph.graph.store.open import open_store
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.items import Item
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.relations.groups.stage import GroupFigures
from iconograph.relations.stage import DeriveRelations
from tests.unit.relations.groups.pictures import at, grouped, told
from tests.unit.relations.groups.test_stage import FLOWER, GOAT, MAN, SAID, WOMAN
from tests.unit.relations.pictures import THRESHOLDS

SAME_IOU = 0.5
COUNT = 12


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> list[ImageBundle]:
    folder: Path = tmp_path_factory.mktemp("drawn")
    annotations = write_corpus(folder, count=COUNT, seed=5)
    items = annotated_items([folder], annotations=[annotations], verify=False)
    return [item.draft for item in items if isinstance(item, Item)]


def without_groups(draft: ImageBundle) -> ImageBundle:
    """The entities of a drawn picture without parents, captions and edges."""
    entities = tuple(
        replace(region, parent_id=None, caption="") for region in at(draft, Level.ENTITY)
    )
    return replace(draft, regions=entities, edges=())


def derived(draft: ImageBundle) -> list[Region]:
    related = DeriveRelations(thresholds=THRESHOLDS)(without_groups(draft), None)
    return at(GroupFigures(thresholds=THRESHOLDS)(related, None), Level.GROUP)


def test_most_drawn_groups_are_found_from_regions_alone(drafts: list[ImageBundle]) -> None:
    pairs = [(at(draft, Level.GROUP), derived(draft)) for draft in drafts]
    found = [
        any(iou(group.outline, own.outline) >= SAME_IOU for own in groups)
        for truth, groups in pairs
        for group in truth
    ]

    assert len(found) >= COUNT / 2
    assert sum(found) / len(found) >= 0.6


def test_drawn_groups_are_left_as_they_are(drafts: list[ImageBundle]) -> None:
    for draft in drafts:
        truth = [region for region in draft.regions if region.level is not Level.ENTITY]

        assert set(truth) <= set(grouped(draft).regions)


@pytest.mark.parametrize("level", [Level.GROUP, Level.SCENE])
def test_words_find_a_group_or_scene(level: Level) -> None:
    phrase = "woman holding a flower beside a goat"
    whole = Pattern(nodes=(PatternNode(role="whole", phrase=phrase),))
    with open_store("memory:") as store:
        store.write(grouped(told(WOMAN, GOAT, FLOWER, MAN, said=SAID)))
        answer = search(store, whole, lexicon=load_lexicon(), options=SearchOptions(level=level))

    assert [match.region.level for hit in answer.hits for match in hit.matches] == [level]
