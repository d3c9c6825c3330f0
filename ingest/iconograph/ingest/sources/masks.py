"""Outlines from masks in COCO's run-length encoding."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from iconograph.graph.errors import AnnotationError
from iconograph.graph.model.shapes import from_shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from iconograph.graph.model.geometry import Outline

    Mask = NDArray[np.uint8]

LARGEST_MASK_PX = 100_000_000
STAIRCASE_PX = 0.75
"""Corners that lie nearer than this to the line past them are taken away: pixel stairs become lines."""

LARGEST_AREA_CHANGE = 0.02


def outline_of_rle(rle: dict[str, Any]) -> Outline:
    """The outline, in pixel edges, of a mask `{"size": [height, width], "counts": ...}`.

    `counts` is a list of run lengths or COCO's compressed string. Raises `AnnotationError`.
    """
    mask = _decoded(rle)
    if not mask.any():
        message = "the mask is empty; expected at least one pixel"
        raise AnnotationError(message)
    exact = _traced(mask)
    smooth = shapely.simplify(exact, STAIRCASE_PX)
    return from_shapely(smooth if _cover_the_same(smooth, exact) else exact)


def _cover_the_same(smooth: BaseGeometry, exact: BaseGeometry) -> bool:
    """Whether smoothing spared the area, which it does not where things are a few pixels wide."""
    return bool(abs(smooth.area - exact.area) <= LARGEST_AREA_CHANGE * exact.area)


def _decoded(rle: dict[str, Any]) -> Mask:
    try:
        height_px, width_px = (int(side) for side in rle["size"])
        _require(0 < height_px * width_px <= LARGEST_MASK_PX, f"its size is {rle['size']}")
        if isinstance(rle["counts"], list):
            return _from_runs(rle["counts"], height_px, width_px)
        return _decompressed({**rle, "size": [height_px, width_px]})
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        message = (
            f"the run-length mask cannot be read: {error}; expected an object with size "
            "[height, width] and counts, a list of run lengths or COCO's compressed string"
        )
        raise AnnotationError(message) from error


def _decompressed(rle: dict[str, Any]) -> Mask:
    from pycocotools import mask as coco_mask

    with warnings.catch_warnings():
        # pycocotools 2.0.11 does not know the copy keyword of NumPy 2.
        warnings.simplefilter("ignore", DeprecationWarning)
        return np.asarray(coco_mask.decode(rle))


def _from_runs(counts: list[int], height_px: int, width_px: int) -> Mask:
    """Runs of 0 and 1 in turn, down the columns."""
    runs = np.asarray(counts, dtype=np.int64)
    _require(runs.ndim == 1 and runs.min(initial=0) >= 0, "its runs are no list of lengths")
    _require(runs.sum() == height_px * width_px, f"its runs add up to {runs.sum()} pixels")
    values = np.arange(len(runs), dtype=np.uint8) % 2
    return np.repeat(values, runs).reshape((height_px, width_px), order="F")


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001  the condition itself
    if not holds:
        raise ValueError(otherwise)


def _traced(mask: Mask) -> BaseGeometry:
    """The area of the set pixels, each a unit square, with its holes."""
    import cv2

    doubled = np.repeat(np.repeat((mask > 0).astype(np.uint8), 2, axis=0), 2, axis=1)
    contours, family = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    # A contour runs through the half pixels along an edge: 2k left of pixel k, 2k + 1 right of it.
    rings = [(contour[:, 0] + 1) // 2 for contour in contours]
    holes: dict[int, list[NDArray[Any]]] = defaultdict(list)
    for ring, owner in zip(rings, family[0, :, 3].tolist(), strict=True):
        holes[owner].append(ring)
    outer = [n for n, owner in enumerate(family[0, :, 3].tolist()) if owner < 0]
    parts = [shapely.Polygon(rings[n], holes[n]) for n in outer]
    return shapely.union_all([shapely.make_valid(part, method="structure") for part in parts])
