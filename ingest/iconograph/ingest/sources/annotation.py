"""What a file says about the regions of pictures, before it is joined with the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Outline, Point
from iconograph.graph.model.pose import GazeState, Pose
from iconograph.graph.model.region import Label, Level, RegionKind
from iconograph.ingest.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedGaze:
    """A gaze whose target is still named by the source's own id."""

    state: GazeState
    direction: tuple[float, float] | None = None
    target_source_id: str = ""
    origin: Point | None = None
    target: Point | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One region as the source has it: `outline` in pixels, perhaps partly outside the picture."""

    where: str
    source_id: str
    outline: Outline
    labels: tuple[Label, ...] = ()
    kind: RegionKind = RegionKind.UNKNOWN
    level: Level = Level.ENTITY
    parent_source_id: str = ""
    caption: str = ""
    concepts: tuple[Concept, ...] = ()
    pose: Pose | None = None
    gaze: AnnotatedGaze | None = None
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A statement about two annotations of one picture, by their source ids."""

    where: str
    kind: EdgeKind
    subject_source_id: str
    object_source_id: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedPicture:
    """All that a source says about one picture file; its size is None where the source is silent."""

    where: str
    file: str
    source_id: str = ""
    size_px: tuple[int, int] | None = None
    annotations: tuple[Annotation, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationFile:
    """What a file of annotations holds, and what in it could not be used."""

    name: str
    pictures: tuple[AnnotatedPicture, ...]
    problems: tuple[Problem, ...] = ()
