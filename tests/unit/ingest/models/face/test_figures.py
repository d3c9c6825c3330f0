from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.geometry import Box
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.ingest.models.face.figures import faces_of_figures, misfit
from iconograph.ingest.models.face.port import Face
from tests.unit.ingest.models.face.heads import a_face

ADAM, EVE = (0, 0, 100, 300), (60, 0, 160, 300)


def face_at(x: float, y: float, size: float = 30) -> Face:
    half = size / 2
    box = Box(x0_px=x - half, y0_px=y - half, x1_px=x + half, y1_px=y + half)
    return replace(a_face(), box=box)


def pose_at(x: float, y: float, *, confidence: float = 0.9) -> Pose:
    return Pose(
        key_points=tuple(
            KeyPoint(x_px=x, y_px=y, confidence=confidence if row < 3 else 0.0)
            for row in range(len(COCO_KEY_POINTS))
        )
    )


BOXES = np.array([ADAM, EVE], dtype=np.float32)
LEFT, RIGHT = face_at(50, 30), face_at(110, 30)


def test_each_figure_has_the_face_at_the_top_of_its_box() -> None:
    assert faces_of_figures((RIGHT, LEFT), BOXES) == (LEFT, RIGHT)


def test_poses_know_better_than_boxes() -> None:
    poses = (pose_at(112, 32), pose_at(49, 31))
    assert faces_of_figures((LEFT, RIGHT), BOXES, poses) == (RIGHT, LEFT)


def test_a_pose_that_was_not_found_does_not_count() -> None:
    poses = (pose_at(112, 32, confidence=0.0), None)
    assert faces_of_figures((LEFT, RIGHT), BOXES, poses) == (LEFT, RIGHT)


@pytest.mark.parametrize(
    ("face", "fits"),
    [
        pytest.param(face_at(50, 30), True, id="head"),
        pytest.param(face_at(50, 260), False, id="feet"),
        pytest.param(face_at(150, 30), False, id="beside"),
    ],
)
def test_where_a_head_can_be(face: Face, *, fits: bool) -> None:
    assert (misfit(face, np.array(ADAM), None) is not None) is fits


@pytest.mark.parametrize(
    "boxes", [np.empty((0, 4)), np.array([(900.0, 900, 901, 901)])], ids=["none", "far away"]
)
def test_figures_without_faces(boxes: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    assert faces_of_figures((LEFT,), boxes) == (None,) * len(boxes)
    assert faces_of_figures((), BOXES) == (None, None)


@given(
    places=st.lists(st.tuples(st.floats(0, 160), st.floats(0, 300)), max_size=5),
    points=st.tuples(st.floats(0, 160), st.floats(0, 300)),
)
def test_no_face_is_given_twice(
    places: list[tuple[float, float]], points: tuple[float, float]
) -> None:
    faces = [face_at(x, y) for x, y in places]
    given_faces = faces_of_figures(faces, BOXES, (pose_at(*points), None))
    taken = [id(face) for face in given_faces if face]
    assert len(set(taken)) == len(taken)
