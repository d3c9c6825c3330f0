"""The measured numbers of the face finder, from `face.toml`."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from iconograph.ingest.models.face.detection import DetectionNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceNumbers:
    """What the face finder goes by; `face.toml` says what each number is."""

    detection: DetectionNumbers
    pads: tuple[float, ...]
    turns_deg: tuple[float, ...]
    sure_presence: float
    presence_gate: float
    open_ratio: float
    confidence_bias: float
    confidence_slope: float

    def confidence(self, presence: float) -> float:
        """How often a face of this presence lies on a head."""
        return 1.0 / (1.0 + math.exp(-(self.confidence_bias + self.confidence_slope * presence)))

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All numbers as text, for the run."""
        return tuple((name, str(value)) for name, value in asdict(self).items())


def load_face_numbers() -> FaceNumbers:
    """The shipped numbers."""
    text = resources.files("iconograph.ingest.models.face").joinpath("face.toml").read_text("utf-8")
    record: dict[str, Any] = tomllib.loads(text)
    return FaceNumbers(
        **record
        | {
            "detection": DetectionNumbers(**record["detection"]),
            "pads": tuple(record["pads"]),
            "turns_deg": tuple(record["turns_deg"]),
        }
    )
