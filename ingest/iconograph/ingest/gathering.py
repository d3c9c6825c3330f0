"""Regions and edges of one image, gathered from the annotations of several sources."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iconograph.graph.errors import AnnotationError, InvalidValueError
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge, EdgeLayer, edge_of
from iconograph.graph.model.geometry import Outline, Point
from iconograph.graph.model.ids import EdgeId, RegionId, region_id
from iconograph.graph.model.pose import Gaze
from iconograph.graph.model.region import Level, Region, RegionKind, region_of
from iconograph.graph.model.run import Run
from iconograph.graph.model.shapes import clipped
from iconograph.graph.model.work import Image
from iconograph.ingest.kinds import kind_of
from iconograph.ingest.problems import Problem, Severity
from iconograph.ingest.sources.annotation import (
    AnnotatedGaze,
    AnnotatedPicture,
    Annotation,
    Relation,
)

METHOD = "annotation"
OVERHANG_PX = 1.0
"""How far an outline may reach over the picture's edge without a word."""


@dataclass(slots=True, kw_only=True)
class Gathering:
    """What was taken so far.

    An annotation wholly outside the picture is left out, one partly outside is clipped. Where the
    source is silent about an entity's kind, its labels tell it (see `kinds`).
    Annotations made on a picture of another size are left out together, and their run with them, so
    that nothing stored from that source is taken for gone.
    """

    image: Image
    runs: list[Run] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    edges: dict[EdgeId, Edge] = field(default_factory=dict)
    concepts: list[Concept] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _twins: Counter[RegionId] = field(default_factory=Counter)

    def take(self, annotated: AnnotatedPicture, run: Run) -> None:
        """Add what a source says."""
        size_px = (self.image.width_px, self.image.height_px)
        if annotated.size_px not in (None, size_px):
            message = (
                f"{annotated.file} was annotated at {annotated.size_px} px, the upright picture "
                f"measures {size_px} px; give the picture that was annotated"
            )
            self._add_problem(annotated.where, message)
            return
        self.runs.append(run)
        regions: dict[str, Region] = {}
        for annotation in annotated.annotations:
            try:
                regions[annotation.source_id] = self._region(annotation, run)
            except InvalidValueError as error:
                self._add_problem(annotation.where, str(error))
        taken = [a for a in annotated.annotations if a.source_id in regions]
        parents = self._parents(taken)
        for annotation in taken:
            self.concepts += annotation.concepts
            self.regions.append(self._linked(annotation, regions, parents))
        for relation in annotated.relations:
            self._take_relation(relation, regions, run)

    def _region(self, annotation: Annotation, run: Run) -> Region:
        outline = self._inside(annotation)
        region = region_of(
            self.image,
            outline,
            run_id=run.id,
            level=annotation.level,
            kind=_kind(annotation),
            labels=annotation.labels,
            caption=annotation.caption,
            concepts=tuple(concept.id for concept in annotation.concepts),
            pose=annotation.pose,
            source_id=annotation.source_id,
            attributes=annotation.attributes,
        )
        ordinal = self._twins[region.id]
        self._twins[region.id] += 1
        if ordinal == 0:
            return region
        own_id = region_id(self.image.id, region.level, outline, ordinal=ordinal)
        return dataclasses.replace(region, id=own_id)

    def _inside(self, annotation: Annotation) -> Outline:
        width_px, height_px = self.image.width_px, self.image.height_px
        inside = clipped(annotation.outline, width_px=width_px, height_px=height_px)
        if inside is not annotation.outline:
            box, cut = annotation.outline.box.corners_px, inside.box.corners_px
            if max(abs(a - b) for a, b in zip(box, cut, strict=True)) > OVERHANG_PX:
                message = f"its box {box} reaches over the picture's edge; it was clipped to {cut}"
                self._add_problem(annotation.where, message, Severity.NOTE)
        return inside

    def _parents(self, annotations: Iterable[Annotation]) -> dict[str, str]:
        """Parent of each annotation that has one, by source id; unknown and circular ones reported."""
        annotations = list(annotations)
        named = {a.source_id: a.parent_source_id for a in annotations if a.parent_source_id}
        known = {annotation.source_id for annotation in annotations}
        parents: dict[str, str] = {}
        for annotation in annotations:
            child = annotation.source_id
            if child not in named:
                continue
            if named[child] not in known:
                message = f"its parent {named[child]} is not there; it is kept without a parent"
                self._add_problem(annotation.where, message)
            elif _is_own_ancestor(child, named):
                message = f"it is among its own ancestors by {named[child]}; kept without a parent"
                self._add_problem(annotation.where, message)
            else:
                parents[child] = named[child]
        return parents

    def _linked(
        self, annotation: Annotation, regions: Mapping[str, Region], parents: Mapping[str, str]
    ) -> Region:
        """The annotation's region with its parent and gaze."""
        region = regions[annotation.source_id]
        if annotation.source_id in parents:
            parent = regions[parents[annotation.source_id]]
            region = dataclasses.replace(region, parent_id=parent.id)
        if annotation.gaze:
            target = regions.get(annotation.gaze.target_source_id)
            if annotation.gaze.target_source_id and target is None:
                message = f"its gaze target {annotation.gaze.target_source_id} is not there"
                self._add_problem(annotation.where, message)
            region = dataclasses.replace(region, gaze=_gaze(annotation.gaze, region, target))
        return region

    def _take_relation(self, relation: Relation, regions: Mapping[str, Region], run: Run) -> None:
        ends = (relation.subject_source_id, relation.object_source_id)
        missing = [end for end in ends if end not in regions]
        if missing:
            self._add_problem(relation.where, f"annotation {missing[0]} could not be used")
            return
        edge = edge_of(
            relation.kind,
            regions[ends[0]].id,
            regions[ends[1]].id,
            image_id=self.image.id,
            confidence=relation.confidence,
            layer=EdgeLayer.ASSERTED,
            method=METHOD,
            run_id=run.id,
        )
        self.edges[edge.id] = edge

    def _add_problem(
        self, where: str, message: str, severity: Severity = Severity.LEFT_OUT
    ) -> None:
        code = AnnotationError.code
        self.problems.append(Problem(where=where, code=code, message=message, severity=severity))


def _kind(annotation: Annotation) -> RegionKind:
    """The kind that was said, else that which the labels of an entity name; a group is of none."""
    if annotation.kind is RegionKind.UNKNOWN and annotation.level is Level.ENTITY:
        return kind_of(annotation.labels)
    return annotation.kind


def _is_own_ancestor(child: str, parents: Mapping[str, str]) -> bool:
    passed: set[str] = set()
    above = parents.get(child)
    while above is not None and above not in passed:
        if above == child:
            return True
        passed.add(above)
        above = parents.get(above)
    return False


def _gaze(annotated: AnnotatedGaze, region: Region, target: Region | None) -> Gaze:
    """A gaze from the head's middle; towards the target's head where no direction is given."""
    origin = annotated.origin or _face(region)
    aim = annotated.target or (_face(target) if target else None)
    return Gaze(
        state=annotated.state,
        origin=origin,
        direction=annotated.direction or (_unit_between(origin, aim) if aim else None),
        target=aim,
        target_region=target.id if target else None,
        method=METHOD,
    )


def _face(region: Region) -> Point:
    head = region.pose.head if region.pose else None
    return (head or region.box).centre


def _unit_between(start: Point, end: Point) -> tuple[float, float] | None:
    dx_px, dy_px = end.x_px - start.x_px, end.y_px - start.y_px
    length_px = math.hypot(dx_px, dy_px)
    return (dx_px / length_px, dy_px / length_px) if length_px else None
