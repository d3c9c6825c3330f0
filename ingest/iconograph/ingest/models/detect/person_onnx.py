"""Detectors as ONNX files in the two forms that OpenMMLab's deploy releases and YOLOX have.

A folder holds `model.onnx`, `detector.toml` and `classes.toml` (see `onnx_settings`). The network
takes one float32 input, 1 x 3 x height x width, and answers either

- `dets` (1 x n x 5: x0, y0, x1, y1 in pixels of the input, score) and `labels` (1 x n: class
  numbers, below 0 for padding), repeats already taken away; or
- one grid, 1 x cells x (5 + classes), with a row for each cell of the strides 8, 16 and 32: middle
  (in cells from the cell), logarithm of width and height (in cells), how sure it is of a thing,
  and of each class, all in 0..1.

So files trained on HumanArt drop in with a `detector.toml` of one line, `family = "yolox"` or
`family = "rtmdet"`, and a `classes.toml` that names the class person.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.boxes import areas, kept_by_nms
from iconograph.ingest.models.detect.certainty import log_odds
from iconograph.ingest.models.detect.letterbox import Fed, fed_pixels, input_size_px
from iconograph.ingest.models.detect.onnx_settings import read_detector_settings
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.models.folders import files_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.onnx_settings import DetectorSettings
    from iconograph.ingest.models.runtime.port import Session

MODEL, SETTINGS, CLASSES = "model.onnx", "detector.toml", "classes.toml"
STRIDES_PX = (8, 16, 32)
GRID_REPEAT_IOU = 0.65
BOX_NUMBERS = 5
"""Numbers of a row before the classes: the box and its score."""


class End2EndDetector:
    """A `Detector` that is one ONNX file; open one with `open` or `of_folder`.

    Not for several threads at once.
    """

    def __init__(
        self, session: Session, model: ModelRef, settings: DetectorSettings, *, settings_sha256: str
    ) -> None:
        self._session = session
        self._model = model
        self._settings = settings
        self._settings_sha256 = settings_sha256
        self._input, self._input_size_px = _input(session, model, settings)

    @classmethod
    def open(
        cls, cache_dir: Path, *, name: str = "mini-detect", threads: int | None = None
    ) -> Self:
        """The detector of a model in the registry: a shipped one, or one placed in the cache.

        Raises `MissingModelError` when a file is not there or not the pinned one, or cannot be used.
        """
        from iconograph.ingest.models.registry import located, model_ref, record_named

        record = record_named(name, cache_dir)
        return cls._of_files(located(record, cache_dir), model_ref(record), threads=threads)

    @classmethod
    def of_folder(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The detector of a folder; raises `MissingModelError` for files that cannot be used."""
        files = files_in(folder, (MODEL, SETTINGS, CLASSES), model=folder.name)
        sha256 = hashlib.sha256(files[MODEL].read_bytes()).hexdigest()
        model = ModelRef(name=folder.resolve().name, revision=sha256[:12], sha256=sha256)
        return cls._of_files(files, model, threads=threads)

    @classmethod
    def _of_files(cls, files: Mapping[str, Path], model: ModelRef, *, threads: int | None) -> Self:
        from iconograph.ingest.models.runtime.onnx import open_session

        lacking = sorted({MODEL, SETTINGS, CLASSES} - set(files))
        if lacking:
            message = f"the model {model.name} lists no {', '.join(lacking)}; mend its model.toml"
            raise MissingModelError(message)
        settings = read_detector_settings(files[SETTINGS], files[CLASSES])
        said = files[SETTINGS].read_bytes() + files[CLASSES].read_bytes()
        return cls(
            open_session(files[MODEL], threads=threads),
            model,
            settings,
            settings_sha256=hashlib.sha256(said).hexdigest(),
        )

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The one network."""
        return (self._model,)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The hash of the settings and the class list."""
        return (("settings_sha256", self._settings_sha256),)

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """All of the listed classes, the surest first; raises `ModelOutputError`."""
        fed = fed_pixels(pixels, self._input_size_px, self._settings)
        answers = self._session.run({self._input: fed.values})
        boxes, scores, classes = self._rows(answers, fed)
        listed = self._settings.classes
        wanted = (scores >= self._settings.smallest_score) & np.isin(classes, list(listed))
        height_px, width_px = pixels.shape[:2]
        inside = np.clip(boxes / fed.scale, 0.0, np.tile((width_px, height_px), 2))
        likely = self._confidences(scores)
        smallest = np.array([listed[c].smallest_confidence if c in listed else 0 for c in classes])
        wanted &= (areas(inside) > 0) & (likely >= smallest)
        order = np.flatnonzero(wanted)[np.argsort(-likely[wanted], kind="stable")]
        return Detections(
            boxes_px=inside[order].astype(np.float32),
            confidences=likely[order].astype(np.float32),
            labels=tuple(listed[int(c)].label for c in classes[order]),
            kinds=tuple(listed[int(c)].kind for c in classes[order]),
        )

    def _confidences(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        if (self._settings.bias, self._settings.slope) == (0.0, 1.0):
            return scores
        odds = self._settings.bias + self._settings.slope * log_odds(scores)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), np.float64)

    def _rows(
        self, answers: Mapping[str, NDArray[Any]], fed: Fed
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
        """Boxes in pixels of the input, scores and class numbers, repeats taken away."""
        repeat_iou = self._settings.repeat_iou
        if {"dets", "labels"} <= set(answers):
            found = _end_to_end(answers["dets"], answers["labels"])
        else:
            found = _grid(answers, *fed.values.shape[2:])
            repeat_iou = GRID_REPEAT_IOU if repeat_iou is None else repeat_iou
        if found is None or not _possible(found[1]):
            shapes = {name: answer.shape for name, answer in answers.items()}
            message = (
                f"{self._model.name} answered {shapes} for an input of {fed.values.shape}; expected "
                "`dets` (1, n, 5) and `labels` (1, n), or one grid (1, cells, 5 + classes) of the "
                "strides 8, 16 and 32, with scores in 0..1"
            )
            raise ModelOutputError(message)
        boxes, scores, classes = found
        enough = scores >= self._settings.smallest_score
        boxes, scores, classes = boxes[enough], scores[enough], classes[enough]
        if repeat_iou is None:
            return boxes, scores, classes
        kept = kept_by_nms(boxes, scores, largest_iou=repeat_iou, classes=classes)
        return boxes[kept], scores[kept], classes[kept]


Rows = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.intp]"]
"""Boxes n x 4, scores n, class numbers n."""


def _end_to_end(dets: NDArray[Any], labels: NDArray[Any]) -> Rows | None:
    """The rows of `dets` and `labels`; None for other shapes than theirs."""
    count = dets.shape[-2] if dets.ndim > 1 else -1
    if dets.shape != (1, count, BOX_NUMBERS) or labels.shape != (1, count):
        return None
    rows = np.asarray(dets[0], np.float64)
    return rows[:, :4], rows[:, 4], np.asarray(labels[0], np.intp)


def _grid(answers: Mapping[str, NDArray[Any]], height_px: int, width_px: int) -> Rows | None:
    """The rows of a grid, each with its likeliest class; None for other shapes than a grid's."""
    cells, strides = cells_of(height_px, width_px)
    answer = next(iter(answers.values())) if len(answers) == 1 else np.empty(0)
    width = answer.shape[-1] if answer.ndim > 1 else 0
    if answer.shape != (1, len(cells), width) or width <= BOX_NUMBERS:
        return None
    rows = np.asarray(answer[0], np.float64)
    middles = (rows[:, :2] + cells) * strides[:, None]
    halves = np.exp(np.minimum(rows[:, 2:4], LARGEST_LOG_CELLS)) * strides[:, None] / 2
    best = rows[:, BOX_NUMBERS:].argmax(axis=1)
    scores = rows[:, 4] * rows[np.arange(len(rows)), BOX_NUMBERS + best]
    return np.concatenate([middles - halves, middles + halves], axis=1), scores, best


LARGEST_LOG_CELLS = 12.0
"""Sides beyond that many e-folds of a cell are no sides; they are cut before they overflow."""


def cells_of(height_px: int, width_px: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Column and row of each cell of a grid (n x 2) and its stride (n), finest stride first."""
    cells, strides = [], []
    for stride in STRIDES_PX:
        rows, columns = np.mgrid[: height_px // stride, : width_px // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        strides.append(np.full(rows.size, stride))
    return np.concatenate(cells).astype(np.float64), np.concatenate(strides).astype(np.float64)


def _possible(scores: NDArray[np.float64]) -> bool:
    return bool(((scores >= 0.0) & (scores <= 1.0)).all())


def _input(
    session: Session, model: ModelRef, settings: DetectorSettings
) -> tuple[str, tuple[int, int] | int]:
    """Name and size of the one input; raises `MissingModelError` for a network of another kind."""
    shapes = list(session.inputs.items())
    name, shape = shapes[0]
    pixels = len(shape) == 4 and shape[0] in (1, None) and shape[1] in (3, None)  # noqa: PLR2004
    if len(shapes) != 1 or not pixels:
        message = f"{model.name} takes {dict(shapes)}; expected one input of 1 x 3 x height x width"
        raise MissingModelError(message)
    return name, input_size_px(model.name, shape, settings)
