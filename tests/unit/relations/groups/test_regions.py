from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, Evidence
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import axis_id
from iconograph.graph.model.region import Level, RegionKind
from tests.builders import a_region, an_edge
from tests.unit.relations.groups.pictures import at, grouped, told
from tests.unit.relations.pictures import ANIMAL, OBJECT, PERSON, Thing, a_picture, named

EVE: Thing = ("Eve", PERSON, (100.0, 200.0, 300.0, 900.0))
GOAT: Thing = ("goat", ANIMAL, (280.0, 600.0, 500.0, 900.0))
VASE: Thing = ("vase", OBJECT, (900.0, 900.0, 950.0, 950.0))


@pytest.fixture
def eden() -> ImageBundle:
    return told(EVE, GOAT, VASE, said=(("Eve", EdgeKind.BESIDE, "goat"),))


def frame(bundle: ImageBundle, x_px: float, ordinal: int = 0, method: str = "frame@1") -> Axis:
    return Axis(
        id=axis_id(bundle.image.id, "divide", ordinal),
        image_id=bundle.image.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=x_px, y_px=500),
        angle_deg=90.0,
        length_px=1000,
        strength=0.9,
        method=method,
        run_id=bundle.runs[0].id,
    )


def test_a_group_covers_its_members(eden: ImageBundle) -> None:
    (group,) = at(grouped(eden), Level.GROUP)

    assert group.outline.box.corners_px == (100, 200, 500, 900)
    assert group.outline.area_px2 == 200 * 700 + 220 * 300 - 20 * 300
    assert group.kind is RegionKind.UNKNOWN


def test_members_lie_in_the_group_and_the_group_in_the_scene(eden: ImageBundle) -> None:
    done = grouped(eden)
    (group,), (scene,) = at(done, Level.GROUP), at(done, Level.SCENE)
    parents = {label: region.parent_id for label, region in named(done).items()}

    assert (parents["Eve"], parents["goat"]) == (group.id, group.id)
    assert (parents["vase"], group.parent_id) == (scene.id, scene.id)
    assert scene.parent_id is None


@pytest.mark.parametrize(
    ("box", "wins"),
    [
        pytest.param((100, 200, 500, 900), True, id="nearly the same"),
        pytest.param((100, 200, 500, 450), False, id="overlapping less than half"),
    ],
)
def test_an_annotated_group_wins(
    eden: ImageBundle, box: tuple[float, float, float, float], *, wins: bool
) -> None:
    said = a_region(eden.image, "Eve's group", box, level=Level.GROUP, kind=RegionKind.UNKNOWN)
    done = grouped(replace(eden, regions=(*eden.regions, said)))

    assert said in done.regions
    assert len(at(done, Level.GROUP)) == (1 if wins else 2)


def test_an_annotated_scene_wins(eden: ImageBundle) -> None:
    said = a_region(eden.image, "Eden", (0, 0, 1000, 1000), level=Level.SCENE)
    done = grouped(replace(eden, regions=(*eden.regions, said)))

    assert at(done, Level.SCENE) == [said]


def test_frames_part_a_picture_into_panels(eden: ImageBundle) -> None:
    axes = (frame(eden, 600.0), frame(eden, 30.0, ordinal=1))
    done = grouped(replace(eden, axes=axes))
    whole, *panels = at(done, Level.SCENE)
    (group,) = at(done, Level.GROUP)

    assert [panel.box.width_px for panel in panels] == [570, 400]
    assert {panel.parent_id for panel in panels} == {whole.id}
    assert group.parent_id == panels[0].id
    assert named(done)["vase"].parent_id == panels[1].id


def test_other_divides_part_no_panels(eden: ImageBundle) -> None:
    done = grouped(replace(eden, axes=(frame(eden, 600.0, method="geometry/divide@1"),)))

    assert len(at(done, Level.SCENE)) == 1


def test_a_blank_picture_is_one_scene() -> None:
    done = grouped(a_picture())

    assert [(r.level, r.labels, r.caption) for r in done.regions] == [(Level.SCENE, (), "")]


def test_groups_that_fill_the_same_area_have_their_own_ids(eden: ImageBundle) -> None:
    twins = [
        a_region(eden.image, f"{label} again", box, kind=kind, ordinal=1)
        for label, kind, box in (EVE, GOAT)
    ]
    beside = an_edge(EdgeKind.BESIDE, *twins, evidence=Evidence())
    twice = replace(eden, regions=(*eden.regions, *twins), edges=(*eden.edges, beside))
    groups = at(grouped(twice), Level.GROUP)

    assert len({group.id for group in groups}) == 2
    assert groups[0].outline == groups[1].outline
