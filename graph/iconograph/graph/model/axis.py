"""Lines that organise a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_fraction
from iconograph.graph.model.edge import Evidence
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import AxisId, ImageId, RunId


class AxisKind(StrEnum):
    """DIVIDE parts the picture in two; MAIN is a line along which things are ordered."""

    DIVIDE = "divide"
    MAIN = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A straight line through `centre` at `angle_deg` in (-90, 90], `length_px` long."""

    id: AxisId
    image_id: ImageId
    kind: AxisKind
    centre: Point
    angle_deg: float
    length_px: float
    strength: float
    method: str
    run_id: RunId
    evidence: Evidence = Evidence()

    def __post_init__(self) -> None:
        require_fraction("Axis", strength=self.strength)
        if not -90 < self.angle_deg <= 90:  # noqa: PLR2004
            message = f"an axis needs an angle in (-90, 90], got {self.angle_deg}"
            raise InvalidValueError(message)
        if not self.length_px > 0:
            message = f"an axis needs a length above 0 px, got {self.length_px}"
            raise InvalidValueError(message)
