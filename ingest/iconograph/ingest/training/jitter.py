"""Boxes as a detector gives them: somewhat off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

JITTER_FRACTION, LARGEST_JITTER_FRACTION = 0.04, 0.12
"""How far a box's sides lie off: standard deviation and limit, in its own sides."""


def jittered(rng: np.random.Generator, box_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """A box (x0, y0, x1, y1) each of whose sides lies somewhat off."""
    limit = LARGEST_JITTER_FRACTION
    off = np.clip(rng.normal(0, JITTER_FRACTION, 4), -limit, limit)
    return np.asarray(box_px + off * np.tile(box_px[2:] - box_px[:2], 2), np.float32)
