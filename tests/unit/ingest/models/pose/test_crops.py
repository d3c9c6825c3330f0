from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.models.pose.crops import (
    GREY,
    Window,
    cut,
    grown_px,
    overlaps_picture,
    square_around,
)

WINDOWS = st.builds(
    lambda x, y, wide, high, angle: Window.around((x, y), (wide, high), (96, 128), angle_deg=angle),
    st.floats(-50, 400),
    st.floats(-50, 400),
    st.floats(2, 500),
    st.floats(2, 500),
    st.floats(-180, 180),
)
PLACES = st.tuples(st.floats(-200, 200), st.floats(-200, 200))


@given(window=WINDOWS, place=PLACES, mirrored=st.booleans())
def test_the_way_back_undoes_the_way_in(
    window: Window, place: tuple[float, float], *, mirrored: bool
) -> None:
    view = window.mirrored() if mirrored else window
    there = view.matrix[:, :2] @ place + view.matrix[:, 2]
    assert view.in_picture_px(there) == pytest.approx(place, abs=1e-6)
    assert view.flipped is mirrored


@given(window=WINDOWS, place=PLACES)
def test_a_mirror_image_is_flipped_within_the_input(
    window: Window, place: tuple[float, float]
) -> None:
    x, y = place
    flipped = (window.size_px[0] - 1 - x, y)
    there = window.mirrored().in_picture_px(np.array(flipped))
    assert there == pytest.approx(window.in_picture_px(np.array(place)), abs=1e-6)


@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0, 3.0], ids="x{}".format)
def test_a_mark_is_found_where_the_window_says(scale: float) -> None:
    pixels = np.full((400, 500, 3), GREY, dtype=np.uint8)
    pixels[195:206, 295:306] = 255
    side = 200 / scale
    window = Window.around((280, 220), (side, side), (200, 200), angle_deg=20)
    seen = cut(pixels, window)[..., 0].astype(np.float64) - GREY
    weights = seen / seen.sum()
    rows, columns = np.mgrid[:200, :200]
    found = window.in_picture_px(np.array([(weights * columns).sum(), (weights * rows).sum()]))
    assert found == pytest.approx((300, 200), abs=0.3)


def test_outside_a_box_all_is_grey() -> None:
    pixels = np.full((100, 100, 3), 250, dtype=np.uint8)
    window = Window.around((50, 50), (100, 100), (100, 100))
    seen = cut(pixels, window, within_px=np.array([20.0, 30.0, 60.0, 70.0]))
    assert (seen[31:69, 21:59] == 250).all()
    outside = np.ones((100, 100), dtype=np.bool_)
    outside[29:71, 19:61] = False
    assert (seen[outside] == GREY).all()


@pytest.mark.parametrize(
    ("size", "window"),
    [
        pytest.param((100, 100), Window.around((900, 900), (50, 50), (32, 32)), id="outside"),
        pytest.param((100, 100), Window.around((-10, 50), (1, 1), (32, 32)), id="left of it"),
    ],
)
def test_a_window_beside_the_picture_is_grey(size: tuple[int, int], window: Window) -> None:
    assert (cut(np.zeros((*size, 3), dtype=np.uint8), window) == GREY).all()


@pytest.mark.parametrize("extent", [0.0, 1.0, 4000.0])
def test_any_window_of_one_pixel_has_its_size(extent: float) -> None:
    window = Window.around((0, 0), (extent, extent), (48, 64))
    assert cut(np.zeros((1, 1, 3), dtype=np.uint8), window).shape == (64, 48, 3)


def test_squares_and_margins_go_by_the_longer_side() -> None:
    box = np.array([10.0, 20.0, 30.0, 120.0])
    assert grown_px(box, 0.1) == pytest.approx([0, 10, 40, 130])
    window = square_around(box, 100, pad=2.0)
    corners = window.in_picture_px(np.array([(0.0, 0.0), (100.0, 100.0)]))
    assert corners == pytest.approx(np.array([(-80.0, -30.0), (120.0, 170.0)]))


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        pytest.param((0, 0, 5, 5), True, id="corner"),
        pytest.param((-5, -5, 50, 50), True, id="around it"),
        pytest.param((10, 0, 20, 5), False, id="touching its edge"),
        pytest.param((-9, 2, 0, 4), False, id="left of it"),
        pytest.param((5, 5, 5, 9), False, id="no width"),
        pytest.param((7, 7, 3, 3), False, id="inside out"),
    ],
)
def test_a_box_overlaps_a_picture(box: tuple[float, ...], *, inside: bool) -> None:
    pixels = np.zeros((10, 10, 3), dtype=np.uint8)
    assert overlaps_picture(pixels, np.array(box, dtype=np.float32)) is inside
