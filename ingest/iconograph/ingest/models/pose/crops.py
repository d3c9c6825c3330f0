"""Windows of a picture, brought to the size of a network's input, and the way back.

Places are OpenCV's: whole numbers are the middles of pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREY = 114
"""What stands for all that a network is not to see."""

SMALLEST_SIDE_PX = 1.0
"""A window of a smaller figure is taken as large as this, so that it has a way back."""

SHARPEST_SHRINK = 1.5
"""Pixels that are shrunk more than so are averaged first, lest fine lines turn into noise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """A turned rectangle of a picture and the input that it fills.

    `matrix` (2 x 3) takes places of the picture to places of the input of `size_px` (width, height).
    """

    matrix: NDArray[np.float64]
    size_px: tuple[int, int]

    @classmethod
    def around(
        cls,
        centre_px: tuple[float, float],
        extent_px: tuple[float, float],
        size_px: tuple[int, int],
        *,
        angle_deg: float = 0.0,
    ) -> Self:
        """The rectangle of an extent (width, height) about a centre, turned by an angle from x to y."""
        wide, high = (max(side, SMALLEST_SIDE_PX) for side in extent_px)
        cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        across, along = size_px[0] / wide, size_px[1] / high
        linear = np.array([[cos * across, sin * across], [-sin * along, cos * along]])
        shift = np.array(size_px) / 2 - linear @ np.array(centre_px)
        return cls(matrix=np.column_stack([linear, shift]), size_px=size_px)

    def in_picture_px(self, places_px: NDArray[np.floating]) -> NDArray[np.float64]:
        """Places of the input, ... x 2, as places of the picture."""
        back = np.linalg.inv(self.matrix[:, :2])
        return np.asarray((places_px - self.matrix[:, 2]) @ back.T, dtype=np.float64)

    def mirrored(self) -> Window:
        """The window that holds this one's mirror image."""
        mirror = np.array([[-1.0, 0.0, self.size_px[0] - 1.0], [0.0, 1.0, 0.0]])
        linear = mirror[:, :2] @ self.matrix
        linear[:, 2] += mirror[:, 2]
        return Window(matrix=linear, size_px=self.size_px)

    @property
    def flipped(self) -> bool:
        """Whether the window holds a mirror image."""
        return bool(np.linalg.det(self.matrix[:, :2]) < 0)

    @property
    def scale(self) -> float:
        """Pixels of the input for one of the picture, along y."""
        return float(np.linalg.norm(self.matrix[1, :2]))


def cut(
    pixels: NDArray[np.uint8], window: Window, *, within_px: NDArray[np.floating] | None = None
) -> NDArray[np.uint8]:
    """The window's pixels, h x w x 3; grey outside the picture and outside `within_px` (x0, y0, x1, y1)."""
    import cv2

    wide, high = window.size_px
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], dtype=np.float64)
    seen = window.in_picture_px(corners)
    low, top = np.floor(seen.min(axis=0)) - 1, np.ceil(seen.max(axis=0)) + 2
    if within_px is not None:
        low, top = np.maximum(low, np.floor(within_px[:2])), np.minimum(top, np.ceil(within_px[2:]))
    size = np.array(pixels.shape[1::-1], dtype=np.float64)
    (x0, y0), (x1, y1) = np.clip(low, 0, size).astype(int), np.clip(top, 0, size).astype(int)
    if x0 >= x1 or y0 >= y1:
        return np.full((high, wide, 3), GREY, dtype=np.uint8)
    part = np.ascontiguousarray(pixels[y0:y1, x0:x1])
    matrix = window.matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ (x0, y0)
    if window.scale * SHARPEST_SHRINK < 1:
        part, matrix = _shrunk(part, matrix, window.scale)
    warped = cv2.warpAffine(part, matrix, (wide, high), borderValue=(GREY, GREY, GREY))
    return np.asarray(warped, dtype=np.uint8)


def _shrunk(
    part: NDArray[np.uint8], matrix: NDArray[np.float64], scale: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The part averaged down to about the window's scale, and its own way to the input."""
    import cv2

    high, wide = part.shape[:2]
    small = max(1, round(wide * scale)), max(1, round(high * scale))
    shrunk = cv2.resize(part, small, interpolation=cv2.INTER_AREA)
    ratio = np.array([wide / small[0], high / small[1]])
    # A small pixel i covers ratio pixels about (i + 0.5) * ratio - 0.5.
    moved = np.column_stack(
        [matrix[:, :2] * ratio, matrix[:, 2] + matrix[:, :2] @ (ratio / 2 - 0.5)]
    )
    return np.asarray(shrunk, dtype=np.uint8), moved


def grown_px(box_px: NDArray[np.floating], grow_fraction: float) -> NDArray[np.float64]:
    """A box (x0, y0, x1, y1) with a margin of a share of its longer side all around."""
    box = np.asarray(box_px, dtype=np.float64)
    margin = grow_fraction * float((box[2:] - box[:2]).max())
    return np.concatenate([box[:2] - margin, box[2:] + margin])


def square_around(box_px: NDArray[np.floating], size_px: int, *, pad: float) -> Window:
    """The upright square about a box, `pad` times its longer side."""
    box = np.asarray(box_px, dtype=np.float64)
    side = float((box[2:] - box[:2]).max()) * pad
    x, y = (box[:2] + box[2:]) / 2
    return Window.around((float(x), float(y)), (side, side), (size_px, size_px))


def overlaps_picture(pixels: NDArray[np.uint8], box_px: NDArray[np.floating]) -> bool:
    """Say whether a box has an area within the picture."""
    high, wide = pixels.shape[:2]
    box = np.asarray(box_px, dtype=np.float64)
    return bool((np.minimum(box[2:], (wide, high)) > np.maximum(box[:2], 0.0)).all())
