"""How well a detector finds the persons that people have boxed.

Counted by the rule of the PASCAL VOC challenge (Everingham and others 2010): each detection, the
surest first, goes to the box that it shares most with. At an IoU of 0.5 or more it is right, unless
a surer one has taken that box already; where the box is difficult it is not counted at all. Average
precision is the area under the precision that is reached at each recall or beyond it, at all recalls.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.evaluation import measures
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.boxes import iou_matrix
from iconograph.ingest.pictures import read_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.evaluation.boxed import BoxedPicture, BoxedSet
    from iconograph.ingest.models.detect.port import Detections, Detector

SMALLEST_IOU = 0.5
GOAL_RECALL = 0.48
SURE = 0.5
CONFIDENCES = (0.15, 0.25, SURE, 0.75)
"""Confidences at which precision and recall are told; the table shows those at `SURE`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Detections that count, in no order, and how many boxes there were to find.

    `confidences` (float64, n) and `right` (bool, n) are of all pictures together.
    """

    confidences: NDArray[np.float64]
    right: NDArray[np.bool_]
    boxes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What is found by all detections of at least `confidence`."""

    confidence: float
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScore:
    """Figures over some pictures; `average_precision` is None where there is no box.

    `at_goal` is the point of the fewest detections that reach the wanted recall, None where all
    together do not. `calibration_error` is the mean gap between confidence and share of right ones
    over ten bins of confidence, weighted by detections (Naeini and others 2015).
    """

    name: str
    pictures: int
    boxes: int
    difficult: int
    average_precision: float | None
    largest_recall: float | None
    at_goal: Point | None
    points: tuple[Point, ...]
    calibration_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionEvaluation:
    """A detector's figures over all pictures and by style, and what was left out."""

    detector: str
    goal_recall: float
    total: PersonScore
    styles: tuple[PersonScore, ...]
    unboxed: tuple[str, ...]
    absent: tuple[str, ...]

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def judge(
    boxes: NDArray[np.float64],
    confidences: NDArray[np.float64],
    truth: NDArray[np.float64],
    difficult: NDArray[np.bool_],
) -> Judged:
    """Which detections of one picture are right; those on difficult boxes are left out."""
    order = np.argsort(-confidences, kind="stable")
    shared = iou_matrix(boxes, truth)
    taken: set[int] = set()
    kept, right = [], []
    for k in order:
        best = int(shared[k].argmax()) if len(truth) else -1
        hit = best >= 0 and shared[k, best] >= SMALLEST_IOU
        if hit and difficult[best]:
            continue
        kept.append(confidences[k])
        right.append(hit and best not in taken)
        taken |= {best} if hit else set()
    return Judged(
        confidences=np.array(kept, np.float64),
        right=np.array(right, np.bool_),
        boxes=int(np.count_nonzero(~difficult)),
    )


def together(judged: Iterable[Judged]) -> Judged:
    """The detections of several pictures as one."""
    listed = tuple(judged)
    return Judged(
        confidences=np.concatenate([np.empty(0), *(j.confidences for j in listed)]),
        right=np.concatenate([np.empty(0, np.bool_), *(j.right for j in listed)]),
        boxes=sum(j.boxes for j in listed),
    )


def average_precision(judged: Judged) -> float | None:
    """Area under the precision that is reached at each recall or beyond; None without boxes."""
    if not judged.boxes:
        return None
    _, precision, recall = _curve(judged)
    reached = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * reached))


def point_at_confidence(judged: Judged, confidence: float) -> Point:
    """Precision and recall of the detections of at least a confidence."""
    said = judged.confidences >= confidence
    right = int(np.count_nonzero(judged.right & said))
    count = int(np.count_nonzero(said))
    return Point(
        confidence=confidence,
        precision=right / count if count else None,
        recall=right / judged.boxes if judged.boxes else None,
    )


def point_at_recall(judged: Judged, goal: float) -> Point | None:
    """The point of the fewest detections, the surest ones, that reach a recall."""
    confidences, _, recall = _curve(judged)
    reaching = np.flatnonzero(recall >= goal)
    if not reaching.size:
        return None
    return point_at_confidence(judged, float(confidences[reaching[0]]))


def calibration_error(judged: Judged) -> float | None:
    """Mean gap between confidence and share of right detections; None without detections."""
    if not len(judged.confidences):
        return None
    return measures.calibration_error(judged.confidences, judged.right)


def evaluate_detection(
    boxed: BoxedSet,
    folder: Path,
    detector: Detector,
    *,
    goal_recall: float = GOAL_RECALL,
    on_picture: Callable[[int, int], None] | None = None,
) -> DetectionEvaluation:
    """A detector's persons against the boxes, on the pictures of a folder.

    `on_picture` is told how many pictures are done, of how many. Raises `PictureError` for a broken
    file; files that are not there are named in `absent`.
    """
    there = [p for p in boxed.pictures if (folder / p.file).is_file()]
    judged: dict[str, Judged] = {}
    for done, picture in enumerate(there, start=1):
        judged[picture.file] = judge_picture(picture, folder, detector)
        if on_picture:
            on_picture(done, len(there))
    styles = sorted({picture.style for picture in there})
    return DetectionEvaluation(
        detector=detector.name,
        goal_recall=goal_recall,
        total=_score("all", there, judged, goal_recall),
        styles=tuple(
            _score(style, [p for p in there if p.style == style], judged, goal_recall)
            for style in styles
        ),
        unboxed=boxed.unboxed,
        absent=tuple(p.file for p in boxed.pictures if p.file not in judged),
    )


def judge_picture(picture: BoxedPicture, folder: Path, detector: Detector) -> Judged:
    """What the detector finds in one picture of a folder, judged."""
    pixels = read_picture(folder / picture.file).pixels
    height_px, width_px = pixels.shape[:2]
    boxes_px, confidences = _persons(detector(pixels))
    truth_px = picture.boxes_px(width_px, height_px)
    return judge(boxes_px, confidences, truth_px, picture.difficult)


def _curve(judged: Judged) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Each confidence, the greatest first, with precision and recall of all that reach it."""
    order = np.argsort(-judged.confidences, kind="stable")
    confidences = judged.confidences[order]
    # Detections of one confidence have no order among them: only all of them together are a point.
    last = np.flatnonzero(np.append(confidences[1:] != confidences[:-1], [True] * bool(order.size)))
    right = np.cumsum(judged.right[order])[last]
    return confidences[last], right / (last + 1), right / max(judged.boxes, 1)


def _persons(found: Detections) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    person = np.array([kind is RegionKind.PERSON for kind in found.kinds], np.bool_)
    return (
        np.asarray(found.boxes_px[person], np.float64),
        np.asarray(found.confidences[person], np.float64),
    )


def _score(
    name: str, pictures: Sequence[BoxedPicture], judged: Mapping[str, Judged], goal_recall: float
) -> PersonScore:
    all_of = together(judged[picture.file] for picture in pictures)
    return PersonScore(
        name=name,
        pictures=len(pictures),
        boxes=all_of.boxes,
        difficult=sum(int(np.count_nonzero(picture.difficult)) for picture in pictures),
        average_precision=average_precision(all_of),
        largest_recall=point_at_confidence(all_of, 0.0).recall,
        at_goal=point_at_recall(all_of, goal_recall),
        points=tuple(point_at_confidence(all_of, confidence) for confidence in CONFIDENCES),
        calibration_error=calibration_error(all_of),
    )
