from __future__ import annotations

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.training.augment import (
    MIRRORED_KEY_POINTS,
    View,
    random_view,
    repainted,
)

seeds = st.integers(0, 10_000)


def view_of(seed: int) -> View:
    return random_view(np.random.default_rng(seed), width_px=60, height_px=40, size_px=64)


@given(seed=seeds)
def test_a_mask_and_its_box_move_together(seed: int) -> None:
    view = view_of(seed)
    mask = np.zeros((40, 60), np.uint8)
    mask[10:30, 15:40] = 1

    seen = view.mask(mask)
    box = np.clip(view.boxes(np.array([[15, 10, 40, 30]], np.float32))[0], 0, 64)

    rows, columns = np.nonzero(seen.any(axis=1))[0], np.nonzero(seen.any(axis=0))[0]
    found = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    assert np.abs(np.array(found) - box).max() <= 1.01


@given(seed=seeds)
def test_a_view_stays_in_its_square_or_cuts(seed: int) -> None:
    view = view_of(seed)

    x0, y0, x1, y1 = view.boxes(np.array([[0, 0, 60, 40]], np.float32))[0]

    assert (x0 >= -1e-3 and x1 <= 64 + 1e-3) or (x0 <= 1e-3 and x1 >= 64 - 1e-3)
    assert (y0 >= -1e-3 and y1 <= 64 + 1e-3) or (y0 <= 1e-3 and y1 >= 64 - 1e-3)


def test_numbers_are_never_mixed() -> None:
    numbers = np.array([[3, 3, 9, 9]] * 4, np.uint8)
    view = View(scale_x=4.4, scale_y=4.4, shift_x_px=0.3, shift_y_px=0, size_px=16)

    assert set(np.unique(view.numbers(numbers))) <= {0, 3, 9}


def test_a_mirror_swaps_left_and_right() -> None:
    mirror = View(scale_x=-1, scale_y=1, shift_x_px=64, shift_y_px=0, size_px=64)
    points = np.array([[n, 5, 2] for n in range(17)], np.float32)
    left, right = COCO_KEY_POINTS.index("left_wrist"), COCO_KEY_POINTS.index("right_wrist")

    seen = mirror.key_points(points)

    assert mirror.mirrored
    assert seen[right].tolist() == [64 - left, 5, 2]
    assert mirror.direction((0.6, 0.8)) == pytest.approx((-0.6, 0.8))
    assert [MIRRORED_KEY_POINTS[n] for n in MIRRORED_KEY_POINTS] == list(range(17))


def test_what_a_view_cuts_off_is_not_seen() -> None:
    view = View(scale_x=1, scale_y=1, shift_x_px=-10, shift_y_px=0, size_px=20)
    points = np.full((17, 3), 2, np.float32)
    points[3] = (15, 6, 2)
    points[4] = (15, 6, 0)

    assert np.flatnonzero(view.key_points(points)[:, 2]).tolist() == [3]


def test_a_direction_stays_a_unit_vector_when_stretched() -> None:
    view = View(scale_x=2, scale_y=1, shift_x_px=0, shift_y_px=0, size_px=20)

    assert np.hypot(*view.direction((0.6, 0.8))) == pytest.approx(1)


@given(seed=seeds)
def test_painting_anew_keeps_shape_and_type_and_follows_the_generator(seed: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 30, 3), np.uint8)

    first, again = (repainted(picture, np.random.default_rng(seed)) for _ in range(2))

    assert first.shape == (40, 30, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "colour", [(170, 40, 40), (40, 70, 160), (50, 130, 60)], ids=["red", "blue", "green"]
)
def test_colours_keep_their_names_when_asked_to(colour: tuple[int, int, int]) -> None:
    picture = np.full((24, 24, 3), colour, np.uint8)
    hue = colorsys.rgb_to_hsv(*colour)[0]

    means = [
        repainted(picture, np.random.default_rng(seed)).mean(axis=(0, 1)) for seed in range(80)
    ]

    turned = [abs((colorsys.rgb_to_hsv(*mean)[0] - hue + 0.5) % 1 - 0.5) for mean in means]
    assert np.percentile(turned, 95) < 0.09


def test_hues_turn_freely_when_they_need_not_be_kept() -> None:
    picture = np.full((24, 24, 3), (170, 40, 40), np.uint8)
    means = [
        repainted(picture, np.random.default_rng(seed), keep_hue=False).mean(axis=(0, 1))
        for seed in range(30)
    ]

    assert any(mean.argmax() == 2 for mean in means)
    assert any(np.ptp(mean) < 3 for mean in means)
