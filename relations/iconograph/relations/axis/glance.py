"""A first look at a picture: its colours and textures in coarse cells, and its straight segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.work import Image

COPY_SIDE_PX = 512
"""Longer side of the copy that is looked at; lines that organise a picture are seen at this size."""

CELLS = 48
"""Cells along the longer side."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glance:
    """What the witnesses of pixels look at.

    `cells` is rows x columns x 4: the mean L*, a*, b* of CIELAB (L* 0..100) of each cell, and the
    standard deviation of L* in it, as a measure of texture. `segments_px` is n x 4 (x0, y0, x1, y1)
    in pixels of the picture. `lab` is the copy that was looked at, in the same colours, rows x
    columns x 3.
    """

    width_px: int
    height_px: int
    cells: NDArray[np.float64]
    segments_px: NDArray[np.float64]
    lab: NDArray[np.float32]

    @property
    def diagonal_px(self) -> float:
        """Length of the picture's diagonal."""
        return float(np.hypot(self.width_px, self.height_px))

    @property
    def cell_centres_px(self) -> NDArray[np.float64]:
        """Centres of the cells, rows x columns x 2 (x, y)."""
        rows, columns = self.cells.shape[:2]
        xs = (np.arange(columns) + 0.5) * self.width_px / columns
        ys = (np.arange(rows) + 0.5) * self.height_px / rows
        return np.stack(np.meshgrid(xs, ys), axis=-1)


def glance_at(pixels: NDArray[np.uint8], image: Image) -> Glance:
    """The glance of an RGB picture, height x width x 3, by OpenCV; places are in the image's pixels.

    The two may differ in size, as where regions were drawn on another copy of the picture. Segments are those of the line segment detector LSD (von Gioi et al., 2010).
    """
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, COPY_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    copy = cv2.resize(np.asarray(pixels), size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(copy.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    grid = tuple(max(1, min(side, round(CELLS * side / max(size)))) for side in size)
    means = cv2.resize(lab, grid, interpolation=cv2.INTER_AREA)
    squares = cv2.resize(lab[:, :, 0] ** 2, grid, interpolation=cv2.INTER_AREA)
    textures = np.sqrt(np.maximum(squares - means[:, :, 0] ** 2, 0.0))
    found = cv2.createLineSegmentDetector().detect(cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY))[0]
    segments = np.zeros((0, 4)) if found is None else found.reshape(-1, 4).astype(np.float64)
    return Glance(
        width_px=image.width_px,
        height_px=image.height_px,
        cells=np.dstack([means, textures]).astype(np.float64),
        lab=np.asarray(lab, dtype=np.float32),
        segments_px=segments * np.tile([image.width_px / size[0], image.height_px / size[1]], 2),
    )
