"""Faces by the full range BlazeFace network: in the whole picture and in the upper parts of figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.detect.boxes import iou_matrix
from iconograph.ingest.models.pose.crops import Window, cut, overlaps_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session

SIZE_PX = 192
CELLS = 48
"""Anchors stand in the middles of so many cells along each side."""

NUMBERS_EACH = 16
"""Centre and size of the face, then the right and left eye, nose, mouth, right and left ear."""

POINTS = 6
MIRRORED = (1, 0, 2, 3, 5, 4)
"""For each point the one that takes its place in a mirror."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundFaces:
    """n faces: boxes (x0, y0, x1, y1), n x 4, six points each, n x 6 x 2, and scores, n, in 0..1.

    The points are the figure's right and left eye, nose, mouth, right and left ear.
    """

    boxes_px: NDArray[np.float64]
    points_px: NDArray[np.float64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


NO_FACES = FoundFaces(
    boxes_px=np.empty((0, 4)), points_px=np.empty((0, POINTS, 2)), scores=np.empty(0)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionNumbers:
    """Least score of a face, overlap from which two are one, and how much of a figure is looked at.

    `upper_fraction` is that part of a figure's height which is taken at least; as much as its width
    is always taken. `margin_fraction` of the square's side is added all around.
    """

    smallest_score: float
    same_iou: float
    upper_fraction: float
    margin_fraction: float


class FaceDetector:
    """Pixels to faces, by the network of an opened file."""

    def __init__(self, session: Session, numbers: DetectionNumbers) -> None:
        self._session = session
        self._input = next(iter(session.inputs))
        self._numbers = numbers

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.floating] | None = None, /
    ) -> FoundFaces:
        """All faces, the surest first; raises `ModelOutputError` on nonsense."""
        height, width = pixels.shape[:2]
        whole = Window.around(
            ((width - 1) / 2, (height - 1) / 2), (max(width, height),) * 2, (SIZE_PX, SIZE_PX)
        )
        boxes = () if boxes_px is None else boxes_px
        windows = [whole] + [
            upper_window(np.asarray(box, dtype=np.float64), self._numbers)
            for box in boxes
            if overlaps_picture(pixels, box)
        ]
        # Mirrored as well: the network sees some faces one way round only.
        both = [view for window in windows for view in (window, window.mirrored())]
        return merged([self._found(pixels, view) for view in both], self._numbers.same_iou)

    def _found(self, pixels: NDArray[np.uint8], window: Window) -> FoundFaces:
        # The network was trained on -1..1.
        seen = cut(pixels, window)[np.newaxis].astype(np.float32) / 127.5 - 1.0
        found = {values.size: values for values in self._session.run({self._input: seen}).values()}
        anchors = CELLS * CELLS
        if not {anchors * NUMBERS_EACH, anchors} <= found.keys():
            message = f"a face detector answers {anchors} x 16 and x 1, got {sorted(found)} numbers"
            raise ModelOutputError(message)
        return decoded(
            found[anchors * NUMBERS_EACH].reshape(anchors, NUMBERS_EACH),
            found[anchors].reshape(anchors),
            window,
            self._numbers.smallest_score,
        )


def upper_window(box_px: NDArray[np.float64], numbers: DetectionNumbers) -> Window:
    """The square over the upper part of a figure."""
    wide, high = box_px[2:] - box_px[:2]
    part = min(high, max(wide, numbers.upper_fraction * high))
    side = max(wide, part) * (1 + 2 * numbers.margin_fraction)
    centre = ((box_px[0] + box_px[2]) / 2, box_px[1] + part / 2)
    return Window.around((float(centre[0]), float(centre[1])), (side, side), (SIZE_PX, SIZE_PX))


def decoded(
    numbers: NDArray[np.floating],
    logits: NDArray[np.floating],
    window: Window,
    smallest_score: float,
) -> FoundFaces:
    """Faces of a window from what each anchor says, m x 16, and how loudly, m.

    Places are in pixels of the input, relative to the anchor; sizes are in pixels.
    """
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits.astype(np.float64), -80.0, 80.0)))
    rows = np.flatnonzero(scores >= smallest_score)
    steps = (np.arange(CELLS) + 0.5) * SIZE_PX / CELLS
    anchors = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)[rows]
    pairs = numbers[rows].astype(np.float64).reshape(-1, 2 + POINTS, 2)
    centres, halves = anchors + pairs[:, 0], np.abs(pairs[:, 1]) / 2
    corners = window.in_picture_px(np.stack([centres - halves, centres + halves], axis=1))
    points = window.in_picture_px(anchors[:, np.newaxis] + pairs[:, 2:])
    return FoundFaces(
        boxes_px=np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1),
        points_px=points[:, list(MIRRORED)] if window.flipped else points,
        scores=scores[rows],
    )


def merged(parts: list[FoundFaces], same_iou: float) -> FoundFaces:
    """One face where several overlap: their mean weighted by score, with the highest score.

    The weighted non-maximum suppression of Bazarevsky et al., BlazeFace (arXiv:1907.05047).
    """
    boxes = np.concatenate([part.boxes_px for part in parts])
    points = np.concatenate([part.points_px for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    rest = np.argsort(-scores, kind="stable")
    kept: list[tuple[NDArray[np.float64], NDArray[np.float64], float]] = []
    while rest.size:
        same = iou_matrix(boxes[rest[:1]], boxes[rest])[0] > same_iou
        same[0] = True
        rows = rest[same]
        weights = scores[rows] / scores[rows].sum()
        kept.append(
            (weights @ boxes[rows], np.tensordot(weights, points[rows], 1), float(scores[rest[0]]))
        )
        rest = rest[~same]
    if not kept:
        return NO_FACES
    return FoundFaces(
        boxes_px=np.stack([box for box, _, _ in kept]),
        points_px=np.stack([point for _, point, _ in kept]),
        scores=np.array([score for _, _, score in kept]),
    )
