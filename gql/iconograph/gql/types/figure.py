"""Body and gaze of a depicted figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import Private, field

from iconograph.gql.context import Info
from iconograph.gql.types.values import computed, xy_px
from iconograph.graph.model import pose as figures

if TYPE_CHECKING:
    from iconograph.gql.types.region import Region


@strawberry.type(description="A joint or a point of the face.")
class KeyPoint:
    name: str = field(description="Its COCO name; left and right are the figure's own.")
    point_px: list[float] = field(description="[x, y] in pixels.")
    confidence: float = field(description="0 to 1; points with 0 were not found and are left out.")


@strawberry.type(description="What is known of a figure's body.")
class Pose:
    key_points: list[KeyPoint] = field(description="Those of the 17 COCO key points found.")
    head_box_px: list[float] | None = field(description="Box of the head: [x0, y0, x1, y1].")
    hands_px: list[list[float]] = field(description="Places of the hands, each [x, y].")
    method: str = field(description="How it was found.")

    @classmethod
    def from_model(cls, pose: figures.Pose) -> Self:
        named = zip(figures.COCO_KEY_POINTS, pose.key_points, strict=False)
        return cls(
            key_points=[
                KeyPoint(name=name, point_px=[point.x_px, point.y_px], confidence=point.confidence)
                for name, point in named
                if point.confidence > 0
            ],
            head_box_px=list(pose.head.corners_px) if pose.head else None,
            hands_px=[xy_px(hand) for hand in pose.hands],
            method=pose.method,
        )


@strawberry.type(description="Where a figure looks.")
class Gaze:
    model: Private[figures.Gaze]
    state: figures.GazeState = field(description="Whether and where it goes.")
    origin_px: list[float] = field(description="Where it starts, between the eyes: [x, y].")
    direction: list[float] | None = field(description="Unit vector [x, y], y down.")
    target_px: list[float] | None = field(description="The point looked at: [x, y].")
    cone_deg: float = field(description="Full opening angle within which it may go.")
    method: str = field(description="How it was found.")
    confidence: float = field(description="Probability that it is right, 0 to 1.")

    @computed("The region looked at, where known.")
    async def target_region(
        self, info: Info
    ) -> Annotated[Region, strawberry.lazy("iconograph.gql.types.region")] | None:
        from iconograph.gql.types.region import Region

        id_ = self.model.target_region
        found = await info.context.loaders.region(id_) if id_ else None
        return Region.from_model(found) if found else None

    @classmethod
    def from_model(cls, gaze: figures.Gaze) -> Self:
        return cls(
            model=gaze,
            state=gaze.state,
            origin_px=xy_px(gaze.origin),
            direction=list(gaze.direction) if gaze.direction else None,
            target_px=xy_px(gaze.target) if gaze.target else None,
            cone_deg=gaze.cone_deg,
            method=gaze.method,
            confidence=gaze.confidence,
        )
