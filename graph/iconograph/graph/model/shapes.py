"""Measures and transformations of outlines; Shapely does the plane geometry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import affinity

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import (
    SMALLEST_AREA_PX2,
    OrientedBox,
    Outline,
    Point,
    Polygon,
    Ring,
    folded_angle_deg,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

AREA = 2
"""The dimension of what has an area."""


def to_shapely(outline: Outline) -> BaseGeometry:
    """The outline as a valid Shapely area; self-crossing rings are resolved."""
    parts = [_valid(shapely.Polygon(part.exterior, part.holes)) for part in outline.parts]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def only_areas(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapely geometries of any array's shape, each without its lines and points.

    A cut along an edge leaves some behind; GEOS neither takes the boundary of such a mixture nor
    always intersects it.
    """
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    clean = shapes.copy()
    for place in np.argwhere(mixed):
        parts = shapely.get_parts(shapes[tuple(place)])
        clean[tuple(place)] = shapely.union_all(parts[shapely.get_dimensions(parts) == AREA])
    return clean


def from_shapely(area: BaseGeometry) -> Outline:
    """The polygons of a Shapely geometry; raises `InvalidValueError` when it has no area."""
    parts = [
        Polygon(
            exterior=_ring(part.exterior),
            holes=tuple(
                _ring(hole)
                for hole in part.interiors
                if shapely.Polygon(hole).area > SMALLEST_AREA_PX2
            ),
        )
        for part in shapely.get_parts(area)
        if isinstance(part, shapely.Polygon) and part.area > SMALLEST_AREA_PX2
    ]
    if not parts:
        message = f"an outline needs an area, got {area.geom_type} of area {area.area}"
        raise InvalidValueError(message)
    return Outline(parts=tuple(parts))


def intersection_area_px2(a: Outline, b: Outline) -> float:
    """Area that both cover."""
    return float(shapely.intersection(to_shapely(a), to_shapely(b)).area)


def iou(a: Outline, b: Outline) -> float:
    """Intersection over union of the two areas, 0..1 (Jaccard index)."""
    shape_a, shape_b = to_shapely(a), to_shapely(b)
    shared = float(shapely.intersection(shape_a, shape_b).area)
    union = shape_a.area + shape_b.area - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def clipped(outline: Outline, *, width_px: float, height_px: float) -> Outline:
    """The part inside the image; raises `InvalidValueError` when there is none."""
    box = outline.box
    if box.x0_px >= 0 and box.y0_px >= 0 and box.x1_px <= width_px and box.y1_px <= height_px:
        return outline
    frame = shapely.box(0, 0, width_px, height_px)
    inside = shapely.intersection(to_shapely(outline), frame)
    if inside.area <= SMALLEST_AREA_PX2:
        message = (
            f"the outline lies outside the image: its box is {box.corners_px}, "
            f"the image measures {width_px} x {height_px} px"
        )
        raise InvalidValueError(message)
    return from_shapely(inside)


def centroid(outline: Outline) -> Point:
    """Centre of gravity of the area."""
    point = to_shapely(outline).centroid
    return Point(x_px=float(point.x), y_px=float(point.y))


def oriented_box(outline: Outline) -> OrientedBox:
    """The rectangle of least area around the outline (rotating calipers on its convex hull)."""
    if _is_upright(outline):
        return _upright(outline)
    rectangle = to_shapely(outline).minimum_rotated_rectangle
    corners = shapely.get_coordinates(rectangle).tolist()
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    first, second = math.hypot(x1 - x0, y1 - y0), math.hypot(x2 - x1, y2 - y1)
    dx, dy = (x1 - x0, y1 - y0) if first >= second else (x2 - x1, y2 - y1)
    return OrientedBox(
        centre=Point(x_px=(x0 + x2) / 2, y_px=(y0 + y2) / 2),
        width_px=max(first, second),
        height_px=min(first, second),
        angle_deg=folded_angle_deg(math.degrees(math.atan2(dy, dx))),
    )


def rotated(outline: Outline, angle_deg: float, *, around: Point) -> Outline:
    """Turn by `angle_deg` from x towards y."""
    shape = affinity.rotate(to_shapely(outline), angle_deg, origin=(around.x_px, around.y_px))
    return from_shapely(shape)


def scaled(outline: Outline, factor_x: float, factor_y: float) -> Outline:
    """Stretch away from the image's upper left corner."""
    return from_shapely(affinity.scale(to_shapely(outline), factor_x, factor_y, origin=(0, 0)))


def mirrored(outline: Outline, *, width_px: float) -> Outline:
    """Swap left and right in an image of the given width."""
    return from_shapely(affinity.affine_transform(to_shapely(outline), [-1, 0, 0, 1, width_px, 0]))


def _valid(area: BaseGeometry) -> BaseGeometry:
    return area if area.is_valid else shapely.make_valid(area, method="structure")


def _ring(ring: BaseGeometry) -> Ring:
    return tuple((x, y) for x, y in shapely.get_coordinates(ring).tolist()[:-1])


def _is_upright(outline: Outline) -> bool:
    if len(outline.parts) != 1 or len(outline.parts[0].exterior) != 4:  # noqa: PLR2004
        return False
    box, ring = outline.box, set(outline.parts[0].exterior)
    xs, ys = (box.x0_px, box.x1_px), (box.y0_px, box.y1_px)
    return ring == {(x, y) for x in xs for y in ys}


def _upright(outline: Outline) -> OrientedBox:
    box = outline.box
    wide = box.width_px >= box.height_px
    return OrientedBox(
        centre=box.centre,
        width_px=max(box.width_px, box.height_px),
        height_px=min(box.width_px, box.height_px),
        angle_deg=0.0 if wide else 90.0,
    )
