"""Whether there is a hand where an arm ends, by the network for one hand of MediaPipe.

Given a place it says how surely it sees a hand there and where. Where it does, the arm's wrist is
right far more often; where it does not, little follows: of painted hands it knows about one in three.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.pose.crops import Window, cut
from iconograph.ingest.models.pose.whole_body import HAND, INDEX_BASE, INDEX_TIP, PALM
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.tflite import open_interpreter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.pose.movenet import Body
    from iconograph.ingest.models.runtime.port import Session

RECORD = "hand-landmark"
SIZE_PX = 224
PARTS_HEADS = (
    (5, 7, 1.35),
    (6, 8, 1.35),
    (7, 9, 1.15),
    (8, 10, 1.15),
    (5, 6, 1.5),
    (5, 11, 2.2),
    (6, 12, 2.2),
    (11, 13, 1.9),
    (12, 14, 1.9),
    (13, 15, 1.8),
    (14, 16, 1.8),
)
"""Pairs of key points and how many heights of a head they are apart on a grown body, about."""

LONGEST_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenHand:
    """Middle of the palm in the picture, (x, y), and how surely a hand is there, 0..1.

    `finger_px` are base and tip of the index finger, 2 x 2.
    """

    place_px: NDArray[np.float64]
    finger_px: NDArray[np.float64]
    presence: float


class HandLooker:
    """Looks at one place of a picture; open one with `HandLooker.open`."""

    def __init__(
        self, session: Session, models: tuple[ModelRef, ...] = (), *, sides: tuple[float, ...]
    ) -> None:
        self._session = session
        self._input = next(iter(session.inputs))
        self._sides = sides
        self.models = models

    @classmethod
    def open(cls, cache_dir: Path, *, sides: tuple[float, ...]) -> Self:
        """The looker of the pulled model; raises `MissingModelError` or `MissingExtraError`."""
        record = record_named(RECORD)
        (path,) = located(record, cache_dir).values()
        return cls(open_interpreter(path), (model_ref(record),), sides=sides)

    def __call__(
        self,
        pixels: NDArray[np.uint8],
        place_px: NDArray[np.float64],
        forearm_px: NDArray[np.float64],
        unit_px: float,
    ) -> SeenHand:
        """The surest hand in windows of several sides, in units, with the forearm pointing up."""
        angle_deg = math.degrees(math.atan2(forearm_px[1], forearm_px[0])) + 90.0
        centre = (float(place_px[0]), float(place_px[1]))
        looks = []
        for side in self._sides:
            extent = (side * unit_px, side * unit_px)
            window = Window.around(centre, extent, (SIZE_PX, SIZE_PX), angle_deg=angle_deg)
            looks.append(self._look(pixels, window))
        return max(looks, key=lambda look: look.presence)

    def _look(self, pixels: NDArray[np.uint8], window: Window) -> SeenHand:
        seen = cut(pixels, window)[np.newaxis].astype(np.float32) / 255
        answers = [values.reshape(-1) for values in self._session.run({self._input: seen}).values()]
        sizes = [values.size for values in answers]
        if sizes[:2] != [HAND * 3, 1]:
            message = f"the hand network answers 63 numbers, then 1 of presence, got {sizes}"
            raise ModelOutputError(message)
        # Its landmarks are in the order of COCO-WholeBody's hands.
        places = answers[0].reshape(HAND, 3)[:, :2].astype(np.float64)
        return SeenHand(
            place_px=window.in_picture_px(places[list(PALM)].mean(axis=0)),
            finger_px=window.in_picture_px(places[[INDEX_BASE, INDEX_TIP]]),
            presence=min(1.0, max(0.0, float(answers[1][0]))),
        )


def body_unit_px(body: Body, smallest_score: float) -> float | None:
    """About three quarters of a head's height, from the parts that are drawn least foreshortened.

    The median of the three longest, each measured in heads; None where no part was found.
    """
    lengths = sorted(
        float(np.linalg.norm(body.places_px[first] - body.places_px[last])) / heads
        for first, last, heads in PARTS_HEADS
        if min(body.scores[first], body.scores[last]) >= smallest_score
    )
    return float(np.median(lengths[-LONGEST_PARTS:])) if lengths else None
