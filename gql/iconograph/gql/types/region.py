"""Regions of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import ID, Private, field

from iconograph.gql.context import Info
from iconograph.gql.loaders import required
from iconograph.gql.pages import Connection, id_of
from iconograph.gql.types.figure import Gaze, Pose
from iconograph.gql.types.record import Concept, Run
from iconograph.gql.types.values import NamedText, computed, xy_px
from iconograph.gql.types.work import Image, image_by_id
from iconograph.graph.model import region as regions
from iconograph.graph.model.edge import EdgeKind, EdgeStatus
from iconograph.graph.model.geometry import OrientedBox as OrientedBoxValue
from iconograph.graph.model.ids import ImageId, RegionId
from iconograph.graph.model.record import encoded

if TYPE_CHECKING:
    from iconograph.gql.types.edge import Edge


@strawberry.type(description="A name for a region.")
class Label:
    text: str = field(description="The name.")
    language: str = field(description="BCP 47 tag such as `en`.")
    confidence: float = field(description="Probability that it is right, 0 to 1.")
    origin: regions.LabelOrigin = field(description="Who gave it.")

    @classmethod
    def from_model(cls, label: regions.Label) -> Self:
        return cls(
            text=label.text,
            language=label.language,
            confidence=label.confidence,
            origin=label.origin,
        )


@strawberry.type(description="The turned rectangle of least area around an outline.")
class OrientedBox:
    centre_px: list[float] = field(description="Its middle: [x, y].")
    width_px: float = field(description="Length of the longer side.")
    height_px: float = field(description="Length of the shorter side.")
    angle_deg: float = field(
        description="Direction of the longer side in (-90, 90], from x to the right towards y down."
    )
    corners_px: list[list[float]] = field(description="Its four corners in order, each [x, y].")

    @classmethod
    def from_model(cls, box: OrientedBoxValue) -> Self:
        return cls(
            centre_px=xy_px(box.centre),
            width_px=box.width_px,
            height_px=box.height_px,
            angle_deg=box.angle_deg,
            corners_px=[[x, y] for x, y in box.corners],
        )


@strawberry.type(description="Part of an image that shows something: an entity, group or scene.")
class Region:
    model: Private[regions.Region]
    id: ID = field(description="Follows from the image, the level and the outline.")
    level: regions.Level = field(description="How much of the picture it takes in.")
    kind: regions.RegionKind = field(description="What sort of thing it is.")
    label: str = field(description="The surest label; empty when there is none.")
    labels: list[Label] = field(description="All labels, with who gave them and how sure.")
    caption: str = field(description="A sentence about it; empty when there is none.")
    box_px: list[float] = field(description="Upright box around it: [x0, y0, x1, y1].")
    area_fraction: float = field(description="Its outline's share of the image, 0 to 1.")
    source_id: str = field(description="The caller's own id; empty when there was none.")
    attributes: list[NamedText] = field(description="What else the annotation said, by name.")

    @computed(
        "Its outline: polygons, each a list of rings (the outer first, then holes), "
        "each a list of [x, y]."
    )
    def outline_px(self) -> list[list[list[list[float]]]]:
        outline: list[list[list[list[float]]]] = encoded(self.model.outline)
        return outline

    @computed("The turned rectangle of least area around it.")
    def oriented_box(self) -> OrientedBox:
        return OrientedBox.from_model(self.model.oriented_box)

    @computed("Its body, where it is a figure whose pose is known.")
    def pose(self) -> Pose | None:
        return Pose.from_model(self.model.pose) if self.model.pose else None

    @computed("Where it looks, where it is a figure whose gaze is known.")
    def gaze(self) -> Gaze | None:
        return Gaze.from_model(self.model.gaze) if self.model.gaze else None

    @computed("What it depicts, as terms of controlled vocabularies.")
    async def concepts(self, info: Info) -> list[Concept]:
        found = await info.context.loaders.concepts(self.model.concepts)
        return [Concept.from_model(concept) for concept in found]

    @computed("The picture that it is a part of.")
    async def image(self, info: Info) -> Image:
        return await image_by_id(info, self.model.image_id)

    @computed("The region that it lies in, such as the group of an entity.")
    async def parent(self, info: Info) -> Region | None:
        id_ = self.model.parent_id
        return await region_by_id(info, id_) if id_ else None

    @computed("The run that made it.")
    async def run(self, info: Info) -> Run:
        found = await info.context.loaders.run(self.model.run_id)
        return Run.from_model(required(found, "run", self.model.run_id))

    @computed("The edges that begin or end at it, ordered by id.")
    async def edges(
        self,
        info: Info,
        kinds: Annotated[
            list[EdgeKind] | None, strawberry.argument(description="Only these kinds.")
        ] = None,
        *,
        include_rejected: Annotated[
            bool, strawberry.argument(description="Also those that a person has rejected.")
        ] = False,
    ) -> list[Annotated[Edge, strawberry.lazy("iconograph.gql.types.edge")]]:
        from iconograph.gql.types.edge import Edge

        return [
            Edge.from_model(edge)
            for edge in await info.context.loaders.edges_of(self.model.id)
            if (kinds is None or edge.kind in kinds)
            and (include_rejected or edge.status is not EdgeStatus.REJECTED)
        ]

    @classmethod
    def from_model(cls, region: regions.Region) -> Self:
        return cls(
            model=region,
            id=ID(region.id),
            level=region.level,
            kind=region.kind,
            label=region.label,
            labels=[Label.from_model(label) for label in region.labels],
            caption=region.caption,
            box_px=list(region.box.corners_px),
            area_fraction=region.area_fraction,
            source_id=region.source_id,
            attributes=NamedText.from_pairs(region.attributes),
        )


async def region_by_id(info: Info, id_: RegionId) -> Region:
    """The region, which must be there."""
    return Region.from_model(required(await info.context.loaders.region(id_), "region", id_))


async def region_page(
    info: Info, image_id: ImageId | None, *, first: int, after: str | None
) -> Connection[Region]:
    """A page of the regions of an image, or of all."""
    context = info.context
    limit = context.knowledge.limits.require_page_size(first)
    start = None if after is None else RegionId(id_of(after))
    found = await context.knowledge.reads.ask(
        lambda store: store.regions(image_id=image_id, after=start, limit=limit + 1)
    )
    context.budget.spend(len(found))
    nodes = [Region.from_model(region) for region in found]
    return Connection.of(nodes, [region.id for region in found], first=limit, after=after)
