"""RTMPose and its kin from ONNX files, as OpenMMLab's deploy releases have them.

Inputs are n x 3 x height x width, normalised; outputs `simcc_x` and `simcc_y` are, for each key point,
scores over fine steps along each side (SimCC; Li et al., arXiv:2107.03332; RTMPose,
Jiang et al., arXiv:2303.07399). A file comes as a folder with `model.onnx` and `pose.toml`:
`input_size_px` [width, height], `mean`, `std` (RGB, 0..255), `split_ratio`, `key_points`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.folders import files_in, toml_settings
from iconograph.ingest.models.pose.assembly import pose_of
from iconograph.ingest.models.pose.crops import Window, cut
from iconograph.ingest.models.pose.in_boxes import poses_in_boxes
from iconograph.ingest.models.pose.whole_body import WHOLE_BODY
from iconograph.ingest.models.registry import located, model_ref, record_named, sha256_of
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.pose import Pose
    from iconograph.ingest.models.runtime.port import Session

MODEL_FILE, SETTINGS_FILE = "model.onnx", "pose.toml"
PADDING = 1.25
"""Sides of the window in sides of the box, as in training."""

BATCH_SIZE = 16
SMALLEST_SCORE = 0.05
"""A key point whose peak is lower was not found."""

SMALLEST_MEAN_SCORE = 0.2
"""A body whose mean score over COCO's key points is lower was not recognised."""


class KeyPointSet(StrEnum):
    """What a model's key points are; the first 17 are COCO's in both."""

    COCO17 = "coco17"
    WHOLEBODY133 = "wholebody133"

    @property
    def size(self) -> int:
        """How many there are."""
        return len(COCO_KEY_POINTS) if self is KeyPointSet.COCO17 else WHOLE_BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class SimccSettings:
    """How a model's input is made and its answer read; `pose.toml` of its folder."""

    input_size_px: tuple[int, int] = (192, 256)
    mean: tuple[float, float, float] = (123.675, 116.28, 103.53)
    std: tuple[float, float, float] = (58.395, 57.12, 57.375)
    split_ratio: float = 2.0
    key_points: KeyPointSet = KeyPointSet.COCO17


class SimccPoses:
    """A `PoseEstimator`; open one with `SimccPoses.open`, or `open_folder` for files of one's own."""

    def __init__(
        self, session: Session, settings: SimccSettings, model: ModelRef, *, name: str = "simcc@1"
    ) -> None:
        self._session = session
        self._input = next(iter(session.inputs))
        self._settings = settings
        self._mean = np.array(settings.mean, dtype=np.float32)[:, np.newaxis, np.newaxis]
        self._std = np.array(settings.std, dtype=np.float32)[:, np.newaxis, np.newaxis]
        # A file with a fixed first side takes so many figures at once, no more and no fewer.
        self._fixed_batch = session.inputs[self._input][0]
        self.name = name
        self.models = (model,)
        self.parameters = (
            ("padding", str(PADDING)),
            ("smallest_score", str(SMALLEST_SCORE)),
            ("smallest_mean_score", str(SMALLEST_MEAN_SCORE)),
            ("settings", str(settings)),
        )

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "mini-pose") -> Self:
        """The estimator of a model that the registry knows; raises `MissingModelError` without it."""
        record = record_named(record_name, cache_dir)
        files = located(record, cache_dir)
        if not {MODEL_FILE, SETTINGS_FILE} <= files.keys():
            message = (
                f"the model {record_name} has the files {', '.join(files)}, expected "
                f"{MODEL_FILE} and {SETTINGS_FILE}; name a model of key points"
            )
            raise MissingModelError(message)
        session, settings = open_session(files[MODEL_FILE]), read_settings(files[SETTINGS_FILE])
        return cls(session, settings, model_ref(record), name=f"{record_name}@1")

    @classmethod
    def open_folder(cls, folder: Path, *, name: str | None = None) -> Self:
        """The estimator of a folder with `model.onnx` and `pose.toml`.

        Raises `MissingModelError` where one is missing or does not fit.
        """
        called = name or folder.name
        files = files_in(folder, (MODEL_FILE, SETTINGS_FILE), model=called)
        settings = read_settings(files[SETTINGS_FILE])
        model = ModelRef(name=called, sha256=sha256_of(files[MODEL_FILE]))
        return cls(open_session(files[MODEL_FILE]), settings, model, name=f"{called}@1")

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32], /
    ) -> tuple[Pose | None, ...]:
        """A pose for each box; None where no body was recognised, or the box is outside."""
        size = self._fixed_batch or BATCH_SIZE
        return poses_in_boxes(
            pixels, boxes_px, lambda boxes: self._poses(pixels, boxes), batch_size=size
        )

    def _poses(self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32]) -> list[Pose | None]:
        windows = [padded_window(box, self._settings.input_size_px) for box in boxes_px]
        width, height = self._settings.input_size_px
        fed = np.empty((len(windows), 3, height, width), np.float32)
        for row, window in enumerate(windows):
            np.subtract(cut(pixels, window).transpose(2, 0, 1), self._mean, out=fed[row])
        fed /= self._std
        if self._fixed_batch and len(windows) < self._fixed_batch:
            missing = self._fixed_batch - len(windows)
            fed = np.concatenate([fed, np.repeat(fed[-1:], missing, axis=0)])
        answers = self._session.run({self._input: fed})
        places, scores = decoded(*self._simcc(answers, len(fed)), self._settings.split_ratio)
        return [
            self._pose(window.in_picture_px(places[row]), scores[row])
            for row, window in enumerate(windows)
        ]

    def _simcc(
        self, answers: dict[str, NDArray[Any]], count: int
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """The two outputs, n x k x steps along x and y; raises `ModelOutputError` on other shapes."""
        settings = self._settings
        expected = [
            (count, settings.key_points.size, round(side * settings.split_ratio))
            for side in settings.input_size_px
        ]
        found = [answers.get(name) for name in ("simcc_x", "simcc_y")]
        shapes = [None if values is None else values.shape for values in found]
        if shapes != expected or found[0] is None or found[1] is None:
            message = (
                f"simcc_x and simcc_y of {self.name} are {shapes[0]} and {shapes[1]}, expected "
                f"{expected[0]} and {expected[1]}; {SETTINGS_FILE} must fit {MODEL_FILE}"
            )
            raise ModelOutputError(message)
        return found[0], found[1]

    def _pose(self, places_px: NDArray[np.float64], scores: NDArray[np.float64]) -> Pose | None:
        if scores[: len(COCO_KEY_POINTS)].mean() < SMALLEST_MEAN_SCORE:
            return None
        confidences = np.where(scores < SMALLEST_SCORE, 0.0, scores)
        return pose_of(places_px, confidences, method=self.name)


def padded_window(box_px: NDArray[np.floating], size_px: tuple[int, int]) -> Window:
    """The box widened to the input's shape, and padded."""
    box = np.asarray(box_px, dtype=np.float64)
    wide, high = box[2:] - box[:2]
    shape = size_px[0] / size_px[1]
    high = max(high, wide / shape)
    x, y = (box[:2] + box[2:]) / 2
    extent = (high * shape * PADDING, high * PADDING)
    return Window.around((float(x), float(y)), extent, size_px)


def decoded(
    simcc_x: NDArray[np.floating], simcc_y: NDArray[np.floating], split_ratio: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places in the input, n x k x 2, and scores, n x k, 0..1, of scores over steps along x and y.

    The place is that of the highest step, moved by the parabola through it and its neighbours; the
    score is the lower of both peaks, as in RTMPose's own decoder, brought into 0..1.
    """
    along = [_peaks(np.asarray(values, dtype=np.float64)) for values in (simcc_x, simcc_y)]
    places = np.stack([steps for steps, _ in along], axis=-1) / split_ratio
    scores = np.minimum(along[0][1], along[1][1])
    return places, np.clip(scores, 0.0, 1.0)


def _peaks(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where along the last axis the peaks lie, between steps, and how high they are."""
    best = values.argmax(axis=-1)
    inner = np.clip(best, 1, max(1, values.shape[-1] - 2))[..., np.newaxis]
    left, middle, right = (
        np.take_along_axis(values, inner + step, axis=-1)[..., 0] for step in (-1, 0, 1)
    )
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, (left - right) / np.where(bend < 0, 2 * bend, 1.0), 0.0)
    # At a border there is no neighbour to lean to.
    within = np.where(inner[..., 0] == best, np.clip(shift, -0.5, 0.5), 0.0)
    return best + within, np.take_along_axis(values, best[..., np.newaxis], axis=-1)[..., 0]


def read_settings(path: Path) -> SimccSettings:
    """The settings of a `pose.toml`; raises `MissingModelError` for what does not fit."""
    keys = {"input_size_px": list, "mean": list, "std": list}
    read = toml_settings(path, keys | {"split_ratio": (int, float), "key_points": str})
    sets = [known.value for known in KeyPointSet]
    width_height, mean, std = (tuple(read[key]) for key in keys)
    fits = (
        [len(width_height), len(mean), len(std)] == [2, 3, 3]
        and all(isinstance(side, int) and side > 0 for side in width_height)
        and all(isinstance(number, int | float) for number in mean + std)
        and all(number > 0 for number in std)
        and read["split_ratio"] > 0
        and read["key_points"] in sets
    )
    if not fits:
        message = (
            f"{path} holds {read}; expected input_size_px of two whole numbers (width, height), "
            f"mean and std of three (RGB), split_ratio above 0, key_points one of {sets}"
        )
        raise MissingModelError(message)
    return SimccSettings(
        input_size_px=width_height,
        mean=mean,
        std=std,
        split_ratio=float(read["split_ratio"]),
        key_points=KeyPointSet(read["key_points"]),
    )
