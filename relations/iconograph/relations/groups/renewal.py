"""Groups and scenes made anew in a picture that has some: what goes, what stays, who keeps their id.

A region that this part made before is made anew. One that covers nearly the same (see
`matching.kept_names`) keeps its id, and with it what was said of it. Where nothing new is like it, it
goes, unless somebody spoke of it: a fact names it, or a person named it. Then it stays as it is
outlined, is told of again, and a new group that is much like it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iconograph.graph.model.region import LabelOrigin, Level, Region
from iconograph.graph.model.shapes import iou
from iconograph.ingest.matching import kept_names
from iconograph.ingest.runs import origin_of
from iconograph.ingest.stages.captions import ATTRIBUTE
from iconograph.ingest.stages.known import GROUPS_ORIGIN
from iconograph.relations.groups.regions import Derived

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.relations.thresholds import Groups

COMPOSED = (ATTRIBUTE, "composed")
"""The attribute of a region whose caption is machine-made from labels and edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Groups and scenes that were made before, `spoken_of` those among them that stay.

    `members` are the regions that lay directly in each.
    """

    regions: tuple[Region, ...]
    spoken_of: frozenset[RegionId]
    members: Mapping[RegionId, tuple[RegionId, ...]]

    @classmethod
    def of(cls, bundle: ImageBundle) -> Earlier:
        """What earlier runs made in a picture."""
        runs = {run.id for run in bundle.runs if origin_of(run) == GROUPS_ORIGIN}
        own = {region.id: region for region in bundle.regions if region.run_id in runs}
        named = {end for edge in bundle.edges for end in (edge.subject_id, edge.object_id)}
        named |= {r.gaze.target_region for r in bundle.regions if r.gaze and r.gaze.target_region}
        inside: dict[RegionId, list[RegionId]] = {i: [] for i in own}
        for region in bundle.regions:
            if region.parent_id in own:
                inside[region.parent_id].append(region.id)
        return cls(
            regions=tuple(own.values()),
            spoken_of=frozenset(i for i, r in own.items() if i in named or _is_curated(r)),
            members={i: tuple(members) for i, members in inside.items()},
        )

    @property
    def ids(self) -> frozenset[RegionId]:
        """The ids of all of them."""
        return frozenset(region.id for region in self.regions)

    def at(self, level: Level) -> Earlier:
        """Those of one level."""
        regions = tuple(region for region in self.regions if region.level is level)
        ids = frozenset(region.id for region in regions)
        return replace(self, regions=regions, spoken_of=self.spoken_of & ids)


def has_groups(bundle: ImageBundle) -> bool:
    """Whether groups, scenes or captions were ever made by this part in a picture."""
    runs = {run.id for run in bundle.runs if origin_of(run) == GROUPS_ORIGIN}
    return any(r.run_id in runs or COMPOSED in r.attributes for r in bundle.regions)


def without_own(bundle: ImageBundle, earlier: Earlier) -> ImageBundle:
    """The picture as it would be had groups never been made in it.

    Vectors of the groups are left out, and neither named as removed nor is anything else.
    """
    own = earlier.ids
    return replace(
        bundle,
        regions=tuple(_as_it_came(r, own) for r in bundle.regions if r.id not in own),
        edges=tuple(e for e in bundle.edges if not {e.subject_id, e.object_id} & own),
        vectors=(),
    )


def renewed(derived: Sequence[Derived], earlier: Earlier, numbers: Groups) -> tuple[Derived, ...]:
    """New regions of one level, smaller ones after what they lie in, with the ids that they keep.

    At the end come those that stay only because they were spoken of, with the members that they had
    and that lie in none of the new ones.
    """
    before = {region.id: region for region in earlier.regions}
    fresh = [d.region for d in derived]
    origins = {region.run_id: GROUPS_ORIGIN for region in (*fresh, *earlier.regions)}
    names = dict(kept_names(fresh, earlier.regions, origins))
    kept = {name: before[name] for name in names.values() if name in before}
    staying = [before[i] for i in sorted(earlier.spoken_of - set(kept))]
    as_they_were: set[RegionId] = set()
    for old in staying:
        alike = _most_alike(old, [region for region in fresh if names[region.id] not in kept])
        if alike and iou(alike.outline, old.outline) >= numbers.same_group_iou:
            names[alike.id], kept[old.id] = old.id, old
            as_they_were.add(old.id)
    made = [_named(d, names, kept, as_they_were) for d in derived]
    claimed = {member for d in made for member in d.member_ids}
    rest = (
        Derived(
            region=replace(_untold(old), parent_id=None),
            member_ids=tuple(i for i in earlier.members[old.id] if i not in claimed),
        )
        for old in staying
        if old.id not in as_they_were
    )
    return (*made, *rest)


def _is_curated(region: Region) -> bool:
    """Whether a person added something to a region."""
    curated = any(label.origin is LabelOrigin.CURATOR for label in region.labels)
    return curated or bool(region.concepts or region.source_id)


def _as_it_came(region: Region, own: frozenset[RegionId]) -> Region:
    """A region without the parent and the caption that it got from groups."""
    if region.parent_id in own:
        region = replace(region, parent_id=None)
    return _untold(region)


def _untold(region: Region) -> Region:
    if COMPOSED not in region.attributes:
        return region
    others = tuple(pair for pair in region.attributes if pair != COMPOSED)
    labels = tuple(label for label in region.labels if label.origin is not LabelOrigin.CAPTIONER)
    return replace(region, labels=labels, caption="", attributes=others)


def _most_alike(old: Region, regions: Sequence[Region]) -> Region | None:
    return max(regions, key=lambda r: (iou(r.outline, old.outline), r.id), default=None)


def _named(
    derived: Derived,
    names: Mapping[RegionId, RegionId],
    kept: Mapping[RegionId, Region],
    as_they_were: AbstractSet[RegionId],
) -> Derived:
    """A new region under the id that it keeps, with what people added to it.

    The words of a captioner stay only where it sees the very same part of the picture.
    """
    new, name = derived.region, names[derived.region.id]
    members = tuple(names.get(member, member) for member in derived.member_ids)
    if name not in kept:
        return Derived(region=replace(new, id=name), member_ids=members)
    old = replace(_untold(kept[name]), parent_id=None)
    if name in as_they_were:
        return Derived(region=old, member_ids=members)
    if old.outline != new.outline and not _is_curated(old):
        old = replace(old, labels=(), caption="", attributes=())
    region = replace(
        new,
        id=name,
        labels=old.labels,
        caption=old.caption,
        concepts=old.concepts,
        source_id=old.source_id,
        attributes=old.attributes,
    )
    return Derived(region=region, member_ids=members)
