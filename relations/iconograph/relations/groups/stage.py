"""Groups, scenes and composed captions as a stage of ingestion, after relations were derived."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.region import Label, LabelOrigin, Level, Region, RegionKind
from iconograph.ingest.freshness import with_fresh_vectors
from iconograph.ingest.runs import run_now
from iconograph.ingest.stages.known import GROUPS_ORIGIN
from iconograph.relations.groups.caption import composed_caption, composed_label
from iconograph.relations.groups.clauses import is_figure
from iconograph.relations.groups.communities import groups_of, sure_edges
from iconograph.relations.groups.nouns import without_article
from iconograph.relations.groups.regions import Derived, group_regions, regions_in, scene_regions
from iconograph.relations.groups.renewal import (
    COMPOSED,
    Earlier,
    has_groups,
    renewed,
    without_own,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.run import Run
    from iconograph.relations.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """Adds groups and scenes, and captions to these and to persons that have none.

    What it added before is made anew: repeating it changes nothing, changed edges change the groups
    (see `renewal` for what keeps its id and what stays). Of other regions it sets only what is
    empty: a parent, a person's caption. Vectors of what changed are removed. With `only_renewing`
    a picture in which it never made anything is left as it is.
    """

    thresholds: Thresholds
    only_renewing: bool = False
    name: str = "groups"

    def __call__(self, draft: ImageBundle, picture: object, /) -> ImageBundle:
        """The draft with groups, scenes, captions and their run; the picture is not looked at."""
        del picture
        if self.only_renewing and not has_groups(draft):
            return draft
        run, numbers = _run(draft, self.thresholds), self.thresholds.groups
        earlier = Earlier.of(draft)
        bare = without_own(draft, earlier)
        edges = sure_edges(bare.edges, numbers)
        found = group_regions(bare, groups_of(bare, numbers), numbers, run.id)
        groups = renewed(found, earlier.at(Level.GROUP), numbers)
        scenes = renewed(
            scene_regions(bare, groups, numbers, run.id), earlier.at(Level.SCENE), numbers
        )
        derived = (*groups, *scenes)
        regions = _with_parents(_captioned(bare.regions, edges), derived)
        telling = _Telling.of(regions, edges, numbers.label_confidence)
        telling.tell_all(derived)
        runs = {known.id: known for known in (*draft.runs, run)}
        done = replace(
            draft,
            runs=tuple(runs.values()),
            regions=tuple(telling.regions.values()),
            vectors=(),
            removed_regions=(draft.removed_regions | earlier.ids) - set(telling.regions),
        )
        return with_fresh_vectors(done, draft)


def _run(draft: ImageBundle, thresholds: Thresholds) -> Run:
    """The run of these numbers, as it is known where it is."""
    run = run_now(GROUPS_ORIGIN, parameters=(("thresholds_sha256", thresholds.sha256),))
    return next((known for known in draft.runs if known.id == run.id), run)


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
    parents = {member: d.region.id for d in reversed(derived) for member in d.member_ids}

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

    def tell_all(self, derived: Sequence[Derived]) -> None:
        """Tell of groups, then of scenes, of what lies in another before the other."""
        for level in (Level.GROUP, Level.SCENE):
            for one in reversed(derived):
                if one.region.level is level:
                    self.tell(one)

    def tell(self, derived: Derived) -> None:
        """Name and describe a region by what lies in it."""
        region = self.regions[derived.region.id]
        direct = [self.regions[i] for i in derived.member_ids if i in self.regions]
        within = [e for member in direct for e in self.entities.get(member.id, [member])]
        self.entities[region.id] = within
        inside = {entity.id for entity in within}
        edges = [e for i in inside for e in self.about.get(i, ()) if e.object_id in inside]
        is_scene = region.level is Level.SCENE
        named = composed_label(within)
        text = without_article(named)
        origin = LabelOrigin.CAPTIONER
        labels = (Label(text=text, confidence=self.confidence, origin=origin),) if text else ()
        told = replace(region, labels=region.labels or labels)
        if not told.caption:
            members = direct if is_scene else within
            shown = {m.id: self._figures_of(m) for m in direct} if is_scene else {}
            told = _with_caption(told, composed_caption(region, members, edges, shown=shown))
        self.regions[region.id] = told

    def _figures_of(self, whole: Region) -> list[Region]:
        """The figures that a caption tells of: those it was composed of, else all that lie there."""
        if whole.level is Level.ENTITY:
            return []
        if COMPOSED in whole.attributes:
            return [region for region in self.entities.get(whole.id, ()) if is_figure(region)]
        return regions_in(whole, filter(is_figure, self.regions.values()))
