"""A region of an image: an entity, a group or a scene."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.model.checks import require_fraction, require_text
from iconograph.graph.model.geometry import Box, OrientedBox, Outline
from iconograph.graph.model.ids import ConceptId, ImageId, RegionId, RunId, region_id
from iconograph.graph.model.pose import Gaze, Pose
from iconograph.graph.model.shapes import oriented_box
from iconograph.graph.model.work import Image


class Level(StrEnum):
    """How much of the picture a region takes in."""

    ENTITY = "entity"
    GROUP = "group"
    SCENE = "scene"


class RegionKind(StrEnum):
    """What sort of thing a region is, as far as relations care."""

    PERSON = "person"
    ANIMAL = "animal"
    ATTRIBUTE = "attribute"
    OBJECT = "object"
    PART = "part"
    SETTING = "setting"
    ORNAMENT = "ornament"
    UNKNOWN = "unknown"


class LabelOrigin(StrEnum):
    """Who gave a label."""

    CURATOR = "curator"
    DETECTOR = "detector"
    CLASSIFIER = "classifier"
    CAPTIONER = "captioner"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name for a region, with who gave it and how sure they were."""

    text: str
    language: str = "en"
    confidence: float = 1.0
    origin: LabelOrigin = LabelOrigin.CURATOR

    def __post_init__(self) -> None:
        require_text("Label", text=self.text)
        require_fraction("Label", confidence=self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Part of an image that shows something; build one with `region_of`.

    `area_fraction` is the outline's share of the image. `source_id` is the caller's own id, kept
    for every export. `attributes` are names with values that came with an annotation.
    """

    id: RegionId
    image_id: ImageId
    level: Level
    kind: RegionKind
    outline: Outline
    oriented_box: OrientedBox
    area_fraction: float
    run_id: RunId
    labels: tuple[Label, ...] = ()
    parent_id: RegionId | None = None
    caption: str = ""
    concepts: tuple[ConceptId, ...] = ()
    pose: Pose | None = None
    gaze: Gaze | None = None
    source_id: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        require_fraction("Region", area_fraction=self.area_fraction)
        require_text("Region", id=self.id, image_id=self.image_id, run_id=self.run_id)

    @property
    def box(self) -> Box:
        """The smallest upright rectangle around the outline."""
        return self.outline.box

    @property
    def label(self) -> str:
        """The surest label, or empty."""
        best = max(self.labels, key=lambda label: label.confidence, default=None)
        return best.text if best else ""


def region_of(  # noqa: PLR0913  one argument for each field that the image does not give
    image: Image,
    outline: Outline,
    *,
    run_id: RunId,
    level: Level = Level.ENTITY,
    kind: RegionKind = RegionKind.UNKNOWN,
    ordinal: int = 0,
    labels: tuple[Label, ...] = (),
    parent_id: RegionId | None = None,
    caption: str = "",
    concepts: tuple[ConceptId, ...] = (),
    pose: Pose | None = None,
    gaze: Gaze | None = None,
    source_id: str = "",
    attributes: tuple[tuple[str, str], ...] = (),
) -> Region:
    """A region of the image, with its id, oriented box and area fraction worked out.

    The outline must lie inside the image (see `shapes.clipped`). `ordinal` is explained in
    `ids.region_id`.
    """
    return Region(
        id=region_id(image.id, level, outline, ordinal=ordinal),
        image_id=image.id,
        level=level,
        kind=kind,
        outline=outline,
        oriented_box=oriented_box(outline),
        area_fraction=min(1.0, outline.area_px2 / image.area_px2),
        run_id=run_id,
        labels=labels,
        parent_id=parent_id,
        caption=caption,
        concepts=concepts,
        pose=pose,
        gaze=gaze,
        source_id=source_id,
        attributes=attributes,
    )
