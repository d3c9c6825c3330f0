"""What a drawn scene is: a picture, and the exact truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.graph.model.region import Level, RegionKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

XY = tuple[float, float]
Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnKeyPoint:
    """A COCO key point; `visibility` is 0 outside the picture, 1 hidden, 2 seen."""

    x_px: float
    y_px: float
    visibility: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGaze:
    """Where eyes were drawn to look: from `origin` along a unit vector, at a point and a part."""

    state: GazeState
    origin: XY
    direction: XY | None = None
    target: XY | None = None
    target_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPart:
    """A region of the scene with its visible mask (bool, height x width).

    The mask of a figure takes in what it wears and its own parts (wings, halo), each of which has a
    mask of its own too; what a figure holds is not part of it. Ids count from 1 within the scene.
    """

    id: int
    level: Level
    kind: RegionKind
    label: str
    caption: str
    mask: NDArray[np.bool_]
    parent_id: int | None = None
    key_points: tuple[DrawnKeyPoint, ...] = ()
    head: tuple[float, float, float, float] | None = None
    hands: tuple[XY, ...] = ()
    gaze: DrawnGaze | None = None
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRelation:
    """A statement that is true by how the scene was drawn."""

    subject_id: int
    object_id: int
    kind: EdgeKind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnScene:
    """A picture (uint8, height x width x RGB) with its parts and their relations."""

    seed: int
    recipe: str
    style: str
    title: str
    subject: str
    picture: NDArray[np.uint8]
    parts: tuple[DrawnPart, ...]
    relations: tuple[DrawnRelation, ...]
    year: int
    extra: Attributes = field(default=())

    @property
    def width_px(self) -> int:
        """Extent along x."""
        return int(self.picture.shape[1])

    @property
    def height_px(self) -> int:
        """Extent along y."""
        return int(self.picture.shape[0])

    def part(self, part_id: int) -> DrawnPart:
        """The part with an id; raises KeyError where there is none."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)
