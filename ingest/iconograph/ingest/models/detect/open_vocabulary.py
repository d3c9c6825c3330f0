"""What detectors of an open vocabulary share: many scored boxes become a few detections."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.ingest.models.detect.boxes import kept_by_nms
from iconograph.ingest.models.detect.port import Detections

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.vocabulary import Term

MOST_DETECTIONS = 300
"""Of one picture; a ceiling full of figures has fewer that are worth a mask."""

LARGEST_IOU = 0.7
"""Boxes of one kind that share more are taken for one thing, and the surest stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Confidences (0..1) by score, straight between the points.

    `least_score` is the score below which boxes are left out, `basis` where the points are from.
    """

    least_score: float
    scores: tuple[float, ...]
    confidences: tuple[float, ...]
    basis: str

    def __post_init__(self) -> None:
        rising = all(np.diff(self.scores) > 0) and all(np.diff(self.confidences) >= 0)
        inside = all(0 <= value <= 1 for value in (*self.scores, *self.confidences))
        if len(self.scores) != len(self.confidences) or not rising or not inside:
            message = (
                f"a curve needs rising scores and confidences of 0..1, as many of one as of the "
                f"other, got {self.scores} and {self.confidences}"
            )
            raise InvalidValueError(message)

    @classmethod
    def named(cls, detector: str) -> Curve:
        """The curve of a detector in `curves.toml`."""
        text = (resources.files(__package__) / "curves.toml").read_text(encoding="utf-8")
        fields = tomllib.loads(text)[detector]
        return cls(
            least_score=fields["least_score"],
            scores=tuple(fields["scores"]),
            confidences=tuple(fields["confidences"]),
            basis=fields["basis"],
        )

    def confidence(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The confidence for each score."""
        return np.interp(scores, self.scores, self.confidences).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredBoxes:
    """What a detector answers: n boxes with the score of each term of the vocabulary.

    `boxes_px` is float32, n x 4 (x0, y0, x1, y1 in the picture's pixels), `scores` float32,
    n x terms, 0..1.
    """

    boxes_px: NDArray[np.float32]
    scores: NDArray[np.float32]

    def detections(
        self, vocabulary: tuple[Term, ...], curve: Curve, width_px: int, height_px: int
    ) -> Detections:
        """The best term of each box, boxes cut to the picture, duplicates of a kind left out.

        Raises `ModelOutputError` for shapes that do not fit or numbers that are not finite.
        """
        self._require_sound(len(vocabulary))
        best = self.scores.argmax(axis=1)
        scores = self.scores[np.arange(len(best)), best]
        limits = np.array([width_px, height_px, width_px, height_px], np.float32)
        boxes = np.clip(self.boxes_px, 0.0, limits)
        seen = (boxes[:, 2] - boxes[:, 0] >= 1) & (boxes[:, 3] - boxes[:, 1] >= 1)
        kinds = np.array([list(type(vocabulary[0].kind)).index(t.kind) for t in vocabulary])
        wanted = np.flatnonzero(seen & (scores >= curve.least_score))
        surest = kept_by_nms(
            boxes[wanted],
            scores[wanted],
            largest_iou=LARGEST_IOU,
            classes=kinds[best[wanted]],
        )
        kept = wanted[surest[:MOST_DETECTIONS]]
        terms = [vocabulary[best[index]] for index in kept]
        return Detections(
            boxes_px=boxes[kept],
            confidences=curve.confidence(scores[kept]),
            labels=tuple(term.label for term in terms),
            kinds=tuple(term.kind for term in terms),
        )

    def _require_sound(self, terms: int) -> None:
        expected = ((len(self.boxes_px), 4), (len(self.boxes_px), terms))
        if (self.boxes_px.shape, self.scores.shape) != expected:
            message = (
                f"a detector answered boxes of {self.boxes_px.shape} and scores of "
                f"{self.scores.shape}; expected {expected[0]} and {expected[1]}"
            )
            raise ModelOutputError(message)
        if not (np.isfinite(self.boxes_px).all() and np.isfinite(self.scores).all()):
            message = "a detector answered numbers that are not finite; verify its weights"
            raise ModelOutputError(message)


def corners(boxes: NDArray[np.float32], width_px: float, height_px: float) -> NDArray[np.float32]:
    """Boxes given as centre and size in fractions (n x 4), as corners in pixels."""
    centre, half = boxes[:, :2], boxes[:, 2:] / 2
    sides = np.array([width_px, height_px], np.float32)
    return np.concatenate([(centre - half) * sides, (centre + half) * sides], axis=1)


def vocabulary_hash(vocabulary: tuple[Term, ...]) -> str:
    """A hash that changes with any label, kind or prompt: 16 hexadecimal digits."""
    text = "\n".join(f"{term.kind}\t{term.label}\t{term.prompt}" for term in vocabulary)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def asked_parameters(vocabulary: tuple[Term, ...], curve: Curve) -> tuple[tuple[str, str], ...]:
    """What decides a detector's answers beside its weights: the vocabulary's hash and the curve."""
    return (
        ("vocabulary", vocabulary_hash(vocabulary)),
        ("curve", f"{curve.scores} {curve.confidences}"),
        ("least_score", str(curve.least_score)),
    )
