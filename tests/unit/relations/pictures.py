"""Pictures made of named boxes, and the edges that are found in them."""

from __future__ import annotations

from typing import Any

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeKind
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import Pose
from iconograph.graph.model.region import Region, RegionKind
from iconograph.relations.derive import derive
from iconograph.relations.thresholds import read_thresholds
from tests.builders import a_region, a_run, a_work, an_image

THRESHOLDS = read_thresholds()
PERSON, ANIMAL, OBJECT = RegionKind.PERSON, RegionKind.ANIMAL, RegionKind.OBJECT
ATTRIBUTE, PART, SETTING = RegionKind.ATTRIBUTE, RegionKind.PART, RegionKind.SETTING

Corners = tuple[float, float, float, float]
Thing = tuple[str, RegionKind, Corners]


def a_pose(*hands: tuple[float, float], head: Corners | None = None) -> Pose:
    box = Box(x0_px=head[0], y0_px=head[1], x1_px=head[2], y1_px=head[3]) if head else None
    return Pose(head=box, hands=tuple(Point(x_px=x, y_px=y) for x, y in hands))


def a_picture(
    *things: Thing, poses: dict[str, Pose] | None = None, size_px: tuple[int, int] = (1000, 1000)
) -> ImageBundle:
    """Things in a picture of 1000 x 1000 px; `poses` are of things by label."""
    run, work = a_run(), a_work("picture")
    image = an_image(work, width_px=size_px[0], height_px=size_px[1])
    regions = tuple(
        a_region(image, label, box, kind=kind, run=run, pose=(poses or {}).get(label))
        for label, kind, box in things
    )
    return ImageBundle(work=work, image=image, runs=(run,), regions=regions)


def named(bundle: ImageBundle) -> dict[str, Region]:
    return {region.label: region for region in bundle.regions}


def edges_of(bundle: ImageBundle, kind: EdgeKind, **fields: Any) -> dict[tuple[str, str], Edge]:
    """The edges of a kind by the labels of their ends, in alphabetical order if symmetric."""
    derived = derive(bundle, thresholds=THRESHOLDS, **fields)
    labels = {region.id: region.label for region in derived.regions}
    return {_ends(edge, labels): edge for edge in derived.edges if edge.kind is kind}


def likely(bundle: ImageBundle, kind: EdgeKind) -> set[tuple[str, str]]:
    """The ends of edges with a confidence of at least a half."""
    return {ends for ends, edge in edges_of(bundle, kind).items() if edge.confidence >= 0.5}


Said = dict[tuple[EdgeKind, str, str], float]


def statements(bundle: ImageBundle) -> Said:
    """Confidence by kind and labels; symmetric ones in alphabetical order."""
    derived = derive(bundle, thresholds=THRESHOLDS)
    labels = {region.id: region.label for region in derived.regions}
    return {(edge.kind, *_ends(edge, labels)): edge.confidence for edge in derived.edges}


def _ends(edge: Edge, labels: dict[Any, str]) -> tuple[str, str]:
    ends = (labels[edge.subject_id], labels[edge.object_id])
    return (min(ends), max(ends)) if edge.kind.symmetric else ends
