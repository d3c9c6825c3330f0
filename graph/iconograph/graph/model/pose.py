"""Body, head, hands and gaze of a figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_finite, require_fraction
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.ids import RegionId

COCO_KEY_POINTS = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""Names and order of the 17 key points of COCO; left and right are the figure's own."""

FACE_KEY_POINTS = COCO_KEY_POINTS[:5]
"""Those of the face."""

UNIT_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoint:
    """One joint or face point; confidence 0 means that it was not found."""

    x_px: float
    y_px: float
    confidence: float

    def __post_init__(self) -> None:
        require_finite("KeyPoint", x_px=self.x_px, y_px=self.y_px)
        require_fraction("KeyPoint", confidence=self.confidence)


class Side(StrEnum):
    """The figure's own left or right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFinger:
    """The index finger of a hand, from the knuckle where it leaves the palm to its tip."""

    side: Side
    base: Point
    tip: Point
    confidence: float = 1.0

    def __post_init__(self) -> None:
        require_fraction("IndexFinger", confidence=self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """What is known of a body: none or all 17 COCO key points, the head's box, hands and fingers.

    `index_fingers` are at most one of each side.
    """

    key_points: tuple[KeyPoint, ...] = ()
    head: Box | None = None
    hands: tuple[Point, ...] = ()
    index_fingers: tuple[IndexFinger, ...] = ()
    method: str = ""

    def __post_init__(self) -> None:
        if len(self.key_points) not in (0, len(COCO_KEY_POINTS)):
            message = f"a pose needs 0 or 17 key points, got {len(self.key_points)}"
            raise InvalidValueError(message)
        sides = [finger.side.value for finger in self.index_fingers]
        if len(set(sides)) < len(sides):
            message = f"a pose has one index finger of each side at most, got {', '.join(sides)}"
            raise InvalidValueError(message)

    def key_point(self, name: str) -> KeyPoint | None:
        """The named COCO key point, or None where it was not found."""
        if not self.key_points:
            return None
        found = self.key_points[COCO_KEY_POINTS.index(name)]
        return found if found.confidence > 0 else None


class GazeState(StrEnum):
    """Where a gaze goes; all but UNKNOWN are findings, not missing data."""

    TARGET = "target"
    VIEWER = "viewer"
    OUTSIDE = "outside"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaze:
    """Where a figure looks: from `origin` along the unit vector `direction` (x, y), within a cone.

    `cone_deg` is the full opening angle. `target` is the point looked at and `target_region` the
    region that holds it, where known.
    """

    state: GazeState
    origin: Point
    direction: tuple[float, float] | None = None
    target: Point | None = None
    target_region: RegionId | None = None
    cone_deg: float = 50.0
    method: str = ""
    confidence: float = 1.0

    def __post_init__(self) -> None:
        require_fraction("Gaze", confidence=self.confidence)
        if not 0 < self.cone_deg <= 180:  # noqa: PLR2004
            message = f"a gaze needs a cone in (0, 180] degrees, got {self.cone_deg}"
            raise InvalidValueError(message)
        if self.direction and abs(math.hypot(*self.direction) - 1.0) > UNIT_TOLERANCE:
            message = f"a gaze direction is a unit vector, got {self.direction}"
            raise InvalidValueError(message)
