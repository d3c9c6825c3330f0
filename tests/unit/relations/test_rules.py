from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Outline, Polygon
from iconograph.graph.model.pose import Pose
from iconograph.graph.model.region import Label, region_of
from tests.builders import a_run, a_work, an_image
from tests.unit.relations.pictures import (
    ANIMAL,
    ATTRIBUTE,
    OBJECT,
    PART,
    PERSON,
    SETTING,
    Corners,
    Thing,
    a_picture,
    a_pose,
    edges_of,
    likely,
)

EVE: Thing = ("Eve", PERSON, (200, 200, 400, 900))
ADAM: Thing = ("Adam", PERSON, (420, 200, 620, 900))
FAR_OFF: Thing = ("Cain", PERSON, (800, 200, 990, 900))


@pytest.mark.parametrize(
    ("things", "poses", "expected"),
    [
        pytest.param([EVE, ADAM], {}, {("Adam", "Eve")}, id="near"),
        pytest.param([EVE, FAR_OFF], {}, set(), id="far"),
        pytest.param(
            [EVE, ("goat", ANIMAL, (390, 600, 600, 900))], {}, {("Eve", "goat")}, id="animal"
        ),
        pytest.param(
            [EVE, ("table", OBJECT, (400, 600, 700, 900))], {}, {("Eve", "table")}, id="object"
        ),
        pytest.param(
            [EVE, ("apple", OBJECT, (250, 400, 300, 450))], {}, set(), id="within the other"
        ),
        pytest.param([EVE, ("veil", ATTRIBUTE, (400, 200, 500, 300))], {}, set(), id="attribute"),
        pytest.param([EVE, ("sky", SETTING, (0, 0, 1000, 300))], {}, set(), id="setting"),
        pytest.param(
            [EVE, ("Cain", PERSON, (410, 200, 460, 330))],
            {
                "Eve": a_pose(head=(260, 200, 340, 300)),
                "Cain": a_pose(head=(425, 200, 437, 212)),
            },
            set(),
            id="a small head is far behind",
        ),
    ],
)
def test_beside(
    things: list[Thing], poses: dict[str, Pose], expected: set[tuple[str, str]]
) -> None:
    assert likely(a_picture(*things, poses=poses), EdgeKind.BESIDE) == expected


@pytest.mark.parametrize(
    ("upper", "expected"),
    [
        pytest.param((220, 20, 380, 180), {("angel", "Eve")}, id="over"),
        pytest.param((220, 20, 380, 220), {("angel", "Eve")}, id="sunk a little"),
        pytest.param((600, 20, 760, 180), set(), id="in another column"),
        pytest.param((220, 200, 380, 880), set(), id="at the same height"),
    ],
)
def test_above(upper: Corners, expected: set[tuple[str, str]]) -> None:
    picture = a_picture(EVE, ("angel", PERSON, upper))

    assert likely(picture, EdgeKind.ABOVE) == expected


@pytest.mark.parametrize(
    ("outer", "expected"),
    [
        pytest.param(
            ("basket", OBJECT, (400, 400, 700, 600)), {("apple", "basket")}, id="container"
        ),
        pytest.param(("table", OBJECT, (400, 400, 700, 600)), set(), id="no container"),
        pytest.param(("basket", OBJECT, (480, 400, 700, 600)), set(), id="half out"),
        pytest.param(("Eve", PERSON, (400, 400, 700, 600)), set(), id="person"),
    ],
)
def test_inside(outer: Thing, expected: set[tuple[str, str]]) -> None:
    picture = a_picture(outer, ("apple", OBJECT, (450, 450, 500, 500)))

    assert likely(picture, EdgeKind.INSIDE) == expected


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([EVE], {("wing", "Eve")}, id="one whole"),
        pytest.param([EVE, FAR_OFF], {("wing", "Eve")}, id="the one that covers it"),
        pytest.param([("hat", ATTRIBUTE, (210, 210, 290, 300))], set(), id="a wing is of a body"),
        pytest.param([FAR_OFF], set(), id="elsewhere"),
    ],
)
def test_part_of(things: list[Thing], expected: set[tuple[str, str]]) -> None:
    picture = a_picture(*things, ("wing", PART, (220, 220, 280, 290)))

    assert likely(picture, EdgeKind.PART_OF) == expected


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        pytest.param(("hat", ATTRIBUTE, (250, 200, 350, 260)), {("Eve", "hat")}, id="attribute"),
        pytest.param(
            ("red cloak", OBJECT, (210, 300, 390, 890)), {("Eve", "red cloak")}, id="by name"
        ),
        pytest.param(("lily", ATTRIBUTE, (250, 400, 350, 460)), set(), id="made for the hand"),
        pytest.param(("sword", OBJECT, (250, 400, 350, 460)), set(), id="object"),
        pytest.param(("hat", ATTRIBUTE, (600, 200, 700, 260)), set(), id="on nobody"),
    ],
)
def test_wears(thing: Thing, expected: set[tuple[str, str]]) -> None:
    assert likely(a_picture(EVE, thing), EdgeKind.WEARS) == expected


def test_a_hat_within_two_boxes_is_worn_by_one() -> None:
    picture = a_picture(
        EVE, ("Adam", PERSON, (330, 210, 600, 900)), ("hat", ATTRIBUTE, (240, 200, 350, 260))
    )

    assert likely(picture, EdgeKind.WEARS) == {("Eve", "hat")}


@pytest.mark.parametrize(
    ("hand", "expected"),
    [
        pytest.param((430, 500), {("Eve", "Adam")}, id="on the other"),
        pytest.param((250, 500), set(), id="on herself"),
    ],
)
def test_touches(hand: tuple[float, float], expected: set[tuple[str, str]]) -> None:
    poses = {"Eve": a_pose(hand, head=(260, 200, 340, 300))}

    assert likely(a_picture(EVE, ADAM, poses=poses), EdgeKind.TOUCHES) == expected


def test_boxes_alone_tell_of_no_contact() -> None:
    picture = a_picture(EVE, ("Adam", PERSON, (380, 200, 620, 900)))

    assert edges_of(picture, EdgeKind.TOUCHES) == {}


TABLE: Thing = ("table", OBJECT, (100, 600, 900, 900))


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        pytest.param((300, 450, 360, 640), {("jug", "table")}, id="on the table"),
        pytest.param((300, 700, 360, 890), set(), id="before the table"),
        pytest.param((300, 450, 360, 990), set(), id="reaching further down"),
        pytest.param((300, 300, 360, 590), set(), id="above the table"),
    ],
)
def test_what_stands_on_furniture_touches_it(
    thing: Corners, expected: set[tuple[str, str]]
) -> None:
    assert likely(a_picture(TABLE, ("jug", OBJECT, thing)), EdgeKind.TOUCHES) == expected


def test_a_serpent_about_a_tree_touches_it_and_an_ox_before_one_may_not() -> None:
    outlines = {
        "serpent": [(395, 300), (505, 300), (505, 400), (470, 360), (430, 440), (420, 400)],
        "ox": [(200, 500), (700, 505), (705, 800), (210, 795)],
    }
    run, work = a_run(), a_work("picture")
    image = an_image(work, width_px=1000, height_px=1000)
    found = {}
    for label, ring in outlines.items():
        animal = region_of(
            image,
            Outline(parts=(Polygon(exterior=tuple(ring)),)),
            run_id=run.id,
            kind=ANIMAL,
            labels=(Label(text=label),),
        )
        trunk = region_of(
            image,
            Outline(parts=(Polygon(exterior=((400, 100), (500, 104), (496, 900), (402, 897))),)),
            run_id=run.id,
            kind=OBJECT,
            labels=(Label(text="tree"),),
        )
        bundle = ImageBundle(work=work, image=image, runs=(run,), regions=(animal, trunk))
        found[label] = edges_of(bundle, EdgeKind.TOUCHES)[label, "tree"].confidence

    assert found["ox"] < 0.5 < found["serpent"]


def test_a_cut_that_runs_along_an_edge_breaks_nothing() -> None:
    """The window about what the two share meets the first one's long side, and leaves a line of it."""
    arm = ((98, 110), (130, 110), (130, 130), (98, 130))
    first = ((0, 0), (98, 0), *arm, (98, 300), (0, 300))
    second = ((150, 100), (200, 100), (200, 200), (100, 200), (100, 150), (150, 150))
    bundle = a_picture(
        ("first", PERSON, (0, 0, 130, 300)), ("second", PERSON, (100, 100, 200, 200))
    )
    outlines = {
        label: Outline(parts=(Polygon(exterior=ring),))
        for label, ring in (("first", first), ("second", second))
    }
    drawn = (replace(region, outline=outlines[region.label]) for region in bundle.regions)
    assert not likely(replace(bundle, regions=tuple(drawn)), EdgeKind.IN_FRONT_OF)
