"""FACES, POINTS_AT, IN_FRONT_OF and SAME_SIDE from joints and outlines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Outline, Point, Polygon
from iconograph.graph.model.pose import COCO_KEY_POINTS, IndexFinger, Pose, Side
from iconograph.graph.model.region import region_of
from tests.builders import a_run, a_work, an_image
from tests.unit.relations.figures import FRONT, TO_RIGHT, XY, a_body
from tests.unit.relations.pictures import OBJECT, PERSON, Thing, a_picture, edges_of, likely

EVE: Thing = ("Eve", PERSON, (200, 150, 400, 900))
ADAM: Thing = ("Adam", PERSON, (600, 150, 800, 900))
CAIN: Thing = ("Cain", PERSON, (820, 150, 990, 900))
LEFT, RIGHT = (300.0, 200.0), (700.0, 200.0)
FAIR = 0.3
"""Edges below it are guesses that a search may still rank by."""

POINTING = TO_RIGHT | {"left_elbow": (100, 110), "left_wrist": (190, 90)}
COLUMN: Thing = ("column", OBJECT, (490, 0, 520, 1000))


@pytest.mark.parametrize(
    ("eve", "adam", "expected"),
    [
        pytest.param(
            a_body(LEFT, TO_RIGHT),
            a_body(RIGHT, TO_RIGHT, flip=True),
            {("Eve", "Adam"), ("Adam", "Eve")},
            id="to each other",
        ),
        pytest.param(
            a_body(LEFT, TO_RIGHT), a_body(RIGHT, TO_RIGHT), {("Eve", "Adam")}, id="one follows"
        ),
        pytest.param(
            a_body(LEFT, TO_RIGHT, flip=True), a_body(RIGHT, TO_RIGHT), set(), id="back to back"
        ),
        pytest.param(a_body(LEFT, FRONT), a_body(RIGHT, FRONT), set(), id="to the viewer"),
        pytest.param(None, None, set(), id="no key points"),
    ],
)
def test_faces(eve: Pose | None, adam: Pose | None, expected: set[tuple[str, str]]) -> None:
    poses = {name: pose for name, pose in (("Eve", eve), ("Adam", adam)) if pose}

    assert likely(a_picture(EVE, ADAM, poses=poses), EdgeKind.FACES) == expected


THREE_QUARTERS = FRONT | {"nose": (20, 14), "left_ear": (24, 5), "right_ear": (-37, 5)}
LOOKING_ASIDE = FRONT | {"nose": (12, 14), "left_ear": (45, 5), "right_ear": (-25, 5)}


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        pytest.param(THREE_QUARTERS | {"left_shoulder": (55, 100)}, True, id="head turned"),
        pytest.param(LOOKING_ASIDE, False, id="frontal but for a little aside"),
        pytest.param(
            LOOKING_ASIDE | {"left_knee": (90, 420), "right_knee": (10, 420)},
            True,
            id="knees turned",
        ),
    ],
)
def test_a_frontal_body_faces_nobody(joints: dict[str, XY], *, expected: bool) -> None:
    found = edges_of(a_picture(EVE, ADAM, poses={"Eve": a_body(LEFT, joints)}), EdgeKind.FACES)
    sure = {ends: edge.confidence for ends, edge in found.items()}

    assert (sure.get(("Eve", "Adam"), 0.0) >= 0.3) == expected


@pytest.mark.parametrize("confidence", [0.0, 0.1], ids=["not found", "unsure"])
@pytest.mark.parametrize("hidden", ["left_shoulder", "right_shoulder"])
def test_a_hidden_shoulder_does_not_turn_a_body(hidden: str, confidence: float) -> None:
    whole = a_body(LEFT, FRONT)
    points = tuple(
        replace(point, confidence=confidence) if name == hidden else point
        for name, point in zip(COCO_KEY_POINTS, whole.key_points, strict=True)
    )
    picture = a_picture(CAIN, ADAM, EVE, poses={"Eve": replace(whole, key_points=points)})

    assert likely(picture, EdgeKind.FACES) == set()


def test_a_figure_faces_the_first_before_it() -> None:
    picture = a_picture(EVE, ADAM, CAIN, poses={"Eve": a_body(LEFT, TO_RIGHT)})

    assert set(edges_of(picture, EdgeKind.FACES)) == {("Eve", "Adam")}


def test_a_figure_whose_hips_are_hidden_faces_too() -> None:
    joints = {name: at for name, at in TO_RIGHT.items() if "hip" not in name}
    picture = a_picture(EVE, ADAM, poses={"Eve": a_body(LEFT, joints)})

    assert set(edges_of(picture, EdgeKind.FACES)) == {("Eve", "Adam")}


@pytest.mark.parametrize(
    ("joints", "things", "expected"),
    [
        pytest.param(POINTING, [], {("Eve", "Adam")}, id="an arm stretched out"),
        pytest.param(TO_RIGHT, [], set(), id="arms hanging down"),
        pytest.param(POINTING | {"left_wrist": (100, 30)}, [], set(), id="a bent arm"),
        pytest.param(POINTING, [CAIN], {("Eve", "Adam")}, id="the first of two in line"),
        pytest.param(
            POINTING, [("apple", OBJECT, (495, 270, 530, 305))], set(), id="holding something out"
        ),
    ],
)
def test_points_at(
    joints: dict[str, XY], things: list[Thing], expected: set[tuple[str, str]]
) -> None:
    picture = a_picture(EVE, ADAM, *things, poses={"Eve": a_body(LEFT, joints)})

    assert likely(picture, EdgeKind.POINTS_AT) == expected


OTHER_ARM = {"right_elbow": (60, 200), "right_wrist": (150, 230)}
LILY: Thing = ("lily", OBJECT, (445, 225, 480, 460))


@pytest.mark.parametrize(
    ("joints", "thing", "expected"),
    [
        pytest.param(
            POINTING | OTHER_ARM, LILY, {("Eve", "Adam")}, id="one hand holds, one points"
        ),
        pytest.param(POINTING, LILY, set(), id="in the hand that reaches out"),
        pytest.param(
            POINTING | {"right_elbow": (100, 130), "right_wrist": (185, 110)},
            ("jar", OBJECT, (480, 270, 530, 320)),
            set(),
            id="both hands offer a thing",
        ),
    ],
)
def test_only_a_thing_in_the_same_hand_keeps_from_pointing(
    joints: dict[str, XY], thing: Thing, expected: set[tuple[str, str]]
) -> None:
    picture = a_picture(EVE, ADAM, thing, poses={"Eve": a_body(LEFT, joints)})

    assert likely(picture, EdgeKind.POINTS_AT) == expected


RAISED = TO_RIGHT | {"left_elbow": (20, 190), "left_wrist": (90, 100)}


def test_a_raised_hand_may_point_but_a_stretched_arm_does() -> None:
    bent, stretched = (
        edges_of(a_picture(EVE, ADAM, poses={"Eve": a_body(LEFT, joints)}), EdgeKind.POINTS_AT)
        for joints in (RAISED, POINTING)
    )
    ends = ("Eve", "Adam")

    assert bent[ends].evidence.number("is_bent") == 1.0
    assert 0.2 < bent[ends].confidence < stretched[ends].confidence


@pytest.mark.parametrize(
    ("tip", "expected"),
    [
        pytest.param((430, 300), 1.0, id="straight"),
        pytest.param((370, 330), 0.0, id="curled"),
    ],
)
def test_a_straight_finger_says_where_the_hand_points(tip: XY, expected: float) -> None:
    finger = IndexFinger(
        side=Side.LEFT, base=Point(x_px=395, y_px=300), tip=Point(x_px=tip[0], y_px=tip[1])
    )
    pose = replace(a_body(LEFT, RAISED), index_fingers=(finger,))
    found = edges_of(a_picture(EVE, ADAM, poses={"Eve": pose}), EdgeKind.POINTS_AT)

    assert found["Eve", "Adam"].evidence.number("has_finger") == expected
    assert (found["Eve", "Adam"].confidence > 0.7) == bool(expected)


def test_two_arms_at_one_thing_make_one_edge() -> None:
    both = POINTING | {"right_elbow": (100, 105), "right_wrist": (190, 85)}
    picture = a_picture(EVE, ADAM, poses={"Eve": a_body(LEFT, both)})

    assert len(edges_of(picture, EdgeKind.POINTS_AT)) == 1


@pytest.mark.parametrize("kind", [EdgeKind.POINTS_AT, EdgeKind.FACES])
def test_a_mirrored_picture_has_the_mirrored_edges(kind: EdgeKind) -> None:
    ours = a_picture(EVE, ADAM, poses={"Eve": a_body(LEFT, POINTING)})
    theirs = a_picture(
        ("Eve", PERSON, (600, 150, 800, 900)),
        ("Adam", PERSON, (200, 150, 400, 900)),
        poses={"Eve": a_body(RIGHT, POINTING, flip=True)},
    )

    found, turned = (edges_of(picture, kind) for picture in (ours, theirs))

    assert found.keys() == turned.keys() == {("Eve", "Adam")}
    assert found["Eve", "Adam"].confidence == pytest.approx(turned["Eve", "Adam"].confidence)


@pytest.mark.parametrize("at", [(-9000.0, 0.0), (300.0, 99_000.0)])
@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_odd_key_points_do_no_harm(at: XY, confidence: float) -> None:
    poses = {"Eve": a_body(at, POINTING, confidence=confidence)}

    for kind in (EdgeKind.POINTS_AT, EdgeKind.FACES):
        assert set(edges_of(a_picture(EVE, ADAM, poses=poses), kind)) <= {("Eve", "Adam")}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param((350, 400, 550, 1000), {("Adam", "Eve")}, id="lower and over it"),
        pytest.param((350, 150, 550, 900), set(), id="at the same level"),
        pytest.param((600, 400, 800, 990), set(), id="apart"),
    ],
)
def test_in_front_of_from_boxes(
    box: tuple[float, float, float, float], expected: set[tuple[str, str]]
) -> None:
    found = edges_of(a_picture(EVE, ("Adam", PERSON, box)), EdgeKind.IN_FRONT_OF)

    assert {ends for ends, edge in found.items() if edge.confidence >= FAIR} == expected
    assert all(edge.evidence.lacked == ("outlines",) for edge in found.values())


def test_in_front_of_is_the_one_that_bites_into_the_other() -> None:
    run, work = a_run(), a_work("picture")
    image = an_image(work, width_px=1000, height_px=1000)
    bitten = (
        (200, 200),
        (400, 200),
        (400, 400),
        (300, 400),
        (300, 700),
        (400, 700),
        (400, 900),
        (200, 900),
    )
    whole = ((301, 401), (450, 405), (500, 550), (450, 699), (301, 695))
    picture = a_picture(EVE, ADAM)
    regions = tuple(
        region_of(
            image,
            Outline(parts=(Polygon(exterior=ring),)),
            run_id=run.id,
            kind=PERSON,
            labels=region.labels,
        )
        for region, ring in zip(picture.regions, (bitten, whole), strict=True)
    )
    bundle = type(picture)(work=work, image=image, runs=(run,), regions=regions)

    assert likely(bundle, EdgeKind.IN_FRONT_OF) == {("Adam", "Eve")}


def test_same_side_only_where_a_line_parts_figures() -> None:
    beside = ("Abel", PERSON, (20, 150, 180, 900))
    parted = a_picture(EVE, ADAM, beside, COLUMN)
    together = a_picture(EVE, beside, ("column", OBJECT, (990, 0, 999, 1000)))

    assert set(edges_of(parted, EdgeKind.SAME_SIDE)) == {("Abel", "Eve")}
    assert edges_of(together, EdgeKind.SAME_SIDE) == {}
