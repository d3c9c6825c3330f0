from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.models.gaze.maps import blended, look_of, towards
from iconograph.ingest.models.gaze.numbers import load_map_numbers

NUMBERS = load_map_numbers()
MAP_PX = (320.0, 160.0)


def blob(x: float, y: float, spread: float = 1.5, cells: int = 32) -> np.ndarray:
    """Heat about a point given in fractions of the map."""
    row = (np.arange(cells) + 0.5) / cells
    away = (row[None] - x) ** 2 + (row[:, None] - y) ** 2
    return np.asarray(np.exp(-away / (2 * (spread / cells) ** 2)))


@given(x=st.floats(0.1, 0.9), y=st.floats(0.1, 0.9))
def test_the_target_is_the_middle_of_the_heat(x: float, y: float) -> None:
    look = look_of(blob(x, y), (0.0, 0.0), MAP_PX, NUMBERS)
    assert look.target_px == pytest.approx((320 * x, 160 * y), abs=4)
    assert look.direction is not None
    assert math.hypot(*look.direction) == pytest.approx(1)


@given(x=st.floats(0.1, 0.9), y=st.floats(0.1, 0.9), head=st.floats(0, 320))
def test_in_a_mirror_all_is_mirrored(x: float, y: float, head: float) -> None:
    look = look_of(blob(x, y), (head, 80.0), MAP_PX, NUMBERS)
    other = look_of(blob(x, y)[:, ::-1], (320 - head, 80.0), MAP_PX, NUMBERS)
    assert other.target_px == pytest.approx((320 - look.target_px[0], look.target_px[1]), abs=20)
    assert other.spread_deg == pytest.approx(look.spread_deg, abs=8)


def test_heat_that_spreads_more_or_lies_nearer_has_a_wider_spread() -> None:
    narrow, wide = (
        look_of(blob(0.8, 0.5, s), (32.0, 80.0), MAP_PX, NUMBERS).spread_deg for s in (1.0, 3.0)
    )
    near = look_of(blob(0.8, 0.5, 1.0), (200.0, 80.0), MAP_PX, NUMBERS).spread_deg
    assert 0 < narrow < wide < 90
    assert near > narrow


def test_of_two_places_the_hotter_one_is_looked_at_and_the_other_spreads() -> None:
    heat = blob(0.8, 0.5) + 0.6 * blob(0.5, 0.9)
    look = look_of(heat, (32.0, 80.0), MAP_PX, NUMBERS)
    assert look.target_px == pytest.approx((256, 80), abs=3)
    assert look.spread_deg > look_of(blob(0.8, 0.5), (32.0, 80.0), MAP_PX, NUMBERS).spread_deg


def test_a_look_at_the_heads_own_middle_has_no_direction() -> None:
    heat = np.zeros((4, 4))
    heat[1, 1] = 1.0
    look = look_of(heat, (120.0, 60.0), MAP_PX, NUMBERS)
    assert look.direction is None
    assert look.spread_deg == 90


@pytest.mark.parametrize(
    ("one", "other", "share", "expected"),
    [
        ((1.0, 0.0), (0.0, 1.0), 0.0, (1.0, 0.0)),
        ((1.0, 0.0), (0.0, 1.0), 1.0, (0.0, 1.0)),
        ((1.0, 0.0), (0.0, 1.0), 0.5, (0.5**0.5, 0.5**0.5)),
        ((1.0, 0.0), None, 1.0, (1.0, 0.0)),
        (None, (0.0, 1.0), 0.0, (0.0, 1.0)),
        ((1.0, 0.0), (-1.0, 0.0), 0.5, (1.0, 0.0)),
    ],
    ids=["none of it", "all of it", "half", "no other", "other alone", "opposite"],
)
def test_directions_are_blended(
    one: tuple[float, float] | None,
    other: tuple[float, float] | None,
    share: float,
    expected: tuple[float, float],
) -> None:
    assert blended(one, other, share) == pytest.approx(expected)


def test_there_is_no_way_from_a_point_to_itself() -> None:
    assert towards((3.0, 4.0), (3.0, 4.0)) is None
    assert towards((0.0, 0.0), (3.0, 4.0)) == pytest.approx((0.6, 0.8))
