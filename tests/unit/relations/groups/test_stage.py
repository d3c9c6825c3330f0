from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, EdgeLayer
from iconograph.graph.model.region import LabelOrigin, Level
from iconograph.graph.store.open import open_store
from iconograph.ingest.identity import changes_nothing, reconciled
from iconograph.ingest.runs import origin_of
from iconograph.ingest.stages.known import GROUPS_ORIGIN
from iconograph.relations.groups.renewal import COMPOSED
from iconograph.relations.groups.stage import GroupFigures
from tests.builders import TEXT_SPACE, an_edge, random_vectors
from tests.unit.relations.groups.pictures import at, grouped, told
from tests.unit.relations.pictures import ANIMAL, OBJECT, PERSON, THRESHOLDS, Thing, named

WOMAN: Thing = ("woman", PERSON, (100.0, 200.0, 300.0, 900.0))
GOAT: Thing = ("goat", ANIMAL, (280.0, 600.0, 500.0, 900.0))
FLOWER: Thing = ("flower", OBJECT, (290.0, 400.0, 310.0, 420.0))
MAN: Thing = ("man", PERSON, (600.0, 200.0, 800.0, 900.0))
SAID = (("woman", EdgeKind.BESIDE, "goat"), ("woman", EdgeKind.HOLDS, "flower"))


@pytest.fixture
def meadow() -> ImageBundle:
    return told(WOMAN, GOAT, FLOWER, MAN, said=SAID)


def test_groups_and_scenes_have_captions_and_a_name(meadow: ImageBundle) -> None:
    done = grouped(meadow)
    (group,), (scene,) = at(done, Level.GROUP), at(done, Level.SCENE)

    assert group.caption == "woman holding a flower, beside a goat"
    assert group.label == "woman and a goat"
    assert scene.caption == "woman holding a flower, beside a goat; a man"
    assert scene.label == "woman, a man and a goat"


def test_what_is_machine_made_says_so(meadow: ImageBundle) -> None:
    done = grouped(meadow)
    (group,) = at(done, Level.GROUP)
    run = next(run for run in done.runs if run.id == group.run_id)

    assert group.labels[0].origin is LabelOrigin.CAPTIONER
    assert group.labels[0].confidence == THRESHOLDS.groups.label_confidence
    assert COMPOSED in group.attributes
    assert origin_of(run) == GROUPS_ORIGIN
    assert named(done)["woman"].run_id != run.id


def test_only_persons_without_a_caption_get_one(meadow: ImageBundle) -> None:
    woman, goat, flower, man = meadow.regions
    spoken = replace(man, caption="a bearded man in thought")
    done = named(grouped(replace(meadow, regions=(woman, goat, flower, spoken))))

    assert done["woman"].caption == "woman holding a flower"
    assert COMPOSED in done["woman"].attributes
    assert (done["man"].caption, done["man"].attributes) == (spoken.caption, ())
    assert done["goat"].caption == ""


def test_asserted_regions_keep_all_but_an_empty_parent_and_caption(meadow: ImageBundle) -> None:
    done = {region.id: region for region in grouped(meadow).regions}

    for region in meadow.regions:
        now = done[region.id]
        assert replace(now, parent_id=None, caption="", attributes=()) == region


def test_a_given_parent_stays(meadow: ImageBundle) -> None:
    woman, goat, flower, man = meadow.regions
    given = replace(flower, parent_id=woman.id)
    done = grouped(replace(meadow, regions=(woman, goat, given, man)))

    assert named(done)["flower"].parent_id == woman.id


def test_repeating_changes_nothing(meadow: ImageBundle) -> None:
    once = grouped(meadow)
    twice = grouped(once)

    assert twice.regions == once.regions
    assert twice.runs == once.runs
    assert twice.removed_regions == frozenset()


def test_groups_that_changed_are_replaced(meadow: ImageBundle) -> None:
    once = grouped(meadow)
    (group,) = at(once, Level.GROUP)
    vectors = random_vectors(TEXT_SPACE, once.regions)
    without = replace(once, edges=once.edges[1:], vectors=(vectors,))
    again = grouped(without)

    assert at(again, Level.GROUP) == []
    assert again.removed_regions == {group.id}
    assert group.id not in again.vectors[0].region_ids
    assert len(again.vectors[0].region_ids) == len(vectors.region_ids) - 2
    assert named(again)["goat"].parent_id == at(again, Level.SCENE)[0].id


def test_captions_follow_the_edges(meadow: ImageBundle) -> None:
    once = grouped(meadow)
    again = grouped(replace(once, edges=once.edges[:1]))

    assert named(again)["woman"].caption == ""
    assert named(again)["woman"].attributes == ()
    assert at(again, Level.GROUP)[0].caption == "woman beside a goat"


def test_a_group_that_somebody_spoke_of_stays(meadow: ImageBundle) -> None:
    once = grouped(meadow)
    (group,) = at(once, Level.GROUP)
    said = an_edge(
        EdgeKind.FACES, once.regions[3], group, layer=EdgeLayer.ASSERTED, method="annotation"
    )
    again = grouped(replace(once, edges=(said,)))

    assert group.id in {region.id for region in again.regions}
    assert group.id not in again.removed_regions


def test_a_stored_graph_is_grouped_again_in_place(meadow: ImageBundle) -> None:
    with open_store("memory:") as store:
        store.write(reconciled(grouped(meadow), None))
        stored = store.bundle(meadow.image.id)
        assert stored is not None
        same = reconciled(grouped(stored), stored)
        changed = reconciled(grouped(replace(stored, edges=stored.edges[:0])), stored)
        store.write(changed)
        now = store.bundle(meadow.image.id)

    assert changes_nothing(same, stored)
    assert now is not None
    assert at(now, Level.GROUP) == []
    assert len(at(now, Level.SCENE)) == 1


@pytest.mark.parametrize(
    "things", [pytest.param((), id="nothing"), pytest.param((MAN,), id="one figure")]
)
def test_no_group_without_company(things: tuple[Thing, ...]) -> None:
    done = grouped(told(*things))

    assert at(done, Level.GROUP) == []
    assert len(at(done, Level.SCENE)) == 1


def test_the_stage_has_a_name() -> None:
    assert GroupFigures(thresholds=THRESHOLDS).name == "groups"
