from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState, Pose
from iconograph.relations.gaze.heads import HeadGazes, gazes_of
from iconograph.relations.gaze.port import GazeEstimator
from iconograph.relations.scene import scene_of
from tests.unit.relations.figures import FRONT, TO_RIGHT, XY, a_body, a_head
from tests.unit.relations.pictures import OBJECT, PERSON, THRESHOLDS, Thing, a_picture, named

EVE: Thing = ("Eve", PERSON, (200, 50, 400, 900))
ADAM: Thing = ("Adam", PERSON, (600, 50, 800, 900))
AT: XY = (300, 200)
TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


def gaze_of(pose: Pose | None, *others: Thing, **poses: Pose) -> Gaze | None:
    """Eve's gaze with her pose, among others."""
    picture = a_picture(EVE, *others, poses=({"Eve": pose} if pose else {}) | poses)
    return gazes_of(scene_of(picture, THRESHOLDS), THRESHOLDS)[0]


def without(joints: dict[str, XY], *names: str) -> dict[str, XY]:
    return {name: at for name, at in joints.items() if name not in names}


@pytest.mark.parametrize(
    ("joints", "method", "state", "direction"),
    [
        pytest.param(FRONT, "face", GazeState.VIEWER, None, id="front"),
        pytest.param(TO_RIGHT, "face", GazeState.UNKNOWN, (1, 0), id="turned"),
        pytest.param(
            without(TO_RIGHT, "left_ear", "left_eye"),
            "profile",
            GazeState.UNKNOWN,
            (1, 0),
            id="one ear",
        ),
        pytest.param(
            without(FRONT, "left_ear", "right_ear"), "eyes", GazeState.VIEWER, None, id="no ears"
        ),
        pytest.param(
            without(FRONT, "left_ear", "right_ear") | {"nose": (20, 14)},
            "eyes",
            GazeState.UNKNOWN,
            (1, 0),
            id="no ears, turned",
        ),
        pytest.param(
            without(FRONT, "nose", "left_eye", "right_eye"),
            "back",
            GazeState.UNKNOWN,
            None,
            id="from behind",
        ),
        pytest.param(
            {name: FRONT[name] for name in TRUNK} | {"nose": (50, 30)},
            "trunk",
            GazeState.UNKNOWN,
            (1, 0),
            id="bisector of the trunk",
        ),
    ],
)
def test_the_most_trusted_witness_speaks(
    joints: dict[str, XY], method: str, state: GazeState, direction: tuple[float, float] | None
) -> None:
    gaze = gaze_of(a_body(AT, joints))

    assert gaze is not None
    assert (gaze.method, gaze.state) == (f"geometry/head-{method}@1", state)
    if direction is None:
        assert gaze.direction is None
    else:
        assert gaze.direction is not None
        assert math.dist(gaze.direction, direction) < math.radians(45)


def test_less_certain_witnesses_have_wider_cones_and_less_trust() -> None:
    seen = [
        gaze_of(a_body(AT, TO_RIGHT)),
        gaze_of(a_body(AT, {name: FRONT[name] for name in TRUNK} | {"nose": (50, 30)})),
        gaze_of(a_head(AT), ADAM, Adam=a_head((700, 200))),
    ]

    cones = [gaze.cone_deg for gaze in seen if gaze]
    trusts = [gaze.confidence for gaze in seen if gaze]
    assert cones == sorted(cones)
    assert len(cones) == len(seen)
    assert trusts == sorted(trusts, reverse=True)


def test_a_head_alone_is_taken_to_look_towards_the_others() -> None:
    gaze = gaze_of(a_head(AT), ADAM, Adam=a_head((700, 200)))

    assert gaze is not None
    assert gaze.direction == pytest.approx((1.0, 0.0))
    assert gaze.method == "geometry/head-company@1"


@pytest.mark.parametrize(
    "pose",
    [
        pytest.param(None, id="no pose"),
        pytest.param(a_head(AT), id="a head and no company"),
        pytest.param(a_body(AT, TO_RIGHT, confidence=0.0), id="nothing found"),
        pytest.param(a_body(AT, TO_RIGHT, confidence=0.1), id="only guesses"),
        pytest.param(a_body(AT, dict.fromkeys(FRONT, (0.0, 0.0))), id="all at one place"),
    ],
)
def test_nothing_is_invented(pose: Pose | None) -> None:
    gaze = gaze_of(pose)

    assert gaze is None or gaze.direction is None


@pytest.mark.parametrize("state", [GazeState.CLOSED, GazeState.VIEWER, GazeState.OUTSIDE])
def test_a_given_gaze_is_kept(state: GazeState) -> None:
    picture = a_picture(EVE, poses={"Eve": a_body(AT, TO_RIGHT)})
    given_gaze = Gaze(state=state, origin=Point(x_px=1, y_px=2), method="annotation")
    region = replace(picture.regions[0], gaze=given_gaze)

    scene = scene_of(replace(picture, regions=(region,)), THRESHOLDS)

    assert gazes_of(scene, THRESHOLDS) == (given_gaze,)


def test_the_estimator_answers_by_region_without_pixels() -> None:
    picture = a_picture(EVE, ("apple", OBJECT, (0, 0, 9, 9)), poses={"Eve": a_body(AT, TO_RIGHT)})
    estimator: GazeEstimator = HeadGazes(thresholds=THRESHOLDS)

    assert set(estimator(None, scene_of(picture, THRESHOLDS))) == {named(picture)["Eve"].id}


@given(x=st.floats(-60, 60), y=st.floats(-40, 60), off=st.floats(-3000, 3000))
def test_a_mirrored_head_looks_the_other_way(x: float, y: float, off: float) -> None:
    joints = FRONT | {"nose": (x, y)}
    at = (AT[0] + off, AT[1] - off)
    ours, theirs = gaze_of(a_body(at, joints)), gaze_of(a_body(at, joints, flip=True))

    assert ours is not None
    assert theirs is not None
    assert ours.state is theirs.state
    assert ours.cone_deg == pytest.approx(theirs.cone_deg)
    if ours.direction and theirs.direction:
        assert (-ours.direction[0], ours.direction[1]) == pytest.approx(theirs.direction, abs=1e-6)


@given(x=st.floats(20, 60), y=st.floats(-40, 60))
def test_a_turned_picture_turns_the_gaze(x: float, y: float) -> None:
    joints = TO_RIGHT | {"nose": (x, y)}
    turned = {name: (-v, u) for name, (u, v) in joints.items()}
    ours, theirs = gaze_of(a_body(AT, joints)), gaze_of(a_body(AT, turned))

    assert ours is not None
    assert ours.direction is not None
    assert theirs is not None
    assert theirs.direction is not None
    dx, dy = ours.direction
    assert (-dy, dx) == pytest.approx(theirs.direction, abs=1e-6)
