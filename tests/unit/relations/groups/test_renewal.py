"""What becomes of groups and scenes when they are made again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind, EdgeLayer, Evidence
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import Label, LabelOrigin, Level, Region
from iconograph.ingest.stages.captions import ATTRIBUTE
from iconograph.relations.groups.renewal import COMPOSED, has_groups
from iconograph.relations.groups.stage import GroupFigures
from tests.builders import a_box, a_region, an_edge
from tests.unit.relations.groups.pictures import at, grouped, told
from tests.unit.relations.groups.test_stage import FLOWER, GOAT, MAN, SAID, WOMAN
from tests.unit.relations.pictures import OBJECT, THRESHOLDS, Thing, named

BANNER: Thing = ("banner", OBJECT, (100.0, 20.0, 500.0, 190.0))
CURATED = (Label(text="Eve and her goat"),)


@pytest.fixture
def meadow() -> ImageBundle:
    """A woman beside a goat, with a flower and a banner, in groups."""
    return grouped(told(WOMAN, GOAT, FLOWER, MAN, BANNER, said=SAID))


def the_group(bundle: ImageBundle) -> Region:
    (group,) = at(bundle, Level.GROUP)
    return group


def said_of(bundle: ImageBundle, region: Region) -> Edge:
    """A person says that the man faces a region."""
    man = named(bundle)["man"]
    return an_edge(EdgeKind.FACES, man, region, layer=EdgeLayer.ASSERTED, method="annotation")


def with_region(bundle: ImageBundle, region: Region) -> ImageBundle:
    others = {known.id: known for known in bundle.regions} | {region.id: region}
    return replace(bundle, regions=tuple(others.values()))


def holding_the_banner(bundle: ImageBundle) -> Edge:
    things = named(bundle)
    return an_edge(EdgeKind.HOLDS, things["woman"], things["banner"], evidence=Evidence())


def test_a_group_that_covers_nearly_the_same_keeps_its_id(meadow: ImageBundle) -> None:
    aside = replace(named(meadow)["flower"], outline=a_box(505.0, 400.0, 525.0, 420.0))
    again = grouped(with_region(meadow, aside))

    assert the_group(again).outline != the_group(meadow).outline
    assert the_group(again).id == the_group(meadow).id
    assert again.removed_regions == frozenset()
    assert named(again)["flower"].parent_id == the_group(meadow).id
    assert grouped(again).regions == again.regions


def test_a_group_that_covers_much_else_is_another(meadow: ImageBundle) -> None:
    again = grouped(replace(meadow, edges=(*meadow.edges, holding_the_banner(meadow))))

    assert the_group(again).id != the_group(meadow).id
    assert again.removed_regions == {the_group(meadow).id}
    assert the_group(again).caption == "woman holding a flower and a banner, beside a goat"


def test_a_group_that_was_spoken_of_stays_in_place_of_one_much_like_it(
    meadow: ImageBundle,
) -> None:
    edges = (*meadow.edges, holding_the_banner(meadow), said_of(meadow, the_group(meadow)))
    again = grouped(replace(meadow, edges=edges))

    assert the_group(again).id == the_group(meadow).id
    assert the_group(again).outline == the_group(meadow).outline
    assert the_group(again).caption == "woman holding a flower and a banner, beside a goat"
    assert named(again)["banner"].parent_id == the_group(meadow).id
    assert grouped(again).regions == again.regions


def test_a_group_that_was_spoken_of_stays_where_none_is_like_it(meadow: ImageBundle) -> None:
    held = meadow.edges[1]
    again = grouped(replace(meadow, edges=(held, said_of(meadow, the_group(meadow)))))
    group = the_group(again)

    assert group.id == the_group(meadow).id
    assert group.caption == "woman holding a flower, and a goat"
    assert {r.label for r in again.regions if r.parent_id == group.id} == {
        "woman",
        "goat",
        "flower",
    }
    assert [region.id for region in at(again, Level.SCENE)] == [group.parent_id]
    assert again.removed_regions == frozenset()
    assert set(grouped(again).regions) == set(again.regions)


@pytest.mark.parametrize(
    "added",
    [
        pytest.param({"labels": CURATED}, id="a name"),
        pytest.param({"source_id": "ann-7"}, id="an id"),
    ],
)
def test_a_group_that_a_person_added_to_stays(
    meadow: ImageBundle, added: dict[str, object]
) -> None:
    group = replace(the_group(meadow), **added)  # type: ignore[arg-type]
    again = grouped(replace(with_region(meadow, group), edges=()))

    assert the_group(again).id == group.id
    assert the_group(again).source_id == group.source_id


def test_the_name_that_a_person_gave_stays_and_the_caption_follows(meadow: ImageBundle) -> None:
    group = replace(the_group(meadow), labels=CURATED)
    again = grouped(replace(with_region(meadow, group), edges=meadow.edges[:1]))

    assert the_group(again).labels == CURATED
    assert the_group(again).caption == "woman beside a goat"
    assert COMPOSED in the_group(again).attributes


def test_the_target_of_a_gaze_stays(meadow: ImageBundle) -> None:
    group, man = the_group(meadow), named(meadow)["man"]
    eye = Point(x_px=700.0, y_px=250.0)
    gaze = Gaze(state=GazeState.TARGET, origin=eye, target_region=group.id)
    again = grouped(replace(with_region(meadow, replace(man, gaze=gaze)), edges=()))

    assert the_group(again).id == group.id


def test_the_words_of_a_captioner_stay_while_the_outline_does(meadow: ImageBundle) -> None:
    seen = replace(
        the_group(meadow), caption="a nymph in a meadow", attributes=((ATTRIBUTE, "blip"),)
    )
    looked_at = with_region(meadow, seen)
    same = grouped(looked_at)
    aside = replace(named(meadow)["flower"], outline=a_box(505.0, 400.0, 525.0, 420.0))
    other = grouped(with_region(looked_at, aside))

    assert the_group(same).caption == "a nymph in a meadow"
    assert the_group(same).attributes == seen.attributes
    assert the_group(other).caption == "woman holding a flower, beside a goat"
    assert the_group(other).attributes == (COMPOSED,)


def test_other_thresholds_give_other_groups(meadow: ImageBundle) -> None:
    numbers = replace(THRESHOLDS.groups, smallest_weight=0.99)
    strict = GroupFigures(thresholds=replace(THRESHOLDS, groups=numbers, sha256="0" * 64))
    again = strict(meadow, None)

    assert at(again, Level.GROUP) == []
    assert again.removed_regions == {the_group(meadow).id}
    assert set(grouped(again).regions) == set(meadow.regions)


def test_only_pictures_with_groups_are_renewed(meadow: ImageBundle) -> None:
    renewing = GroupFigures(thresholds=THRESHOLDS, only_renewing=True)
    bare = told(WOMAN, GOAT, FLOWER, MAN, said=SAID)
    changed = replace(meadow, edges=())

    assert not has_groups(bare)
    assert renewing(bare, None) is bare
    assert has_groups(meadow)
    assert renewing(changed, None).regions == grouped(changed).regions


def test_composed_names_are_told_again(meadow: ImageBundle) -> None:
    things = named(meadow)
    sheep = replace(things["goat"], labels=(Label(text="sheep"),))
    again = grouped(with_region(meadow, sheep))

    assert the_group(again).label == "woman and a sheep"
    assert the_group(again).labels[0].origin is LabelOrigin.CAPTIONER
    assert the_group(again).id == the_group(meadow).id


def test_a_scene_tells_figures_once_that_lie_in_another_group_by_now(meadow: ImageBundle) -> None:
    things = named(meadow)
    seen = replace(the_group(meadow), caption="nymph and a goat", attributes=((ATTRIBUTE, "blip"),))
    touching = an_edge(EdgeKind.TOUCHES, things["woman"], things["man"], evidence=Evidence())
    edges = (touching, said_of(meadow, seen))
    again = grouped(replace(with_region(meadow, seen), edges=edges))
    (scene,) = at(again, Level.SCENE)

    assert {group.caption for group in at(again, Level.GROUP)} == {
        "nymph and a goat",
        "woman touching a man",
    }
    assert scene.caption == "woman touching a man; a goat; with a banner"
    assert grouped(again).regions == again.regions


def test_a_scene_tells_figures_of_annotated_groups_once() -> None:
    bare = told(WOMAN, GOAT, MAN)
    woman, goat, man = bare.regions
    pair = a_region(
        bare.image, "pair", (100.0, 200.0, 500.0, 900.0), level=Level.GROUP, caption="Eve, a goat"
    )
    inside = tuple(replace(region, parent_id=pair.id) for region in (woman, goat))
    touching = an_edge(EdgeKind.TOUCHES, woman, man, evidence=Evidence())
    done = grouped(replace(bare, regions=(*inside, man, pair), edges=(touching,)))
    (scene,) = at(done, Level.SCENE)

    assert scene.caption == "Eve, a goat; a man"
