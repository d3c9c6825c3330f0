from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box
from iconograph.graph.model.region import Level, Region, RegionKind
from iconograph.ingest.regions.assembly import RegionSettings, regions_of
from iconograph.ingest.regions.depth import Budget
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.outlines import mask_of
from iconograph.ingest.regions.proposal import Proposal
from iconograph.ingest.scenes import draw_scene
from tests.builders import a_run
from tests.unit.ingest.regions.proposing import a_label, a_picture, a_proposal

RUN = a_run().id
Kind = RegionKind
WOMAN = a_proposal((200, 100, 800, 1000), "woman", kind=Kind.PERSON)
ROBE = a_proposal((250, 400, 750, 990), "red robe", kind=Kind.ATTRIBUTE)


def regions(*proposals: Proposal, **settings: object) -> list[Region]:
    chosen = RegionSettings(**settings)  # type: ignore[arg-type]
    return list(regions_of(a_picture(), proposals, settings=chosen, run_id=RUN))


def test_a_blank_picture_has_one_scene_and_nothing_else() -> None:
    assert [region.level for region in regions()] == [Level.SCENE]


def test_a_figure_and_its_garment() -> None:
    scene, woman, robe = regions(ROBE, WOMAN)

    assert (scene.level, woman.label, robe.label) == (Level.SCENE, "woman", "red robe")
    assert (woman.parent_id, robe.parent_id) == (None, woman.id)
    assert (woman.kind, robe.kind, woman.run_id) == (Kind.PERSON, Kind.ATTRIBUTE, RUN)
    assert ("sources", "one") in woman.attributes


def test_what_has_no_label_is_kept_on_demand_only() -> None:
    unnamed = a_proposal((10, 10, 90, 90))

    assert len(regions(unnamed)) == 1
    assert len(regions(unnamed, keep_unnamed=True)) == 2


def test_two_things_with_one_outline_have_two_ids() -> None:
    person = a_proposal((100, 100, 300, 300), "man", kind=Kind.PERSON)
    garment = a_proposal((100, 100, 300, 300), "cloak", kind=Kind.ATTRIBUTE)

    found = regions(person, garment)

    assert len({region.id for region in found}) == 3


def test_what_leaves_the_picture_is_cut_and_what_lies_beside_it_left_out() -> None:
    leaving = a_proposal((900, 900, 1100, 1100), "cup", kind=Kind.OBJECT, disc=False)
    starting = a_proposal((-50, -50, 50, 50), "jug", kind=Kind.OBJECT, disc=False)
    beside = a_proposal((1000, 0, 1100, 100), "dish", kind=Kind.OBJECT, disc=False)

    _, *found = regions(leaving, starting, beside)

    assert sorted(region.box.corners_px for region in found) == [
        (0, 0, 50, 50),
        (900, 900, 1000, 1000),
    ]


def test_a_mask_on_the_border_keeps_to_it() -> None:
    bits = np.ones((1000, 400), np.bool_)
    ground = Proposal(
        mask=Mask.of(bits), confidence=0.9, sources=("one",), labels=(a_label("wall"),),
        kind=Kind.SETTING,
    )  # fmt: skip

    assert regions(ground)[1].box.corners_px == (0, 0, 400, 1000)


def test_the_number_of_regions_has_a_setting() -> None:
    many = [
        a_proposal((x, y, x + 50, y + 50), f"cup {x} {y}", kind=Kind.OBJECT)
        for x in range(0, 1000, 100)
        for y in range(0, 1000, 100)
    ]

    counts = [len(regions(*many, budget=budget)) for budget in Budget]

    assert counts == sorted(set(counts))
    assert len(regions(*many, most_regions=3)) == 1 + 3
    assert len(regions(*many, most_regions=0)) == 1
    with pytest.raises(InvalidValueError, match="most_regions"):
        RegionSettings(most_regions=-1)


def test_panels_are_scenes() -> None:
    panels = (
        Box(x0_px=0, y0_px=0, x1_px=480, y1_px=1000),
        Box(x0_px=520, y0_px=0, x1_px=1000, y1_px=1000),
    )

    assert [region.level for region in regions(panels=panels)] == [Level.SCENE] * 3


def test_a_picture_of_one_pixel() -> None:
    image = a_picture(1, 1)
    dot = a_proposal((0, 0, 1, 1), "dot", kind=Kind.OBJECT, disc=False)

    found = regions_of(image, [dot], settings=RegionSettings(), run_id=RUN)

    assert [region.level for region in found] == [Level.SCENE]


def test_three_thousand_proposals_become_some_hundred_regions() -> None:
    rng = np.random.default_rng(7)
    corners = [(x, y, x + 40, y + 60) for x, y in rng.integers(0, 940, (300, 2)).tolist()]
    proposals = [
        a_proposal(corners[n % 300], "man", kind=Kind.PERSON, source=f"source {n % 4}")
        for n in range(3000)
    ]

    found = regions(*proposals)

    assert 100 < len(found) <= 801


def test_a_drawn_scene_from_its_own_masks() -> None:
    scene = draw_scene(301)
    entities = [part for part in scene.parts if part.level is Level.ENTITY]
    entities = [part for part in entities if part.mask.sum() >= 400]
    proposals = [
        Proposal(
            mask=Mask.of(part.mask), confidence=0.9, sources=("truth",), kind=part.kind,
            labels=(a_label(f"{part.label} {part.id}"),),
        )
        for part in entities
    ]  # fmt: skip
    image = a_picture(scene.width_px, scene.height_px)

    found = regions_of(image, proposals, settings=RegionSettings(), run_id=RUN)

    by_name = {region.label: region for region in found}
    for part, proposal in zip(entities, proposals, strict=True):
        region = by_name[f"{part.label} {part.id}"]
        drawn = mask_of(region.outline, width_px=scene.width_px, height_px=scene.height_px)
        assert drawn.iou(proposal.mask) >= 0.97
        if part.kind in (Kind.ATTRIBUTE, Kind.PART):
            owner = scene.part(part.parent_id or 0)
            assert region.parent_id == by_name[f"{owner.label} {owner.id}"].id
