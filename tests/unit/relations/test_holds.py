from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from tests.unit.relations.figures import a_body as a_jointed_body
from tests.unit.relations.pictures import (
    ATTRIBUTE,
    OBJECT,
    PERSON,
    Corners,
    Thing,
    a_picture,
    a_pose,
    edges_of,
    likely,
)

EVE: Thing = ("Eve", PERSON, (200, 200, 400, 900))


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


def test_hands_that_a_model_placed_are_weighed_with_what_the_boxes_tell() -> None:
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

    assert confidence["placed"] > confidence["none"]


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


def test_hands_below_and_on_both_sides_carry() -> None:
    eve: Thing = ("Eve", PERSON, (200, 200, 400, 900))
    basket: Thing = ("basket", OBJECT, (240, 450, 380, 520))
    head = (260.0, 200.0, 340.0, 300.0)

    confidence = {
        name: edges_of(
            a_picture(eve, basket, poses={"Eve": a_pose(*hands, head=head)}), EdgeKind.HOLDS
        )["Eve", "basket"].confidence
        for name, hands in {
            "both below": ((240.0, 525.0), (380.0, 525.0)),
            "one below": ((240.0, 525.0), (380.0, 800.0)),
            "one above": ((240.0, 445.0), (380.0, 800.0)),
        }.items()
    }

    assert confidence["both below"] > confidence["one below"] > confidence["one above"]


def test_what_rests_on_a_forearm_is_held() -> None:
    eve: Thing = ("Eve", PERSON, (200, 200, 400, 900))
    basket: Thing = ("basket", OBJECT, (250, 505, 330, 570))
    confidence = {}
    for name, elbow in {"along": (210.0, 500.0), "away": (400.0, 380.0)}.items():
        points = {
            "left_shoulder": (220.0, 330.0),
            "left_elbow": elbow,
            "left_wrist": (400.0, 500.0),
        }
        pose = replace(a_jointed_body((0.0, 0.0), points), method="movenet@1")
        edges = edges_of(a_picture(eve, basket, poses={"Eve": pose}), EdgeKind.HOLDS)
        confidence[name] = edges["Eve", "basket"].confidence

    assert confidence["along"] > confidence["away"]


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param((300, 300, 500, 700), {("mother", "child")}, id="small"),
        pytest.param(
            (120, 120, 580, 880), {("mother", "child"), ("child", "mother")}, id="of her size"
        ),
    ],
)
def test_nobody_carries_a_much_larger_person(
    child: Corners, expected: set[tuple[str, str]]
) -> None:
    mother = (100, 100, 600, 900)
    bundle = a_picture(
        ("mother", PERSON, mother),
        ("child", PERSON, child),
        poses={
            "mother": a_pose((350, 650), (450, 650), head=(300, 100, 400, 220)),
            "child": a_pose((350, 400), (400, 400), head=(350, 300, 420, 380)),
        },
    )
    assert set(edges_of(bundle, EdgeKind.HOLDS)) == expected
