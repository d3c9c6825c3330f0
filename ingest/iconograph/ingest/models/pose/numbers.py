"""The measured numbers of the pose estimators, from `pose.toml`."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_POINTS = 5
"""The first key points of COCO are those of the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How often a key point is right, by the network's score: a logistic curve above a gate."""

    gate: float
    bias: float
    slope: float

    def of(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Confidences in 0..1; 0 below the gate."""
        found = np.asarray(scores, dtype=np.float64)
        right = 1.0 / (1.0 + np.exp(-(self.bias + self.slope * found)))
        return np.where(found < self.gate, 0.0, right)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyTrust:
    """The curves of head and body: joints go by what was measured of wrists, the hardest ones."""

    head: Trust
    joint: Trust

    def of(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Confidences of the 17 key points of COCO, from their scores."""
        head, joints = scores[:HEAD_POINTS], scores[HEAD_POINTS:]
        return np.concatenate([self.head.of(head), self.joint.of(joints)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmTrust:
    """How often the end of an arm is right: a logistic curve over what the networks say of it."""

    bias: float
    score: float
    agreed: float
    presence: float

    def of(self, score: float, *, agreed: bool, presence: float) -> float:
        """Confidence by MoveNet's score, agreement of both wrists, and presence of a hand."""
        logit = self.bias + self.score * score + self.agreed * agreed + self.presence * presence
        return 1.0 / (1.0 + math.exp(-logit))


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseNumbers:
    """What MoveNet, BlazePose and their agreement go by; `pose.toml` says what each number is."""

    pads: tuple[float, ...]
    grow_fraction: float
    agreed_fraction: float
    body_gate: float
    blazepose_pad: float
    presence_gate: float
    hand_reach_fraction: float
    hand_sides: tuple[float, ...]
    hand_seen: float
    hand_gate: float
    joint_gate: float
    movenet: BodyTrust
    blazepose: BodyTrust
    agreed: BodyTrust
    alone: BodyTrust
    wrist: ArmTrust
    hand: ArmTrust

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """All numbers as text, for the run."""
        return tuple((name, str(value)) for name, value in asdict(self).items())


def load_pose_numbers() -> PoseNumbers:
    """The shipped numbers."""
    text = resources.files("iconograph.ingest.models.pose").joinpath("pose.toml").read_text("utf-8")
    record: dict[str, Any] = tomllib.loads(text)
    arms = {name: ArmTrust(**record.pop(name)) for name in ("wrist", "hand")}
    bodies = {
        name: BodyTrust(**{part: Trust(**curve) for part, curve in value.items()})
        for name, value in record.items()
        if isinstance(value, dict)
    }
    lists = {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
    return PoseNumbers(**record | bodies | arms | lists)
