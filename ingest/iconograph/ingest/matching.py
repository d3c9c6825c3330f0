"""Which new regions of an image are which stored ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from iconograph.graph.model.ids import RegionId, RunId, region_id
from iconograph.graph.model.region import Region, RegionKind
from iconograph.graph.model.shapes import to_shapely

SAME_REGION_IOU = 0.85
"""Outlines of one level that overlap at least so much are taken for the same region."""

Names = Mapping[RegionId, RegionId]
"""The id that each new region gets, by the id that it came with."""


def kept_names(
    new: Sequence[Region], stored: Sequence[Region], origins: Mapping[RunId, str]
) -> Names:
    """The ids for new regions: those of the stored regions that they are, else their own.

    A stored region of the same level is the same, and is taken once, by the first of these that
    finds one: the same id and source id; the same source id from the same origin (a caller's id
    means nothing in another's file); the same id; an outline that overlaps at IoU >= 0.85, of a kind
    that does not differ, the best overlap first. `origins` gives the origin of each run.
    """
    matching = _Matching(new={region.id: region for region in new}, stored=list(stored))
    matching.match_by(lambda region: (region.id, region.source_id))
    matching.match_by(
        lambda region: (
            (region.source_id, region.level, origins[region.run_id]) if region.source_id else None
        )
    )
    matching.match_by(lambda region: region.id)
    matching.match_by_overlap()
    matching.name_the_rest()
    return matching.names


@dataclass(slots=True, kw_only=True)
class _Matching:
    """New and stored regions that are not matched yet, and the names given so far."""

    new: dict[RegionId, Region]
    stored: list[Region]
    names: dict[RegionId, RegionId] = field(default_factory=dict)
    taken: set[RegionId] = field(default_factory=set)

    def match_by(self, mark: Callable[[Region], Hashable]) -> None:
        """Match regions with the same mark; those whose mark is None are passed over."""
        by_mark = {mark(region): region for region in reversed(self._free())}
        by_mark.pop(None, None)
        for region in list(self.new.values()):
            found = by_mark.get(mark(region))
            if found is not None and found.id not in self.taken:
                self._take(region, found)

    def match_by_overlap(self) -> None:
        """Match regions that cover nearly the same, best overlap first, ties by id."""
        pairs = _overlapping(list(self.new.values()), self._free())
        for _, new_id, kept in sorted(pairs, key=lambda p: (-p[0], p[1], p[2].id)):
            if new_id in self.new and kept.id not in self.taken:
                self._take(self.new[new_id], kept)

    def name_the_rest(self) -> None:
        """Keep the own id of unmatched regions, or the next free one where it is another's now."""
        used = {region.id for region in self.stored}
        for region in self.new.values():
            name, ordinal = region.id, 0
            while name in used or name in self.taken:
                ordinal += 1
                name = region_id(region.image_id, region.level, region.outline, ordinal=ordinal)
            self.names[region.id] = name
            self.taken.add(name)

    def _free(self) -> list[Region]:
        return [region for region in self.stored if region.id not in self.taken]

    def _take(self, region: Region, kept: Region) -> None:
        self.names[region.id] = kept.id
        self.taken.add(kept.id)
        del self.new[region.id]


def _overlapping(
    new: Sequence[Region], stored: Sequence[Region]
) -> Iterator[tuple[float, RegionId, Region]]:
    """IoU, new id and stored region of the pairs that may be the same."""
    if not new or not stored:
        return
    shapes = [to_shapely(region.outline) for region in stored]
    tree = shapely.STRtree(shapes)
    for region in new:
        shape = to_shapely(region.outline)
        for index in tree.query(shape).tolist():
            kept = stored[index]
            if kept.level is region.level and _kinds_agree(kept.kind, region.kind):
                shared = shape.intersection(shapes[index]).area
                overlap = shared / (shape.area + shapes[index].area - shared)
                if overlap >= SAME_REGION_IOU:
                    yield round(overlap, 6), region.id, kept


def _kinds_agree(a: RegionKind, b: RegionKind) -> bool:
    return a is b or RegionKind.UNKNOWN in (a, b)
