"""Body and hand points by BlazePose's landmark network, without its detector: boxes are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.geometry import Point
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.crops import cut, grown_px, overlaps_picture, square_around
from iconograph.ingest.models.pose.numbers import PoseNumbers, load_pose_numbers
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.tflite import open_interpreter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.runtime.port import Session

NAME = "blazepose@1"
RECORD = "blazepose-landmark"
SIZE_PX = 256
LANDMARKS, NUMBERS_EACH = 39, 5
"""33 points of the body and 6 helpers, each x, y, z, visibility, presence."""

BODY_LANDMARKS = 33
HEAT_SIDE, HEAT_REACH, HEAT_GATE = 64, 3, 0.5
"""Cells of a heat map's side, cells about a landmark that may move it, and the least peak that does."""

COCO = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
"""Which landmarks are COCO's key points, in COCO's order."""

HANDS = ((15, 17, 19), (16, 18, 20))
"""Wrist, knuckle of the little finger, knuckle of the index finger; the figure's left hand first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """Places in the picture, 33 x 2, their visibilities, 33, and whether a person is there; 0..1."""

    places_px: NDArray[np.float64]
    visibilities: NDArray[np.float64]
    presence: float

    @property
    def hands_px(self) -> NDArray[np.float64]:
        """Middles of the left and the right hand, 2 x 2."""
        return np.asarray(self.places_px[np.array(HANDS)].mean(axis=1), dtype=np.float64)


class BlazePose:
    """A `PoseEstimator`; open one with `BlazePose.open`."""

    def __init__(
        self,
        session: Session,
        models: tuple[ModelRef, ...] = (),
        numbers: PoseNumbers | None = None,
    ) -> None:
        self._session = session
        self._input = next(iter(session.inputs))
        self._numbers = numbers or load_pose_numbers()
        self.name = NAME
        self.models = models
        self.parameters = self._numbers.parameters

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """The estimator of the pulled model; raises `MissingModelError` or `MissingExtraError`."""
        record = record_named(RECORD)
        (path,) = located(record, cache_dir).values()
        return cls(open_interpreter(path), (model_ref(record),))

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose with hands for each box; None where no person was recognised."""
        return tuple(self._pose(self.landmarks(pixels, box)) for box in boxes_px)

    def landmarks(
        self, pixels: NDArray[np.uint8], box_px: NDArray[np.floating]
    ) -> Landmarks | None:
        """The person in a box; None where presence is below the gate, or the box is outside."""
        if not overlaps_picture(pixels, box_px):
            return None
        window = square_around(box_px, SIZE_PX, pad=self._numbers.blazepose_pad)
        seen = cut(pixels, window, within_px=grown_px(box_px, self._numbers.grow_fraction))
        found = self._session.run({self._input: seen[np.newaxis].astype(np.float32) / 255})
        by_size = {values.size: values for values in found.values()}
        if not {LANDMARKS * NUMBERS_EACH, 1} <= by_size.keys():
            sizes = sorted(by_size)
            message = f"BlazePose answers 195 numbers and 1 of presence, got outputs of {sizes}"
            raise ModelOutputError(message)
        presence = float(by_size[1].reshape(()))
        if presence < self._numbers.presence_gate:
            return None
        rows = by_size[LANDMARKS * NUMBERS_EACH].reshape(LANDMARKS, NUMBERS_EACH)[:BODY_LANDMARKS]
        heat = by_size.get(HEAT_SIDE * HEAT_SIDE * LANDMARKS)
        places = rows[:, :2].astype(np.float64)
        if heat is not None:
            places = moved_by_heat(places, sigmoid(heat.reshape(HEAT_SIDE, HEAT_SIDE, LANDMARKS)))
        return Landmarks(
            places_px=window.in_picture_px(places),
            visibilities=sigmoid(rows[:, 3]),
            presence=presence,
        )

    def _pose(self, found: Landmarks | None) -> Pose | None:
        if found is None:
            return None
        coco = list(COCO)
        confidences = self._numbers.blazepose.of(found.visibilities[coco])
        hands = [
            Point(x_px=float(x), y_px=float(y))
            for (x, y), wrist in zip(found.hands_px, confidences[9:11], strict=True)
            if wrist > 0
        ]
        return pose_of(found.places_px[coco], confidences, hands=tuple(hands), method=self.name)


def moved_by_heat(places: NDArray[np.float64], heat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places in the input, n x 2, each moved to the centre of the heat about it, where there is some.

    `heat` is side x side x m with m >= n, in 0..1.
    """
    cell = SIZE_PX / heat.shape[0]
    moved = places.copy()
    for row, (x, y) in enumerate(places // cell):
        if not (0 <= x < heat.shape[1] and 0 <= y < heat.shape[0]):
            continue
        left, top = max(0, int(x) - HEAT_REACH), max(0, int(y) - HEAT_REACH)
        near = heat[top : int(y) + HEAT_REACH + 1, left : int(x) + HEAT_REACH + 1, row]
        if near.max() < HEAT_GATE:
            continue
        across, down = near.sum(axis=0), near.sum(axis=1)
        centre = (
            left + np.arange(across.size) @ across / across.sum(),
            top + np.arange(down.size) @ down / down.sum(),
        )
        moved[row] = (np.array(centre) + 0.5) * cell
    return moved


def sigmoid(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """The logistic function, without overflow."""
    clipped = np.clip(np.asarray(values, dtype=np.float64), -60.0, 60.0)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), dtype=np.float64)
