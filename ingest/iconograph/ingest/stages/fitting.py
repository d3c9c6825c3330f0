"""How what models answered is made to fit: masks to boxes, regions to the picture and to each other."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import affinity

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.ids import RegionId, region_id
from iconograph.graph.model.pose import Gaze, KeyPoint, Pose
from iconograph.graph.model.region import Region, RegionKind, region_of
from iconograph.graph.model.shapes import clipped, from_shapely, to_shapely
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.work import Image
    from iconograph.ingest.regions.proposal import Proposal

LEAST_WITHIN_BOX = 0.6
"""A mask of which less lies in the box that asked for it shows another thing."""

LEAST_OF_BOX = 0.08
"""A mask that fills less of its box is a scrap of the thing."""

BOX_TOLERANCE = 1e-3
"""An outline whose area differs from its box's by no more than this share is a box."""

KNOWN_IOU = 0.6
"""What overlaps so much with a region that is known already is that region."""


def usable_mask(mask: Mask | None, box_px: NDArray[np.float32]) -> Mask | None:
    """The mask of the thing in a box: the segmenter's where it fits, else the box itself.

    None where the box holds no pixel's middle.
    """
    x0, y0, x1, y1 = (float(corner) for corner in box_px)
    try:
        whole = Mask.of_box(Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1))
    except InvalidValueError:
        return None
    if mask is None:
        return whole
    inside = mask.shared_px2(whole)
    fits = inside >= LEAST_WITHIN_BOX * mask.area_px2 and inside >= LEAST_OF_BOX * whole.area_px2
    return mask if fits else whole


def boxes_of(proposals: Iterable[Proposal]) -> NDArray[np.float32]:
    """The boxes of proposals, n x 4."""
    return np.array([p.mask.box.corners_px for p in proposals], np.float32).reshape(-1, 4)


def at_full_size(regions: Sequence[Region], image: Image, scale: float) -> tuple[Region, ...]:
    """Regions found at `scale` times the image's size, with all places in the image's own pixels.

    One that has no area in the image is left out.
    """
    if scale == 1.0:
        return tuple(regions)
    factor, names = 1.0 / scale, dict[RegionId, RegionId]()
    twins: Counter[RegionId] = Counter()
    sized: list[Region] = []
    for region in regions:
        fresh = _scaled_region(region, image, factor)
        if fresh is None:
            continue
        own_id = region_id(image.id, fresh.level, fresh.outline, ordinal=twins[fresh.id])
        twins[fresh.id] += 1
        names[region.id] = own_id
        sized.append(dataclasses.replace(fresh, id=own_id))
    return tuple(
        dataclasses.replace(r, parent_id=names.get(r.parent_id) if r.parent_id else None)
        for r in sized
    )


def _scaled_region(region: Region, image: Image, factor: float) -> Region | None:
    shape = affinity.scale(to_shapely(region.outline), factor, factor, origin=(0, 0))
    try:
        outline = clipped(from_shapely(shape), width_px=image.width_px, height_px=image.height_px)
    except InvalidValueError:
        return None
    return region_of(
        image,
        outline,
        run_id=region.run_id,
        level=region.level,
        kind=region.kind,
        labels=region.labels,
        parent_id=region.parent_id,
        caption=region.caption,
        concepts=region.concepts,
        pose=scaled_pose(region.pose, factor) if region.pose else None,
        gaze=scaled_gaze(region.gaze, factor) if region.gaze else None,
        source_id=region.source_id,
        attributes=region.attributes,
    )


def known_among(found: Sequence[Region], known: Sequence[Region]) -> dict[RegionId, RegionId]:
    """Which found regions are known ones: the ids of both.

    A region is known when its outline, or its box where either is no more than a box, overlaps at an
    IoU of `KNOWN_IOU` with one of the same level and a kind that does not differ.
    """
    if not known or not found:
        return {}
    shapes = [to_shapely(region.outline) for region in known]
    tree = shapely.STRtree(shapes)
    same: dict[RegionId, RegionId] = {}
    taken = {region.id for region in known}
    for region in found:
        shape = to_shapely(region.outline)
        best = max(
            (
                (_overlap(region, shape, known[i], shapes[i]), known[i].id)
                for i in tree.query(shape).tolist()
                if known[i].level is region.level and _kinds_agree(known[i].kind, region.kind)
            ),
            default=(0.0, region.id),
        )
        if best[0] >= KNOWN_IOU:
            same[region.id] = best[1]
        elif region.id in taken:
            same[region.id] = region.id
    return same


def without_known(found: Sequence[Region], same: Mapping[RegionId, RegionId]) -> tuple[Region, ...]:
    """The regions found that are no known ones (`same`, see `known_among`); parts hang on these."""
    return tuple(
        dataclasses.replace(
            r, parent_id=same.get(r.parent_id, r.parent_id) if r.parent_id else None
        )
        for r in found
        if r.id not in same
    )


def scaled_pose(pose: Pose, factor: float) -> Pose:
    """The pose with all places `factor` times as far from the corner."""
    return dataclasses.replace(
        pose,
        key_points=tuple(
            KeyPoint(x_px=k.x_px * factor, y_px=k.y_px * factor, confidence=k.confidence)
            for k in pose.key_points
        ),
        head=scaled_box(pose.head, factor) if pose.head else None,
        hands=tuple(scaled_point(hand, factor) for hand in pose.hands),
        index_fingers=tuple(
            dataclasses.replace(
                finger,
                base=scaled_point(finger.base, factor),
                tip=scaled_point(finger.tip, factor),
            )
            for finger in pose.index_fingers
        ),
    )


def scaled_gaze(gaze: Gaze, factor: float) -> Gaze:
    """The gaze with all places `factor` times as far from the corner."""
    return dataclasses.replace(
        gaze,
        origin=scaled_point(gaze.origin, factor),
        target=scaled_point(gaze.target, factor) if gaze.target else None,
    )


def scaled_box(box: Box, factor: float) -> Box:
    """The box with all corners `factor` times as far from the corner."""
    x0, y0, x1, y1 = (corner * factor for corner in box.corners_px)
    return Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1)


def scaled_point(point: Point, factor: float) -> Point:
    """The point `factor` times as far from the corner."""
    return Point(x_px=point.x_px * factor, y_px=point.y_px * factor)


def _overlap(
    region: Region,
    shape: shapely.geometry.base.BaseGeometry,
    known: Region,
    known_shape: shapely.geometry.base.BaseGeometry,
) -> float:
    """IoU of outlines, or of boxes where one of the outlines is a box."""
    boxed = (
        abs(area.area - one.box.area_px2) <= BOX_TOLERANCE * one.box.area_px2
        for one, area in ((region, shape), (known, known_shape))
    )
    if any(boxed):
        shape, known_shape = shapely.box(*region.box.corners_px), shapely.box(*known.box.corners_px)
    shared = float(shape.intersection(known_shape).area)
    return shared / (shape.area + known_shape.area - shared)


def _kinds_agree(a: RegionKind, b: RegionKind) -> bool:
    return a is b or RegionKind.UNKNOWN in (a, b)
