from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.models.face.angles import (
    HeadAngles,
    angles_of,
    axes_of,
    eye_offset,
    head_angles,
    opening_ratio,
)
from iconograph.ingest.models.face.mesh import Eye
from tests.unit.ingest.models.face.heads import a_mesh

ANGLES = st.builds(
    HeadAngles,
    yaw_deg=st.floats(-85, 85),
    pitch_deg=st.floats(-80, 80),
    roll_deg=st.floats(-170, 170),
)


@given(angles=ANGLES)
def test_axes_are_square_and_give_the_angles_back(angles: HeadAngles) -> None:
    axes = axes_of(angles)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(axes) == pytest.approx(-1)
    back = angles_of(axes)
    assert (back.yaw_deg, back.pitch_deg, back.roll_deg) == pytest.approx(
        (angles.yaw_deg, angles.pitch_deg, angles.roll_deg), abs=1e-6
    )


@pytest.mark.parametrize(
    ("angles", "front"),
    [
        pytest.param((0, 0, 0), (0, 0, -1), id="at the viewer"),
        pytest.param((90, 0, 0), (1, 0, 0), id="to the right"),
        pytest.param((-90, 0, 0), (-1, 0, 0), id="to the left"),
        pytest.param((0, 90, 0), (0, 1, 0), id="down"),
        pytest.param((0, 0, 40), (0, 0, -1), id="tilted"),
    ],
)
def test_the_front_of_a_head(
    angles: tuple[float, float, float], front: tuple[float, float, float]
) -> None:
    yaw, pitch, roll = angles
    axes = axes_of(HeadAngles(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll))
    assert axes[2] == pytest.approx(front, abs=1e-9)
    assert axes[0] @ (np.cos(np.radians(roll)), np.sin(np.radians(roll)), 0) >= -1e-9


@given(angles=ANGLES, x=st.floats(-900, 900), scale=st.floats(0.1, 20))
def test_a_turned_mesh_gives_its_angles(angles: HeadAngles, x: float, scale: float) -> None:
    found = head_angles(a_mesh(angles, at=(x, -x), scale=scale))
    assert found.yaw_deg == pytest.approx(angles.yaw_deg, abs=1e-4)
    assert found.pitch_deg == pytest.approx(angles.pitch_deg, abs=1e-4)
    assert found.roll_deg == pytest.approx(angles.roll_deg, abs=1e-4)


@given(angles=ANGLES)
def test_a_mirrored_head_is_turned_the_other_way(angles: HeadAngles) -> None:
    mesh = a_mesh(angles)
    mirrored = mesh * (-1, 1, 1)
    swapped = mirrored.copy()
    for left, right in ((33, 263), (61, 291), (234, 454)):
        swapped[[left, right]] = mirrored[[right, left]]
    found = head_angles(swapped)
    assert found.yaw_deg == pytest.approx(-angles.yaw_deg, abs=1e-4)
    assert found.pitch_deg == pytest.approx(angles.pitch_deg, abs=1e-4)
    assert found.roll_deg == pytest.approx(-angles.roll_deg, abs=1e-4)


def test_a_mesh_without_extent_has_finite_angles() -> None:
    found = head_angles(np.zeros((468, 3)))
    assert np.isfinite([found.yaw_deg, found.pitch_deg, found.roll_deg]).all()


def an_eye(*, iris: tuple[float, float], turned_deg: float = 0.0, open_px: float = 8.0) -> Eye:
    """A right eye 20 px wide about (0, 0), turned about it."""
    contour = np.zeros((71, 2))
    contour[0], contour[8] = (-10, 0), (10, 0)
    contour[11:14, 1], contour[3:6, 1] = -open_px / 2, open_px / 2
    angle = np.radians(turned_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Eye(contour_px=contour @ turn, iris_px=np.tile(iris, (5, 1)) @ turn)


@pytest.mark.parametrize("turned_deg", [0.0, 35.0, 120.0, -90.0])
@pytest.mark.parametrize(
    ("iris", "offset"),
    [
        pytest.param((0, 0), (0, 0), id="middle"),
        pytest.param((5, 0), (0.5, 0), id="right"),
        pytest.param((-5, 2), (-0.5, 0.2), id="left and down"),
        pytest.param((40, -40), (1, -1), id="outside"),
    ],
)
def test_an_iris_within_its_opening(
    iris: tuple[float, float], offset: tuple[float, float], turned_deg: float
) -> None:
    assert eye_offset(an_eye(iris=iris, turned_deg=turned_deg), 1) == pytest.approx(offset)


def test_a_left_eye_is_read_from_its_inner_corner() -> None:
    left = an_eye(iris=(5, 0))
    contour = left.contour_px.copy()
    contour[[0, 8]] = contour[[8, 0]]
    assert eye_offset(Eye(contour_px=contour, iris_px=left.iris_px), 0) == pytest.approx((0.5, 0))


def test_lids_are_as_open_as_the_network_that_sees_more() -> None:
    shut, mesh = an_eye(iris=(0, 0), open_px=0.0), np.zeros((468, 3))
    assert opening_ratio(shut, mesh, 1) == pytest.approx(0)
    assert opening_ratio(an_eye(iris=(0, 0), open_px=6), mesh, 1) == pytest.approx(0.3)
    assert opening_ratio(shut, a_mesh(), 1) == pytest.approx(12 / 27.5, abs=0.01)
