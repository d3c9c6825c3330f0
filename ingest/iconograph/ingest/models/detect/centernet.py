"""Persons, and a few things, by a small CenterNet that looks at a picture several times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.boxes import areas, kept_by_nms, shared_areas, voted
from iconograph.ingest.models.detect.centernet_settings import read_centernet_settings
from iconograph.ingest.models.detect.certainty import measures_of
from iconograph.ingest.models.detect.peaks import Peaks, peaks_of
from iconograph.ingest.models.detect.port import Detections

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.detect.centernet_settings import (
        CenterNetSettings,
        NamedClass,
        Pass,
    )
    from iconograph.ingest.models.runtime.port import Session

REACH, HEAT = "tower_0/wh", "tower_0/keypoints"
"""The outputs: how far boxes reach from each cell, and how sure each class is of a middle there."""


class CenterNetDetector:
    """A `Detector` of persons and the things of `centernet.toml`; open one with `open`.

    What several passes see in one place is voted into one box, whose score is their mean; logistic
    curves fitted on paintings turn it into the probability that the box is right. Nothing outside
    the list is ever named. Not for several threads at once.
    """

    def __init__(self, session: Session, model: ModelRef, settings: CenterNetSettings) -> None:
        self._session = session
        self._model = model
        self._settings = settings
        self._indices = np.array([named.index for named in settings.classes], np.intp)

    @classmethod
    def open(
        cls,
        cache_dir: Path,
        *,
        budget: str = "normal",
        smallest_person_confidence: float | None = None,
        threads: int | None = None,
    ) -> Self:
        """The detector of the pulled weights, with the passes of `fast`, `normal` or `deep`.

        Persons below `smallest_person_confidence` are left out, those of the settings when None.
        Raises `MissingModelError` without the weights, `InvalidValueError` for another budget.
        """
        from iconograph.ingest.models.registry import located, model_ref, record_named
        from iconograph.ingest.models.runtime.onnx import open_session

        settings = read_centernet_settings(budget)
        if smallest_person_confidence is not None:
            settings = with_smallest_person(settings, smallest_person_confidence)
        record = record_named("centernet")
        path = located(record, cache_dir)["centernet.onnx"]
        return cls(open_session(path, threads=threads), model_ref(record), settings)

    @property
    def name(self) -> str:
        """`centernet`."""
        return "centernet"

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The one network."""
        return (self._model,)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The budget, the least confidence of persons, and the hash of all other numbers."""
        persons = [c for c in self._settings.classes if c.kind is RegionKind.PERSON]
        return (
            ("budget", self._settings.budget.name),
            ("settings_sha256", self._settings.sha256),
            *((f"smallest confidence, {c.label}", f"{c.smallest_confidence:g}") for c in persons),
        )

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """Persons and listed things, the surest first; raises `ModelOutputError`."""
        height_px, width_px = pixels.shape[:2]
        passes = self._passes(max(height_px, width_px))
        seen = [self._peaks(pixels, one) for one in passes]
        found = [
            self._of_class(number, named, seen, width_px=width_px, height_px=height_px)
            for number, named in enumerate(self._settings.classes)
        ]
        return _without_mistaken(joined(found), self._settings)

    def _passes(self, long_side_px: int) -> list[Pass]:
        """The passes that do not enlarge the picture too much; the smallest ones for tiny pictures."""
        passes = self._settings.budget.passes
        largest_px = max(
            self._settings.largest_growth * long_side_px, min(p.long_side_px for p in passes)
        )
        return [one for one in passes if one.long_side_px <= largest_px]

    def _peaks(self, pixels: NDArray[np.uint8], one: Pass) -> Peaks:
        """What one pass sees, with boxes in the pixels of the picture and inside of it."""
        height_px, width_px = pixels.shape[:2]
        fed = self._resized(pixels, one.long_side_px)
        fed = fed[:, ::-1] if one.mirrored else fed
        (feed,) = self._session.inputs
        answers = self._session.run({feed: np.ascontiguousarray(fed, np.float32)[None]})
        reach, heat = self._maps(answers, fed.shape[0], fed.shape[1])
        peaks = peaks_of(
            heat[..., self._indices],
            reach,
            stride_px=self._settings.stride_px,
            smallest_score=self._settings.smallest_score,
            most=self._settings.most_peaks,
        )
        boxes = peaks.boxes / np.tile((fed.shape[1], fed.shape[0]), 2)
        if one.mirrored:
            boxes = np.stack([1 - boxes[:, 2], boxes[:, 1], 1 - boxes[:, 0], boxes[:, 3]], axis=1)
        boxes = np.clip(boxes, 0.0, 1.0) * np.tile((width_px, height_px), 2)
        solid = areas(boxes) > 0
        return replace(
            peaks, boxes=boxes[solid], scores=peaks.scores[solid], maps=peaks.maps[solid]
        )

    def _resized(self, pixels: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
        """The picture at a long side, near its own proportions, as the network's sides must be."""
        import cv2

        height_px, width_px = pixels.shape[:2]
        scale, step = long_side_px / max(height_px, width_px), self._settings.size_step_px
        height, width = (
            max(self._settings.smallest_side_px, round(side_px * scale / step) * step)
            for side_px in (height_px, width_px)
        )
        shrunk = height * width < height_px * width_px
        how = cv2.INTER_AREA if shrunk else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)

    def _maps(
        self, answers: dict[str, NDArray[np.float32]], height_px: int, width_px: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Reach and heat of one picture; raises `ModelOutputError` for other shapes than expected."""
        stride = self._settings.stride_px
        cells = (1, height_px // stride, width_px // stride)
        shapes = {name: answer.shape for name, answer in answers.items()}
        least = int(self._indices.max()) + 1
        heat_shape = shapes.get(HEAT, ())
        fits = shapes.get(REACH) == (*cells, 4) and heat_shape[:3] == cells
        if not fits or heat_shape[-1] < least:
            message = (
                f"{self._model.name} answered {shapes} for {width_px} x {height_px} px; expected "
                f"{REACH} {(*cells, 4)} and {HEAT} {cells} of at least {least} classes; "
                "pull the model again"
            )
            raise ModelOutputError(message)
        return answers[REACH][0], answers[HEAT][0]

    def _of_class(
        self, number: int, named: NamedClass, seen: list[Peaks], *, width_px: int, height_px: int
    ) -> Detections:
        """All of one class that the passes agree on and that is likely enough."""
        of = [peaks.maps == number for peaks in seen]
        boxes = np.concatenate([peaks.boxes[k] for peaks, k in zip(seen, of, strict=True)])
        scores = np.concatenate([peaks.scores[k] for peaks, k in zip(seen, of, strict=True)])
        passes = np.repeat(np.arange(len(seen)), [np.count_nonzero(k) for k in of])
        boxes, scores = voted(
            boxes,
            scores,
            passes,
            pass_count=len(seen),
            smallest_iou=self._settings.same_thing_iou,
        )
        kept = kept_by_nms(boxes, scores, largest_iou=self._settings.repeat_iou)
        boxes, scores = boxes[kept], scores[kept]
        person = named.kind is RegionKind.PERSON
        certainty = self._settings.budget.persons if person else self._settings.things
        measures = measures_of(boxes, scores, width_px=width_px, height_px=height_px)
        likely = certainty.probabilities(measures)
        sure = likely >= named.smallest_confidence
        return _detections(boxes[sure], likely[sure], named)


def with_smallest_person(settings: CenterNetSettings, confidence: float) -> CenterNetSettings:
    """The settings with another least confidence of persons."""
    return replace(
        settings,
        classes=tuple(
            replace(named, smallest_confidence=confidence)
            if named.kind is RegionKind.PERSON
            else named
            for named in settings.classes
        ),
    )


def joined(found: list[Detections]) -> Detections:
    """Several detections as one, the surest first; at least one must be given."""
    confidences = np.concatenate([one.confidences for one in found])
    order = np.argsort(-confidences, kind="stable")
    labels = [label for one in found for label in one.labels]
    kinds = [kind for one in found for kind in one.kinds]
    return Detections(
        boxes_px=np.concatenate([one.boxes_px for one in found])[order],
        confidences=confidences[order],
        labels=tuple(labels[k] for k in order),
        kinds=tuple(kinds[k] for k in order),
    )


def _detections(
    boxes: NDArray[np.float64], confidences: NDArray[np.float64], named: NamedClass
) -> Detections:
    return Detections(
        boxes_px=boxes.astype(np.float32),
        confidences=confidences.astype(np.float32),
        labels=(named.label,) * len(boxes),
        kinds=(named.kind,) * len(boxes),
    )


def _without_mistaken(found: Detections, settings: CenterNetSettings) -> Detections:
    """What is left without things that are a sure person, and with the likeliest name for each."""
    person = np.array([kind is RegionKind.PERSON for kind in found.kinds], np.bool_)
    sure = found.boxes_px[person & (found.confidences >= settings.sure_person_confidence)]
    covered = shared_areas(found.boxes_px, sure) / areas(sure)
    mistaken = ~person & (covered.max(axis=1, initial=0.0) > settings.person_share)
    kept = kept_by_nms(
        found.boxes_px,
        np.where(mistaken, -1.0, found.confidences),
        largest_iou=settings.repeat_iou,
    )
    kept = kept[~mistaken[kept]]
    return Detections(
        boxes_px=found.boxes_px[kept],
        confidences=found.confidences[kept],
        labels=tuple(found.labels[k] for k in kept),
        kinds=tuple(found.kinds[k] for k in kept),
    )
