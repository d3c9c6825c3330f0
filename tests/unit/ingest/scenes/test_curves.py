from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.scenes.curves import Frame, ellipse, joint, smooth, tube, unit

numbers = st.floats(-50, 50)
lengths = st.floats(1, 20)


@given(x=numbers, y=numbers, angle=st.floats(-360, 360), scale=lengths, mirrored=st.booleans())
def test_a_frame_keeps_distances_up_to_its_scale(
    *, x: float, y: float, angle: float, scale: float, mirrored: bool
) -> None:
    frame = Frame(x_px=3, y_px=4, scale_px=scale, angle_deg=angle, mirrored=mirrored)

    px, py = frame.at(x, y)

    assert math.hypot(px - 3, py - 4) == pytest.approx(scale * math.hypot(x, y), abs=1e-6)


@given(root=st.tuples(numbers, numbers), end=st.tuples(numbers, numbers), a=lengths, b=lengths)
def test_a_limb_keeps_the_lengths_of_its_bones(
    root: tuple[float, float], end: tuple[float, float], a: float, b: float
) -> None:
    elbow, wrist = joint(root, end, (a, b), bend=1.0)

    assert math.dist(root, elbow) == pytest.approx(a, rel=1e-3)
    assert math.dist(elbow, wrist) == pytest.approx(b, rel=1e-2, abs=1e-3)


def test_a_limb_reaches_a_near_point() -> None:
    _, wrist = joint((0, 0), (3, 4), (4, 4), bend=-1.0)

    assert wrist == pytest.approx((3, 4))


def test_a_spline_passes_through_its_points() -> None:
    points = np.array([(0.0, 0.0), (4.0, 1.0), (5.0, 6.0), (1.0, 5.0)])
    line = smooth(points, per=5)

    assert np.allclose(line[::5], points)


def test_a_tube_is_as_wide_as_asked() -> None:
    ring = tube([(0, 0), (10, 0), (20, 0)], [2, 6, 2])

    assert ring[:, 1].max() == pytest.approx(3, abs=0.1)
    assert ring[:, 0].min() < 0
    assert ring[:, 0].max() > 20


def test_an_ellipse_turns() -> None:
    ring = ellipse(0, 0, 4, 1, angle_deg=90)

    assert np.ptp(ring[:, 1]) == pytest.approx(8)
    assert np.ptp(ring[:, 0]) == pytest.approx(2)


def test_no_direction_from_a_point_to_itself() -> None:
    assert unit((2, 2), (2, 2)) == (1.0, 0.0)
