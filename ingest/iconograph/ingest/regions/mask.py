"""Which pixels of a picture a thing covers, kept as the part of the picture where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mask:
    """Pixels of a picture: `bits` (bool, h x w) with its upper left corner at (x0_px, y0_px).

    The first and last row and column of `bits` each hold a set pixel, so that the extent of the
    array is the mask's own.
    """

    x0_px: int
    y0_px: int
    bits: NDArray[np.bool_]
    area_px2: int

    @classmethod
    def of(cls, whole: NDArray[np.bool_], *, x0_px: int = 0, y0_px: int = 0) -> Self:
        """The set pixels of an array whose corner lies at (x0_px, y0_px).

        Raises `InvalidValueError` when none is set.
        """
        rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
        if rows.size == 0:
            message = "a mask needs a set pixel, got none"
            raise InvalidValueError(message)
        y0, x0 = int(rows[0]), int(columns[0])
        bits = np.ascontiguousarray(whole[y0 : rows[-1] + 1, x0 : columns[-1] + 1], dtype=np.bool_)
        bits.setflags(write=False)
        return cls(
            x0_px=x0_px + x0, y0_px=y0_px + y0, bits=bits, area_px2=int(np.count_nonzero(bits))
        )

    @classmethod
    def of_box(cls, box: Box) -> Self:
        """The pixels whose middle lies in a box; raises `InvalidValueError` when there are none."""
        x0, y0, x1, y1 = (round(corner) for corner in box.corners_px)
        return cls.of(np.ones((max(0, y1 - y0), max(0, x1 - x0)), np.bool_), x0_px=x0, y0_px=y0)

    @property
    def box(self) -> Box:
        """The rectangle around the pixels, edges included."""
        height, width = self.bits.shape
        return Box(
            x0_px=float(self.x0_px),
            y0_px=float(self.y0_px),
            x1_px=float(self.x0_px + width),
            y1_px=float(self.y0_px + height),
        )

    def shared_px2(self, other: Mask) -> int:
        """Pixels that both cover."""
        x0, y0 = max(self.x0_px, other.x0_px), max(self.y0_px, other.y0_px)
        x1 = min(self.x0_px + self.bits.shape[1], other.x0_px + other.bits.shape[1])
        y1 = min(self.y0_px + self.bits.shape[0], other.y0_px + other.bits.shape[0])
        if x0 >= x1 or y0 >= y1:
            return 0
        return int(np.count_nonzero(self._cut(x0, y0, x1, y1) & other._cut(x0, y0, x1, y1)))

    def iou(self, other: Mask) -> float:
        """Intersection over union, 0..1."""
        shared = self.shared_px2(other)
        return shared / (self.area_px2 + other.area_px2 - shared)

    def within(self, width_px: int, height_px: int) -> NDArray[np.bool_]:
        """The mask as an array of a picture's size; what lies outside of it is cut away."""
        whole = np.zeros((height_px, width_px), np.bool_)
        x0, y0 = max(0, self.x0_px), max(0, self.y0_px)
        x1 = min(width_px, self.x0_px + self.bits.shape[1])
        y1 = min(height_px, self.y0_px + self.bits.shape[0])
        if x0 < x1 and y0 < y1:
            whole[y0:y1, x0:x1] = self._cut(x0, y0, x1, y1)
        return whole

    def _cut(self, x0: int, y0: int, x1: int, y1: int) -> NDArray[np.bool_]:
        rows = slice(y0 - self.y0_px, y1 - self.y0_px)
        return self.bits[rows, x0 - self.x0_px : x1 - self.x0_px]
