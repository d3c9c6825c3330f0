"""Body key points by MoveNet, a network for one person in a square picture.

It jumps to a neighbour unless all outside the figure's box is grey. Three sizes of the window, each
also mirrored, vote: where they agree the score is high, elsewhere low.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.crops import (
    cut,
    grown_px,
    overlaps_picture,
    square_around,
)
from iconograph.ingest.models.pose.numbers import PoseNumbers, load_pose_numbers
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.pose.crops import Window
    from iconograph.ingest.models.runtime.port import Session

NAME = "movenet@1"
RECORD = "movenet-lightning"
SIZE_PX = 192
MIRRORED = tuple(
    COCO_KEY_POINTS.index(
        name.replace("left_", "?").replace("right_", "left_").replace("?", "right_")
    )
    for name in COCO_KEY_POINTS
)
"""For each key point the one that takes its place in a mirror."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """The 17 key points of COCO: places in the picture, 17 x 2, and scores, 17, in 0..1."""

    places_px: NDArray[np.float64]
    scores: NDArray[np.float64]

    @property
    def mean_score(self) -> float:
        """How sure it is that this is a body at all."""
        return float(self.scores.mean())


class MoveNet:
    """A `PoseEstimator`; open one with `MoveNet.open`."""

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
        """The estimator of the pulled model; raises `MissingModelError` without it."""
        record = record_named(RECORD)
        (path,) = located(record, cache_dir).values()
        return cls(open_session(path), (model_ref(record),))

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no body was recognised."""
        bodies = (self.body(pixels, box) for box in boxes_px)
        confidence = self._numbers.movenet
        return tuple(
            pose_of(body.places_px, confidence.of(body.scores), method=self.name) if body else None
            for body in bodies
        )

    def body(self, pixels: NDArray[np.uint8], box_px: NDArray[np.floating]) -> Body | None:
        """The body in a box; None where its mean score is below the gate, or the box is outside."""
        if not overlaps_picture(pixels, box_px):
            return None
        numbers = self._numbers
        within = grown_px(box_px, numbers.grow_fraction)
        windows = [square_around(box_px, SIZE_PX, pad=pad) for pad in numbers.pads]
        votes = [
            self._vote(cut(pixels, view, within_px=within), view)
            for window in windows
            for view in (window, window.mirrored())
        ]
        side_px = float(np.max(np.asarray(box_px)[2:] - np.asarray(box_px)[:2]))
        body = consensus(votes, numbers.agreed_fraction * side_px)
        return body if body.mean_score >= numbers.body_gate else None

    def _vote(self, seen: NDArray[np.uint8], window: Window) -> Body:
        (found,) = self._session.run({self._input: seen[np.newaxis].astype(np.int32)}).values()
        if found.size != 3 * len(COCO_KEY_POINTS):
            message = f"MoveNet answers 1 x 1 x 17 x 3 numbers, got {found.shape}"
            raise ModelOutputError(message)
        rows = found.reshape(-1, 3).astype(np.float64)
        if window.flipped:
            rows = rows[list(MIRRORED)]
        places = window.in_picture_px(rows[:, 1::-1] * SIZE_PX)
        return Body(places_px=places, scores=np.clip(rows[:, 2], 0.0, 1.0))


def consensus(votes: list[Body], tolerance_px: float) -> Body:
    """For each key point the mean of the votes near the best supported one, weighted by score.

    Its score is the sum of their scores by the number of all votes, so that disagreement lowers it.
    """
    places = np.stack([vote.places_px for vote in votes])
    scores = np.stack([vote.scores for vote in votes])
    apart = np.linalg.norm(places[:, np.newaxis] - places[np.newaxis], axis=3)
    near = apart < max(tolerance_px, np.finfo(np.float64).tiny)
    support = (near * scores[np.newaxis]).sum(axis=1)
    best = support.argmax(axis=0)
    columns = np.arange(places.shape[1])
    weights = near[best, :, columns] * (scores.T + np.finfo(np.float64).tiny)
    total = weights.sum(axis=1, keepdims=True)
    middle = (weights[..., np.newaxis] * places.transpose(1, 0, 2)).sum(axis=1) / total
    return Body(places_px=middle, scores=support[best, columns] / len(votes))
