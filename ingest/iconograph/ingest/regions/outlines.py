"""Outlines of masks as simple polygons with holes, and masks of outlines.

Coordinates are pixel edges: pixel (x, y) is the square from (x, y) to (x + 1, y + 1), as in outlines
read from run-length masks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import affinity

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.shapes import from_shapely
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from iconograph.graph.model.geometry import Outline

SMALLEST_TOLERANCE_PX, TOLERANCE_FRACTION = 1.0, 0.004
"""How far a corner that is left out may lie from the line instead (Douglas-Peucker): so many pixels,
or so much of the square root of the area, whichever is more."""

SMALLEST_IOU = 0.97
"""An outline that gives its mask back less well is made with a smaller tolerance."""

LARGEST_SPECKS_FRACTION = 0.01
"""Specks and pinholes go, the smallest first, as long as they make up no more of the mask."""


def outline_of(
    mask: Mask, *, tolerance_px: float | None = None, smallest_iou: float = SMALLEST_IOU
) -> Outline:
    """The mask as polygons: specks dropped, then simplified as far as both bounds allow.

    The tolerance (without one it follows from the size) is halved until the outline, filled again,
    has the IoU with the mask, and at last the pixels' own edges are taken. The largest piece always
    stays. Raises `InvalidValueError` for bounds that cannot be met.
    """
    if tolerance_px is None:
        tolerance_px = max(SMALLEST_TOLERANCE_PX, TOLERANCE_FRACTION * math.sqrt(mask.area_px2))
    if not (tolerance_px >= 0 and 0 <= smallest_iou <= 1):
        message = (
            "an outline needs a tolerance >= 0 and an IoU between 0 and 1, "
            f"got {tolerance_px} and {smallest_iou}"
        )
        raise InvalidValueError(message)
    exact = _traced(mask.bits)
    spent = LARGEST_SPECKS_FRACTION * mask.area_px2
    clean = _without_specks(exact, min(spent, (1 - smallest_iou) * mask.area_px2))
    while tolerance_px >= 0.25:  # noqa: PLR2004  less leaves every stair of the pixels
        simple = _simplified(clean, tolerance_px)
        if _iou(simple, mask.bits) >= smallest_iou:
            return _placed(simple, mask)
        tolerance_px /= 2
    return _placed(clean, mask)


def mask_of(outline: Outline, *, width_px: int, height_px: int) -> Mask:
    """The pixels of a picture whose middle lies in an outline (even-odd rule).

    Raises `InvalidValueError` when there is none.
    """
    rings = [ring for part in outline.parts for ring in (part.exterior, *part.holes)]
    box = outline.box
    x0, y0 = max(0, int(box.x0_px)), max(0, int(box.y0_px))
    x1, y1 = min(width_px, int(box.x1_px) + 1), min(height_px, int(box.y1_px) + 1)
    shifted = [np.asarray(ring, np.float64) - (x0, y0) for ring in rings]
    return Mask.of(_filled(shifted, max(0, x1 - x0), max(0, y1 - y0)), x0_px=x0, y0_px=y0)


def _traced(bits: NDArray[np.bool_]) -> list[shapely.Polygon]:
    """The area of the set pixels, each a unit square, piece by piece with its holes."""
    import cv2

    doubled = np.repeat(np.repeat(bits.astype(np.uint8), 2, axis=0), 2, axis=1)
    contours, family = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    # A contour runs through the half pixels along an edge: 2k left of pixel k, 2k + 1 right of it.
    rings = [(contour[:, 0] + 1) // 2 for contour in contours]
    owners = family[0, :, 3].tolist()
    holes: dict[int, list[NDArray[Any]]] = defaultdict(list)
    for ring, owner in zip(rings, owners, strict=True):
        holes[owner].append(ring)
    return [shapely.Polygon(rings[n], holes[n]) for n, owner in enumerate(owners) if owner < 0]


def _without_specks(pieces: list[shapely.Polygon], most_px2: float) -> list[shapely.Polygon]:
    """The pieces without those, and without those holes, that are smallest and together no more."""
    filled = [(shapely.Polygon(piece.exterior).area, n, -1) for n, piece in enumerate(pieces)]
    holes = [
        (shapely.Polygon(hole).area, n, k)
        for n, piece in enumerate(pieces)
        for k, hole in enumerate(piece.interiors)
    ]
    largest = max(filled)
    gone: set[tuple[int, int]] = set()
    for area, n, k in sorted(filled + holes):
        most_px2 -= area
        if most_px2 < 0 or (area, n, k) == largest:
            break
        gone.add((n, k))
    return [
        shapely.Polygon(p.exterior, [h for k, h in enumerate(p.interiors) if (n, k) not in gone])
        for n, p in enumerate(pieces)
        if (n, -1) not in gone
    ]


def _simplified(pieces: list[shapely.Polygon], tolerance_px: float) -> list[shapely.Polygon]:
    """Each piece with fewer corners, and valid; pieces that ran into each other become one."""
    valid = [shapely.make_valid(piece, method="structure") for piece in pieces]
    simple = [shapely.simplify(piece, tolerance_px) for piece in valid]
    area = simple[0] if len(simple) == 1 else shapely.union_all(simple)
    return [part for part in shapely.get_parts(area) if isinstance(part, shapely.Polygon)]


def _iou(pieces: list[shapely.Polygon], bits: NDArray[np.bool_]) -> float:
    height, width = bits.shape
    rings = [ring for piece in pieces for ring in (piece.exterior, *piece.interiors)]
    filled = _filled([shapely.get_coordinates(ring)[:-1] for ring in rings], width, height)
    either = np.count_nonzero(filled | bits)
    return float(np.count_nonzero(filled & bits) / either)


def _placed(pieces: list[shapely.Polygon], mask: Mask) -> Outline:
    """The outline in the picture's pixels."""
    valid = [shapely.make_valid(piece, method="structure") for piece in pieces]
    area: BaseGeometry = valid[0] if len(valid) == 1 else shapely.union_all(valid)
    return from_shapely(affinity.translate(area, mask.x0_px, mask.y0_px))


def _filled(rings: list[NDArray[np.float64]], width: int, height: int) -> NDArray[np.bool_]:
    """Which pixels' middles lie within an odd number of rings, by crossings of the rows' middles."""
    turns = np.zeros((height, width + 1), np.int32)
    for ring in rings:
        _add_crossings(turns, ring, np.roll(ring, -1, axis=0))
    return np.asarray((np.cumsum(turns, axis=1) % 2 == 1)[:, :width])


def _add_crossings(
    turns: NDArray[np.int32], starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> None:
    """Count, for each row, where the sides cross its middle, at the next pixel's middle."""
    height, width = turns.shape[0], turns.shape[1] - 1
    upper = np.where(starts[:, 1:] <= ends[:, 1:], starts, ends)
    lower = np.where(starts[:, 1:] <= ends[:, 1:], ends, starts)
    first = np.clip(np.ceil(upper[:, 1] - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), 0, height).astype(np.int64)
    crossed = last - first
    side = np.repeat(np.arange(len(starts)), crossed)
    rows = np.arange(len(side)) - np.repeat(np.cumsum(crossed) - crossed, crossed) + first[side]
    rise = (lower - upper)[side]
    x = upper[side, 0] + rise[:, 0] * (rows + 0.5 - upper[side, 1]) / rise[:, 1]
    columns = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
    np.add.at(turns, (rows, columns), 1)
