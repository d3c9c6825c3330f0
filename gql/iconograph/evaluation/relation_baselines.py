"""Rules of one line, printed beside ours so that a figure can be judged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from iconograph.evaluation.annotations import FIGURES, Triple, triple_of
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.region import Region, RegionKind
from iconograph.graph.model.shapes import intersection_area_px2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_GAP_SIZES = 0.1
SMALLEST_OVERLAP_FRACTION = 0.2
HALF = 0.5
HAND_REACH_HEADS = 0.1
HEADS_PER_FIGURE = 7.0


def near_figures(regions: Sequence[Region]) -> Iterator[Triple]:
    """BESIDE: persons and animals with a gap of at most a tenth of the smaller one's longer side."""
    figures = [region for region in regions if region.kind in FIGURES]
    for at, a in enumerate(figures):
        for b in figures[at + 1 :]:
            smaller_px = min(max(r.box.width_px, r.box.height_px) for r in (a, b))
            if _gap_px(a.box, b.box) <= LARGEST_GAP_SIZES * smaller_px:
                yield triple_of(EdgeKind.BESIDE, a.id, b.id)


def overlapping_smaller(regions: Sequence[Region]) -> Iterator[Triple]:
    """HOLDS: a fifth of a smaller person or object lies on the person."""
    for person, thing in _smaller_things(regions, {RegionKind.PERSON, RegionKind.OBJECT}):
        if _overlap(person, thing) > SMALLEST_OVERLAP_FRACTION:
            yield (EdgeKind.HOLDS, person.id, thing.id)


def overlapping_objects(regions: Sequence[Region]) -> Iterator[Triple]:
    """HOLDS: half of a smaller object lies on the person."""
    for person, thing in _smaller_things(regions, {RegionKind.OBJECT}):
        if _overlap(person, thing) > HALF:
            yield (EdgeKind.HOLDS, person.id, thing.id)


def things_at_hand(regions: Sequence[Region]) -> Iterator[Triple]:
    """HOLDS: a hand of the person is on a smaller thing of any kind."""
    for person, thing in _smaller_things(regions, set(RegionKind)):
        if _hand_on(person, thing):
            yield (EdgeKind.HOLDS, person.id, thing.id)


def objects_at_hand(regions: Sequence[Region]) -> Iterator[Triple]:
    """HOLDS: a hand of the person is on a smaller object."""
    for person, thing in _smaller_things(regions, {RegionKind.OBJECT}):
        if _hand_on(person, thing):
            yield (EdgeKind.HOLDS, person.id, thing.id)


def covered_attributes(regions: Sequence[Region]) -> Iterator[Triple]:
    """WEARS: half of an attribute lies on the person."""
    for person, thing in _smaller_things(regions, {RegionKind.ATTRIBUTE}):
        if _overlap(person, thing) > HALF:
            yield (EdgeKind.WEARS, person.id, thing.id)


def nearest_figures(regions: Sequence[Region]) -> Iterator[Triple]:
    """GAZES_AT: the figure whose head is nearest to the gazer's."""
    heads = {r.id: r.pose.head.centre for r in regions if r.pose and r.pose.head}
    for gazer, own in heads.items():
        others = [(math.dist(_xy(own), _xy(at)), id_) for id_, at in heads.items() if id_ != gazer]
        if others:
            yield (EdgeKind.GAZES_AT, gazer, min(others)[1])


RELATION_BASELINES: tuple[
    tuple[EdgeKind, str, Callable[[Sequence[Region]], Iterator[Triple]]], ...
] = (
    (EdgeKind.BESIDE, "gap <= 0.1 sizes", near_figures),
    (EdgeKind.HOLDS, "overlap of a smaller thing", overlapping_smaller),
    (EdgeKind.HOLDS, "overlap, objects only", overlapping_objects),
    (EdgeKind.HOLDS, "judged hand points", things_at_hand),
    (EdgeKind.HOLDS, "judged hands, objects only", objects_at_hand),
    (EdgeKind.WEARS, "overlap of an attribute", covered_attributes),
    (EdgeKind.GAZES_AT, "nearest head", nearest_figures),
)
"""Kind, name and rule."""


def _smaller_things(
    regions: Sequence[Region], kinds: set[RegionKind]
) -> Iterator[tuple[Region, Region]]:
    for person in regions:
        for thing in regions:
            smaller = thing.box.area_px2 <= person.box.area_px2 and thing.id != person.id
            if person.kind is RegionKind.PERSON and thing.kind in kinds and smaller:
                yield person, thing


def _overlap(person: Region, thing: Region) -> float:
    return intersection_area_px2(person.outline, thing.outline) / thing.outline.area_px2


def _hand_on(person: Region, thing: Region) -> bool:
    if person.pose is None:
        return False
    head = person.pose.head
    head_px = head.height_px if head else person.box.height_px / HEADS_PER_FIGURE
    reach_px = HAND_REACH_HEADS * head_px
    return any(_away_px(hand, thing.box) <= reach_px for hand in person.pose.hands)


def _xy(point: Point) -> tuple[float, float]:
    return (point.x_px, point.y_px)


def _away_px(point: Point, box: Box) -> float:
    across = max(box.x0_px - point.x_px, point.x_px - box.x1_px, 0.0)
    down = max(box.y0_px - point.y_px, point.y_px - box.y1_px, 0.0)
    return math.hypot(across, down)


def _gap_px(a: Box, b: Box) -> float:
    across = max(a.x0_px - b.x1_px, b.x0_px - a.x1_px, 0.0)
    down = max(a.y0_px - b.y1_px, b.y0_px - a.y1_px, 0.0)
    return math.hypot(across, down)
