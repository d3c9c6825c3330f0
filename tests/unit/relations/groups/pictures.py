"""Pictures with named edges, and the groups that come of them."""

from __future__ import annotations

from dataclasses import replace

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, Evidence
from iconograph.graph.model.region import Level, Region
from iconograph.relations.groups.communities import Group, groups_of
from iconograph.relations.groups.stage import GroupFigures
from tests.builders import an_edge
from tests.unit.relations.pictures import THRESHOLDS, Thing, a_picture, named

NUMBERS = THRESHOLDS.groups
Said = tuple[str, EdgeKind, str]


def told(*things: Thing, said: tuple[Said, ...] = ()) -> ImageBundle:
    """Things with edges between them, by label, in a picture of 1000 x 1000 px."""
    bundle = a_picture(*things)
    by_label = named(bundle)
    edges = (
        an_edge(kind, by_label[a], by_label[b], evidence=Evidence(), confidence=1.0)
        for a, kind, b in said
    )
    return replace(bundle, edges=tuple(edges))


def labels_of(bundle: ImageBundle, groups: tuple[Group, ...] | None = None) -> set[frozenset[str]]:
    """The members of each group by label."""
    label = {region.id: region.label for region in bundle.regions}
    found = groups_of(bundle, NUMBERS) if groups is None else groups
    return {frozenset(label[member] for member in group.members) for group in found}


def grouped(bundle: ImageBundle) -> ImageBundle:
    return GroupFigures(thresholds=THRESHOLDS)(bundle, None)


def at(bundle: ImageBundle, level: Level) -> list[Region]:
    return [region for region in bundle.regions if region.level is level]
