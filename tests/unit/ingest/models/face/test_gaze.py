from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.pose import GazeState
from iconograph.ingest.models.face.gaze import gaze_of, line_of_sight, load_gaze_numbers
from tests.unit.ingest.models.face.heads import a_face

NUMBERS = load_gaze_numbers()
TURNS = st.floats(-70, 70)
OFFSETS = st.floats(-1, 1)


@pytest.mark.parametrize(
    ("yaw", "pitch", "aside", "state", "direction"),
    [
        pytest.param(0, 0, 0, GazeState.VIEWER, None, id="front"),
        pytest.param(50, 0, 0, GazeState.UNKNOWN, (1, 0), id="right"),
        pytest.param(-50, 0, 0, GazeState.UNKNOWN, (-1, 0), id="left"),
        pytest.param(0, 40, 0, GazeState.UNKNOWN, (0, 1), id="down"),
        pytest.param(0, -40, 0, GazeState.UNKNOWN, (0, -1), id="up"),
        pytest.param(28, 0, -0.5, GazeState.VIEWER, None, id="turned aside, looks at us"),
        pytest.param(5, 0, 0.9, GazeState.UNKNOWN, (1, 0), id="looks out of its eyes' corners"),
    ],
)
def test_where_a_face_looks(
    yaw: float,
    pitch: float,
    aside: float,
    state: GazeState,
    direction: tuple[float, float] | None,
) -> None:
    gaze = gaze_of(a_face(yaw, pitch, eye_offsets=((aside, 0), (aside, 0))))
    assert gaze.state is state
    assert gaze.direction == (pytest.approx(direction, abs=1e-6) if direction else None)
    assert (gaze.origin.x_px, gaze.origin.y_px) == (100, 90)
    assert 0 < gaze.confidence <= 1
    assert gaze.method == "face-mesh/gaze@1"


def test_closed_lids_are_a_finding() -> None:
    gaze = gaze_of(a_face(50, 0, lids_open_fraction=0.02))
    assert (gaze.state, gaze.direction) == (GazeState.CLOSED, None)
    assert gaze_of(a_face(50, 0, lids_open_fraction=None)).state is GazeState.UNKNOWN


@given(yaw=TURNS, pitch=TURNS, roll=TURNS, left=OFFSETS, right=OFFSETS)
def test_a_mirrored_face_looks_the_other_way(
    yaw: float, pitch: float, roll: float, left: float, right: float
) -> None:
    sight = line_of_sight(a_face(yaw, pitch, roll, eye_offsets=((left, 0), (right, 0))), NUMBERS)
    mirrored = a_face(-yaw, pitch, -roll, eye_offsets=((-right, 0), (-left, 0)))
    assert line_of_sight(mirrored, NUMBERS) == pytest.approx(sight * (-1, 1, 1), abs=1e-9)


@given(yaw=TURNS, pitch=TURNS, aside=OFFSETS, roll=st.floats(-180, 180))
def test_eyes_move_along_a_tilted_head(yaw: float, pitch: float, aside: float, roll: float) -> None:
    straight = line_of_sight(a_face(yaw, pitch, roll), NUMBERS)
    moved = line_of_sight(a_face(yaw, pitch, roll, eye_offsets=((aside, 0), (aside, 0))), NUMBERS)
    turn = math.degrees(math.acos(min(1.0, float(straight @ moved))))
    assert turn == pytest.approx(math.degrees(math.atan(NUMBERS.eye_share * abs(aside))), abs=1e-3)


@given(yaw=TURNS, pitch=TURNS)
def test_doubt_is_greatest_between_us_and_aside(yaw: float, pitch: float) -> None:
    gaze = gaze_of(a_face(yaw, pitch))
    sight = line_of_sight(a_face(yaw, pitch), NUMBERS)
    turned_deg = math.degrees(math.acos(max(-1.0, min(1.0, -float(sight[2])))))
    assert (gaze.state is GazeState.VIEWER) == (turned_deg <= NUMBERS.viewer_deg)
    nearer = gaze_of(a_face(NUMBERS.viewer_deg + 0.01))
    assert gaze.confidence >= nearer.confidence - 1e-3


def test_a_doubtful_face_gives_a_doubtful_gaze() -> None:
    sure, doubtful = gaze_of(a_face(40)), gaze_of(a_face(40, confidence=0.5))
    assert doubtful.confidence == pytest.approx(sure.confidence / 2)


def test_the_nearer_eye_counts() -> None:
    right_eye = ((0.0, 0.0), (1.0, 0.0))
    turned_right, turned_left = (
        line_of_sight(a_face(yaw, eye_offsets=right_eye), NUMBERS) for yaw in (30, -30)
    )
    assert turned_right[0] > line_of_sight(a_face(30), NUMBERS)[0]
    assert turned_left == pytest.approx(line_of_sight(a_face(-30), NUMBERS))
