"""Bars between panels, and what only looks like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from iconograph.relations.axis.bars import frame_bars
from iconograph.relations.axis.segments import long_edges
from tests.unit.relations.axis.canvases import (
    CLOUD,
    EARTH,
    GOLD,
    SIDE_PX,
    glance_of,
    grained,
    panels,
    plain,
)
from tests.unit.relations.pictures import THRESHOLDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.axis.lines import Line

PALE, PALER = (212, 184, 120), (214, 190, 145)
"""A golden bar before a ground that is as light as it is."""


def bars(pixels: NDArray[np.uint8]) -> list[Line]:
    glance, numbers = glance_of(pixels), THRESHOLDS.straight_lines
    return frame_bars(long_edges(glance, numbers), glance, numbers)


def barred(
    ground: tuple[int, int, int], bar: tuple[int, int, int], *, at: slice = slice(190, 210)
) -> NDArray[np.uint8]:
    pixels = plain(ground)
    pixels[:, at] = bar
    return grained(pixels)


def shaded(pixels: NDArray[np.uint8], *, lightest: float) -> NDArray[np.uint8]:
    """Darker and darker from the top down."""
    light = np.linspace(lightest, 1.0, len(pixels))[::-1, np.newaxis, np.newaxis]
    return np.asarray(pixels * light, dtype=np.uint8)


def turned(pixels: NDArray[np.uint8], turn_deg: float) -> NDArray[np.uint8]:
    middle = ((SIDE_PX - 1) / 2, (SIDE_PX - 1) / 2)
    turn = cv2.getRotationMatrix2D(middle, turn_deg, 1.0)
    size = (SIDE_PX, SIDE_PX)
    return np.asarray(
        cv2.warpAffine(pixels, turn, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
    )


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(barred(EARTH, GOLD), id="golden on dark"),
        pytest.param(barred(PALER, PALE), id="as light as its ground"),
        pytest.param(barred(CLOUD, (20, 20, 20)), id="gap between wings"),
        pytest.param(shaded(barred(EARTH, GOLD), lightest=0.4), id="light falls from below"),
        pytest.param(turned(barred(EARTH, GOLD), 90), id="level"),
        pytest.param(turned(barred(EARTH, GOLD), 4), id="askew"),
        pytest.param(turned(barred(EARTH, GOLD), -7), id="askew the other way"),
        pytest.param(turned(barred(EARTH, GOLD), 87), id="level and askew"),
    ],
)
def test_one_bar_in_the_middle(pixels: NDArray[np.uint8]) -> None:
    (bar, *others) = bars(pixels)

    assert all(abs(other.centre.x_px - bar.centre.x_px) < 30 for other in others)
    assert (bar.centre.x_px, bar.centre.y_px) == pytest.approx((200, 200), abs=4)
    assert bar.evidence.number("thickness_px") == pytest.approx(20, abs=5)
    assert bar.strength > 0.7


@pytest.mark.parametrize(
    ("turn_deg", "angle_deg"),
    [(0, 90), (5, 85), (-5, -85), (90, 0), (94, -4), (86, 4)],
)
def test_a_bar_has_the_angle_it_is_drawn_at(turn_deg: float, angle_deg: float) -> None:
    bar = bars(turned(barred(EARTH, GOLD), turn_deg))[0]

    assert (bar.angle_deg - angle_deg + 90) % 180 - 90 == pytest.approx(0, abs=1.0)


def test_of_a_moulded_frame_the_whole_is_the_bar() -> None:
    pixels = barred(EARTH, GOLD, at=slice(188, 212))
    pixels[:, 194:206] = (120, 90, 20)
    (bar,) = bars(grained(pixels))

    assert bar.evidence.number("thickness_px") == pytest.approx(24, abs=3)
    assert bar.centre.x_px == pytest.approx(200, abs=3)


def a_column() -> NDArray[np.uint8]:
    """With a base and a capital, before a wall, on a floor."""
    pixels = barred((190, 185, 175), (225, 222, 215))
    pixels[:40] = (190, 185, 175)
    pixels[330:] = (110, 90, 70)
    pixels[300:330, 180:220] = (225, 222, 215)
    return pixels


def a_tree() -> NDArray[np.uint8]:
    """From the lower to the upper edge, in patches of bark."""
    pixels = barred(CLOUD, GOLD)
    rng = np.random.default_rng(0)
    bark = rng.integers(30, 160, (25, 1, 3)).repeat(16, axis=0)
    pixels[:, 190:210] = bark
    return pixels


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(plain(), id="nothing"),
        pytest.param(panels((100, 300)), id="a panel"),
        pytest.param(barred(EARTH, GOLD, at=slice(4, 20)), id="the frame around the picture"),
        pytest.param(barred(EARTH, GOLD, at=slice(200, 400)), id="one edge"),
        pytest.param(a_column(), id="a column"),
        pytest.param(a_tree(), id="a tree"),
        pytest.param(turned(barred(EARTH, GOLD), 30), id="slanting"),
        pytest.param(barred(EARTH, GOLD)[:300, :10], id="a sliver"),
    ],
)
def test_no_bar(pixels: NDArray[np.uint8]) -> None:
    assert bars(pixels) == []


def test_a_bar_that_ends_half_way_is_none() -> None:
    pixels = barred(EARTH, GOLD)
    pixels[200:] = grained(plain(EARTH))[200:]

    assert bars(pixels) == []
