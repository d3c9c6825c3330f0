"""Pictures of a few flat areas with grain, and what a glance at them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.relations.axis.glance import Glance, glance_at
from tests.builders import a_work, an_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE_PX = 400
CLOUD, EARTH, GOLD = (225, 205, 150), (70, 60, 45), (190, 150, 40)


def plain(colour: tuple[int, int, int] = CLOUD) -> NDArray[np.uint8]:
    return np.full((SIDE_PX, SIDE_PX, 3), colour, dtype=np.uint8)


def grained(pixels: NDArray[np.uint8], *, seed: int = 0) -> NDArray[np.uint8]:
    grain = np.random.default_rng(seed).normal(0, 6, pixels.shape[:2])
    return np.clip(pixels + grain[..., np.newaxis], 0, 255).astype(np.uint8)


def two_realms(*, slope: float) -> NDArray[np.uint8]:
    """Cloud above earth; the border runs through the middle, down to the right where slope > 0."""
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX] - (SIDE_PX - 1) / 2
    above = y < slope * x
    return grained(np.where(above[..., np.newaxis], CLOUD, EARTH).astype(np.uint8))


def panels(*bars: tuple[int, int]) -> NDArray[np.uint8]:
    """A grained picture with upright golden bars from x0 to x1."""
    pixels = grained(plain(EARTH))
    for x0, x1 in bars:
        pixels[:, x0:x1] = GOLD
    return pixels


def glance_of(pixels: NDArray[np.uint8]) -> Glance:
    height, width = pixels.shape[:2]
    return glance_at(pixels, an_image(a_work(), width_px=width, height_px=height))
