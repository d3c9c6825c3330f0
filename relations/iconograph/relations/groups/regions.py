"""Regions of groups and scenes, and which regions lie in which.

Their kind is UNKNOWN, as that of annotated groups is: two men are no third man, who would be counted
when two men are asked for, and a group of persons may be what shows a lily.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import shapely
from shapely import ops

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.geometry import Box, Outline
from iconograph.graph.model.ids import RegionId, RunId
from iconograph.graph.model.region import Level, Region, region_of
from iconograph.graph.model.shapes import clipped, from_shapely, to_shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.work import Image
    from iconograph.relations.groups.communities import Group
    from iconograph.relations.thresholds import Groups

FRAME = "frame"
"""What the method of a divide is called by that parts a picture into panels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A region made of others, and the ids of those that lie directly in it."""

    region: Region
    member_ids: tuple[RegionId, ...]


def group_regions(
    bundle: ImageBundle, groups: Iterable[Group], numbers: Groups, run_id: RunId
) -> tuple[Derived, ...]:
    """A region for each group, smaller ones after the one that they lie in.

    The outline is all that the members cover. A group that the bundle has already, as a region of
    that level with an IoU of at least `same_group_iou`, is left out; those within it stay.
    """
    shapes = {region.id: to_shapely(region.outline) for region in bundle.regions}
    taken = set(shapes)
    annotated = [shapes[region.id] for region in bundle.regions if region.level is Level.GROUP]

    def built(group: Group) -> list[Derived]:
        area = shapely.union_all([shapes[member] for member in sorted(group.members)])
        known = any(_iou(area, shape) >= numbers.same_group_iou for shape in annotated)
        region = None if known else _new_region(bundle.image, area, run_id, taken)
        inner = [built(part) for part in group.inner]
        within = [derived for part in inner for derived in part]
        if region is None:
            return within
        deeper = {member for derived in within for member in derived.member_ids}
        direct = [d.region.id for d in within if d.region.id not in deeper]
        loose = [member for member in group.members if member not in deeper]
        return [Derived(region=region, member_ids=(*direct, *loose)), *within]

    return tuple(derived for group in groups for derived in built(group))


def scene_regions(
    bundle: ImageBundle, groups: Sequence[Derived], numbers: Groups, run_id: RunId
) -> tuple[Derived, ...]:
    """The whole picture as a scene, and its panels where frames part it; none where it has a scene.

    The members of a scene are those regions without a parent that have their centre in it: in a
    panel if there is one, else in the whole.
    """
    if any(region.level is Level.SCENE for region in bundle.regions):
        return ()
    size = {"width_px": bundle.image.width_px, "height_px": bundle.image.height_px}
    whole = Outline.from_box(Box(x0_px=0, y0_px=0, x1_px=size["width_px"], y1_px=size["height_px"]))
    outlines = [whole, *_panels(bundle.image, bundle.axes, numbers)]
    scenes = [region_of(bundle.image, o, run_id=run_id, level=Level.SCENE) for o in outlines]
    inner = {member for derived in groups for member in derived.member_ids}
    free = [r for r in (*bundle.regions, *(d.region for d in groups)) if not r.parent_id]
    members: dict[RegionId, list[RegionId]] = {scene.id: [] for scene in scenes}
    for region in free:
        if region.id not in inner:
            members[_around(region, scenes).id].append(region.id)
    members[scenes[0].id] += [panel.id for panel in scenes[1:]]
    return tuple(Derived(region=s, member_ids=tuple(members[s.id])) for s in scenes)


def regions_in(whole: Region, regions: Iterable[Region]) -> list[Region]:
    """Those of the regions that lie in another: its own, and those that it covers the middle of."""
    shape = to_shapely(whole.outline)
    return [
        region
        for region in regions
        if region.parent_id == whole.id
        or shape.covers(to_shapely(region.outline).representative_point())
    ]


def _new_region(image: Image, area: BaseGeometry, run_id: RunId, taken: set[RegionId]) -> Region:
    """A group's region; its id is the next free one where another fills the very same area."""
    inside = clipped(from_shapely(area), width_px=image.width_px, height_px=image.height_px)
    for ordinal in count():
        region = region_of(image, inside, run_id=run_id, level=Level.GROUP, ordinal=ordinal)
        if region.id not in taken:
            break
    taken.add(region.id)
    return region


def _iou(a: BaseGeometry, b: BaseGeometry) -> float:
    shared = float(a.intersection(b).area)
    return shared / (a.area + b.area - shared)


def _panels(image: Image, axes: Iterable[Axis], numbers: Groups) -> list[Outline]:
    """What the lines of frames cut the picture into, left to right; nothing where that is no panel."""
    picture = shapely.box(0, 0, image.width_px, image.height_px)
    reach_px = 2 * math.hypot(image.width_px, image.height_px)
    panels: list[BaseGeometry] = [picture]
    for axis in axes:
        if axis.kind is AxisKind.DIVIDE and FRAME in axis.method:
            line = _line(axis, reach_px)
            panels = [part for panel in panels for part in ops.split(panel, line).geoms]
    smallest_px2 = numbers.smallest_panel_fraction * picture.area
    large = sorted((p for p in panels if p.area >= smallest_px2), key=lambda p: p.bounds)
    return [from_shapely(panel) for panel in large] if len(large) > 1 else []


def _line(axis: Axis, reach_px: float) -> shapely.LineString:
    """The axis drawn out to both sides."""
    angle_rad = math.radians(axis.angle_deg)
    dx_px, dy_px = reach_px * math.cos(angle_rad), reach_px * math.sin(angle_rad)
    x_px, y_px = axis.centre.x_px, axis.centre.y_px
    return shapely.LineString([(x_px - dx_px, y_px - dy_px), (x_px + dx_px, y_px + dy_px)])


def _around(region: Region, scenes: Sequence[Region]) -> Region:
    """The panel with the region's centre, else the whole, which is the first."""
    centre = region.box.centre
    point = shapely.Point(centre.x_px, centre.y_px)
    panels = (scene for scene in scenes[1:] if to_shapely(scene.outline).covers(point))
    return next(panels, scenes[0])
