"""The surface of a finished painting: brush marks, ground, craquelure, age. It never moves a contour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.scenes.styles import Style

if TYPE_CHECKING:
    from numpy.typing import NDArray


def finished(
    pixels: NDArray[np.float32], style: Style, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The colours (float32, 0..255) as an 8-bit picture with the style's surface."""
    height, width = pixels.shape[:2]
    marks = _brush_marks(height, width, rng)
    weave = _weave(height, width)
    tone = 1 + 0.035 * marks + 0.045 * style.grain * weave
    if style.spot:
        tone *= _spot(height, width, style, rng)
    picture = pixels * tone[..., None] * _mottle(height, width, rng)
    if style.fade:
        veil = 0.5 + 0.5 * _cloudy(height, width, rng, cells=9)
        dry = np.asarray((226, 210, 180), dtype=np.float32)
        picture += (style.fade * 0.55 * veil)[..., None] * (dry - picture)
    if style.crackle:
        picture *= 1 - 0.14 * style.crackle * _crackle(height, width, rng)[..., None]
    picture += rng.normal(0, 2.2, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def _cloudy(
    height: int, width: int, rng: np.random.Generator, *, cells: int
) -> NDArray[np.float32]:
    """Smooth noise, about -1..1, with about `cells` blots along the longer side."""
    import cv2

    step = max(height, width) / cells
    coarse = rng.normal(0, 0.5, (max(2, int(height / step)), max(2, int(width / step))))
    smooth = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(smooth, -1, 1), dtype=np.float32)


def _mottle(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Paint of uneven thickness and tint: a factor for each pixel and channel."""
    tints = [
        0.028 * _cloudy(height, width, rng, cells=cells)
        + 0.02 * _cloudy(height, width, rng, cells=90)
        for cells in (20, 26, 34)
    ]
    return np.asarray(1 + np.dstack(tints), dtype=np.float32)


def _brush_marks(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Streaks in two directions that take turns over the picture."""
    import cv2

    noise = cv2.GaussianBlur(rng.normal(0, 3.2, (height, width)).astype(np.float32), (0, 0), 1.1)
    size = 13
    down = np.eye(size, dtype=np.float32) / size
    streaks = [cv2.filter2D(noise, -1, kernel) for kernel in (down, down[:, ::-1].copy())]
    share = np.clip(0.5 + _cloudy(height, width, rng, cells=14) * 1.6, 0, 1)
    return np.asarray(streaks[0] * share + streaks[1] * (1 - share), dtype=np.float32)


def _weave(height: int, width: int) -> NDArray[np.float32]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(np.sin(x * 1.9) * np.sin(y * 1.9 + 0.3 * np.sin(x * 0.05)), dtype=np.float32)


def _spot(height: int, width: int, style: Style, rng: np.random.Generator) -> NDArray[np.float32]:
    """Light from the side of the style's light, sinking into the corners."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    centre_x = width * (0.5 + 0.12 * style.light[0]) + rng.uniform(-0.04, 0.04) * width
    centre_y = height * (0.48 + 0.12 * style.light[1])
    away = ((x - centre_x) / (0.62 * width)) ** 2 + ((y - centre_y) / (0.68 * height)) ** 2
    fall = np.exp(-away * 1.1)
    return np.asarray(1 - style.spot * (0.72 - 0.8 * fall).clip(0, 1), dtype=np.float32)


def _crackle(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Fine cracks: the lines where smooth noise crosses zero, broken up by coarser noise."""
    field = _cloudy(height, width, rng, cells=64)
    other = _cloudy(height, width, rng, cells=54)
    lines = np.maximum(np.clip(1 - np.abs(field) * 20, 0, 1), np.clip(1 - np.abs(other) * 20, 0, 1))
    return np.asarray(
        lines * (0.35 + 0.65 * np.abs(_cloudy(height, width, rng, cells=7))), np.float32
    )
