"""Groups, scenes and composed captions as a stage of ingestion, after relations were derived."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.region import Label, LabelOrigin, Level, Region, RegionKind
from iconograph.ingest.runs import origin_of, run_now
from iconograph.relations.groups.caption import composed_caption, composed_label
from iconograph.relations.groups.communities import groups_of, sure_edges
from iconograph.relations.groups.nouns import without_article
from iconograph.relations.groups.regions import Derived, group_regions, scene_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.run import Run
    from iconograph.relations.thresholds import Thresholds

ORIGIN = "groups"
"""Origin of the runs of this stage (see `ingest.runs.origin_of`)."""

COMPOSED = ("caption", "composed")
"""The attribute of a region whose caption is machine-made from labels and edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """Adds groups and scenes, and captions to these and to persons that have none.

    What it added before is taken back first, so that repeating it changes nothing and changed edges
    change the groups. Of other regions it sets only what is empty: a parent, a person's caption.
    A group that an edge names stays, since a person may have said something of it.
    """

    thresholds: Thresholds
    name: str = "groups"

    def __call__(self, draft: ImageBundle, picture: object, /) -> ImageBundle:
        """The draft with groups, scenes, captions and their run; the picture is not looked at."""
        del picture
        run, numbers = _run(draft, self.thresholds), self.thresholds.groups
        bare = _without_own(draft)
        edges = sure_edges(bare.edges, numbers)
        groups = group_regions(bare, groups_of(bare, numbers), numbers, run.id)
        scenes = scene_regions(bare, groups, numbers, run.id)
        regions = _with_parents(_captioned(bare.regions, edges), (*groups, *scenes))
        telling = _Telling.of(regions, edges, numbers.label_confidence)
        for derived in (*reversed(groups), *reversed(scenes)):
            telling.tell(derived)
        return replace(
            bare,
            runs=tuple({known.id: known for known in (*bare.runs, run)}.values()),
            regions=tuple(telling.regions.values()),
            removed_regions=bare.removed_regions - set(telling.regions),
        )


def _run(draft: ImageBundle, thresholds: Thresholds) -> Run:
    """The run of these numbers, as it is known where it is."""
    run = run_now(ORIGIN, parameters=(("thresholds_sha256", thresholds.sha256),))
    return next((known for known in draft.runs if known.id == run.id), run)


def _without_own(draft: ImageBundle) -> ImageBundle:
    """The draft as it would be had this stage never run."""
    runs = {run.id for run in draft.runs if origin_of(run) == ORIGIN}
    ends = {end for edge in draft.edges for end in (edge.subject_id, edge.object_id)}
    own = {r.id for r in draft.regions if r.run_id in runs and r.id not in ends}
    kept = tuple(_as_it_came(region, own) for region in draft.regions if region.id not in own)
    vectors = []
    for space in draft.vectors:
        rows = [row for row, i in enumerate(space.region_ids) if i not in own]
        if rows:
            ids = tuple(space.region_ids[row] for row in rows)
            matrix = space.matrix[np.asarray(rows)]
            vectors.append(replace(space, region_ids=ids, matrix=matrix))
    return replace(
        draft, regions=kept, vectors=tuple(vectors), removed_regions=draft.removed_regions | own
    )


def _as_it_came(region: Region, own: set[RegionId]) -> Region:
    """A region without the parent and the caption that this stage gave it."""
    if region.parent_id in own:
        region = replace(region, parent_id=None)
    if COMPOSED in region.attributes:
        others = tuple(pair for pair in region.attributes if pair != COMPOSED)
        region = replace(region, caption="", attributes=others)
    return region


def _with_caption(region: Region, caption: str) -> Region:
    if not caption:
        return region
    return replace(region, caption=caption, attributes=(*region.attributes, COMPOSED))


def _captioned(regions: Sequence[Region], edges: Iterable[Edge]) -> list[Region]:
    """The regions, persons without a caption with one of what they wear, hold and do."""
    by_id, about = {region.id: region for region in regions}, _by_subject(edges)

    def captioned(region: Region) -> Region:
        if region.caption or region.kind is not RegionKind.PERSON or region.id not in about:
            return region
        members = [by_id[edge.object_id] for edge in about[region.id]]
        return _with_caption(region, composed_caption(region, members, about[region.id]))

    return [captioned(region) for region in regions]


def _with_parents(regions: Sequence[Region], derived: Sequence[Derived]) -> list[Region]:
    """All regions; entities and derived ones without a parent get the derived one they lie in."""
    parents = {member: d.region.id for d in derived for member in d.member_ids}

    def placed(region: Region) -> Region:
        return region if region.parent_id else replace(region, parent_id=parents.get(region.id))

    entities = (placed(region) if region.level is Level.ENTITY else region for region in regions)
    return [*entities, *(placed(d.region) for d in derived)]


def _by_subject(edges: Iterable[Edge]) -> Mapping[RegionId, list[Edge]]:
    about: dict[RegionId, list[Edge]] = defaultdict(list)
    for edge in edges:
        about[edge.subject_id].append(edge)
    return about


@dataclass(slots=True, kw_only=True)
class _Telling:
    """Gives derived regions their label and caption, smaller ones before those that they lie in."""

    regions: dict[RegionId, Region]
    about: Mapping[RegionId, list[Edge]]
    confidence: float
    entities: dict[RegionId, list[Region]] = field(default_factory=dict)

    @classmethod
    def of(cls, regions: Iterable[Region], edges: Iterable[Edge], confidence: float) -> _Telling:
        by_id = {region.id: region for region in regions}
        return cls(regions=by_id, about=_by_subject(edges), confidence=confidence)

    def tell(self, derived: Derived) -> None:
        """Name and describe a region by what lies in it."""
        region = self.regions[derived.region.id]
        direct = [self.regions[member] for member in derived.member_ids]
        within = [e for member in direct for e in self.entities.get(member.id, [member])]
        self.entities[region.id] = within
        inside = {entity.id for entity in within}
        edges = [e for i in inside for e in self.about.get(i, ()) if e.object_id in inside]
        is_scene = region.level is Level.SCENE
        named = composed_label(within)
        text = without_article(named)
        origin = LabelOrigin.CAPTIONER
        labels = (Label(text=text, confidence=self.confidence, origin=origin),) if text else ()
        caption = composed_caption(region, direct if is_scene else within, edges)
        self.regions[region.id] = _with_caption(replace(region, labels=labels), caption)
