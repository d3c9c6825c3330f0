from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
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
    ("thing", "hands", "expected"),
    [
        pytest.param(("apple", OBJECT, (300, 400, 340, 440)), [(320, 420)], True, id="in the hand"),
        pytest.param(
            ("apple", OBJECT, (380, 800, 420, 840)), [(220, 420)], False, id="far from it"
        ),
        pytest.param(("apple", OBJECT, (300, 500, 340, 540)), [], True, id="hands unknown"),
        pytest.param(("lily", ATTRIBUTE, (300, 500, 340, 580)), [], True, id="attribute by name"),
        pytest.param(("table", OBJECT, (300, 500, 600, 700)), [], False, id="not to be held"),
        pytest.param(("dress", ATTRIBUTE, (210, 300, 390, 890)), [(320, 420)], False, id="worn"),
        pytest.param(("lily", ATTRIBUTE, (300, 400, 340, 480)), [(320, 440)], True, id="attribute"),
    ],
)
def test_holds(thing: Thing, hands: list[tuple[float, float]], expected: bool) -> None:  # noqa: FBT001  a table
    poses = {"Eve": a_pose(*hands, head=(260, 200, 340, 300))}

    found = likely(a_picture(EVE, thing, poses=poses), EdgeKind.HOLDS)

    assert found == ({("Eve", thing[0])} if expected else set())


def test_what_two_overlap_is_held_by_the_one_whose_hand_is_there() -> None:
    picture = a_picture(
        EVE,
        ("Adam", PERSON, (300, 200, 500, 900)),
        ("apple", OBJECT, (340, 400, 380, 440)),
        poses={"Eve": a_pose((250, 800)), "Adam": a_pose((360, 420))},
    )

    assert likely(picture, EdgeKind.HOLDS) == {("Adam", "apple")}


def a_body(wrist: tuple[float, float], *, confidence: float) -> Pose:
    """A pose of which only the left wrist is of use."""
    points = [KeyPoint(x_px=0, y_px=0, confidence=0)] * len(COCO_KEY_POINTS)
    x_px, y_px = wrist
    at = COCO_KEY_POINTS.index("left_wrist")
    points[at] = KeyPoint(x_px=x_px, y_px=y_px, confidence=confidence)
    return Pose(key_points=tuple(points))


@pytest.mark.parametrize(
    ("confidence", "lacked"),
    [pytest.param(0.9, (), id="found"), pytest.param(0.1, ("hands",), id="guessed")],
)
def test_wrists_stand_for_hands(confidence: float, lacked: tuple[str, ...]) -> None:
    picture = a_picture(
        EVE,
        ("apple", OBJECT, (300, 400, 340, 440)),
        poses={"Eve": a_body((320, 420), confidence=confidence)},
    )

    assert edges_of(picture, EdgeKind.HOLDS)["Eve", "apple"].evidence.lacked == lacked


def test_hands_that_a_model_placed_are_believed_half() -> None:
    eve, apple = ("Eve", PERSON, (200, 200, 400, 900)), ("apple", OBJECT, (310, 480, 350, 520))
    given = a_pose((330, 500), head=(260, 200, 340, 300))
    poses = {
        "given": given,
        "placed": replace(given, method="movenet@1"),
        "none": replace(given, hands=()),
    }

    confidence = {
        name: edges_of(a_picture(eve, apple, poses={"Eve": pose}), EdgeKind.HOLDS)[
            "Eve", "apple"
        ].confidence
        for name, pose in poses.items()
    }

    mean = (confidence["given"] + confidence["none"]) / 2
    assert confidence["placed"] == pytest.approx(mean, abs=1e-3)
    assert confidence["given"] > confidence["placed"] > confidence["none"]


def test_missing_hands_are_named_and_make_less_sure() -> None:
    things = (EVE, ("apple", OBJECT, (300, 400, 340, 440)))
    seen = edges_of(a_picture(*things, poses={"Eve": a_pose((320, 420))}), EdgeKind.HOLDS)
    unseen = edges_of(a_picture(*things), EdgeKind.HOLDS)
    ends = ("Eve", "apple")

    assert seen[ends].evidence.lacked == ()
    assert seen[ends].evidence.number("hand_gap_heads") == 0.0
    assert unseen[ends].evidence.lacked == ("hands",)
    assert unseen[ends].evidence.number("hand_gap_heads") is None
    assert unseen[ends].confidence < seen[ends].confidence


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
