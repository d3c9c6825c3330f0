"""Gaze models that answer with a heat map and an in-frame score, from ONNX files.

Inputs are `pixels`, 1 x 3 x S x S, normalised, and `heads`, n x 4, boxes in fractions of the input;
outputs `heatmaps`, n x h x w, and `in_frame`, n, in 0..1 (as of Gaze-LLE; Ryan et al.,
arXiv:2412.09586). A model may also answer `at_viewer`, n, in 0..1, and `directions`, n x 2. A file
comes as a folder with `model.onnx` and `gaze.toml` (see `GazeSettings`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.folders import files_in
from iconograph.ingest.models.gaze.maps import blended, look_of
from iconograph.ingest.models.gaze.numbers import (
    GazeSettings,
    MapNumbers,
    load_map_numbers,
    read_gaze_settings,
)
from iconograph.ingest.models.pose.crops import GREY, overlaps_picture
from iconograph.ingest.models.registry import located, model_ref, record_named, sha256_of
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session

    Answers = dict[str, NDArray[Any]]

MODEL_FILE, SETTINGS_FILE = "model.onnx", "gaze.toml"
BATCH_SIZE = 16
SHORTEST = 1e-6


class HeatmapGazes:
    """A `GazeTargetEstimator`; open one with `HeatmapGazes.open`, or `open_folder` for one's own files."""

    def __init__(
        self,
        session: Session,
        settings: GazeSettings,
        model: ModelRef,
        *,
        name: str,
        numbers: MapNumbers | None = None,
    ) -> None:
        self._session, self._settings = session, settings
        self._numbers = numbers or load_map_numbers()
        self.name = name
        self.models = (model,)
        chosen = tuple((key, str(value)) for key, value in asdict(settings).items())
        self.parameters = (*self._numbers.parameters, *chosen)

    @classmethod
    def open(cls, cache_dir: Path, record_name: str = "mini-gaze") -> Self:
        """The estimator of a model that the registry knows; raises `MissingModelError` without it."""
        record = record_named(record_name, cache_dir)
        files = located(record, cache_dir)
        if not {MODEL_FILE, SETTINGS_FILE} <= files.keys():
            message = (
                f"the model {record_name} has the files {', '.join(files)}, expected "
                f"{MODEL_FILE} and {SETTINGS_FILE}; name a model of gazes"
            )
            raise MissingModelError(message)
        settings = read_gaze_settings(files[SETTINGS_FILE])
        session = open_session(files[MODEL_FILE])
        return cls(session, settings, model_ref(record), name=f"{record_name}@1")

    @classmethod
    def open_folder(cls, folder: Path, *, name: str | None = None) -> Self:
        """The estimator of a folder with `model.onnx` and `gaze.toml`.

        Raises `MissingModelError` where one is missing or does not fit.
        """
        called = name or folder.name
        files = files_in(folder, (MODEL_FILE, SETTINGS_FILE), model=called)
        settings = read_gaze_settings(files[SETTINGS_FILE])
        model = ModelRef(name=called, sha256=sha256_of(files[MODEL_FILE]))
        return cls(open_session(files[MODEL_FILE]), settings, model, name=f"{called}@1")

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        """A gaze for each head; None where the head has no area within the picture."""
        rows = [row for row, box in enumerate(heads_px) if overlaps_picture(pixels, box)]
        gazes: list[Gaze | None] = [None] * len(heads_px)
        if not rows:
            return tuple(gazes)
        fed, ratio = fed_square(pixels, self._settings)
        shown = np.asarray(heads_px, np.float64)[rows] * np.tile(ratio, 2)
        fractions = (shown / self._settings.input_size_px).astype(np.float32)
        map_size_px = tuple(float(side) for side in self._settings.input_size_px / ratio)
        found = (
            one
            for answers in in_batches(
                len(rows), BATCH_SIZE, lambda part: self._answers(fed, fractions[part])
            )
            for one in _each(answers)
        )
        for row, one in zip(rows, found, strict=True):
            gazes[row] = self._gaze(one, heads_px[row], (map_size_px[0], map_size_px[1]))
        return tuple(gazes)

    def _answers(self, fed: NDArray[np.float32], heads: NDArray[np.float32]) -> Answers:
        answers = self._session.run({"pixels": fed, "heads": heads})
        count = len(heads)
        shapes = {name: value.shape for name, value in answers.items()}
        maps = shapes.get("heatmaps", ())
        expected = {"heatmaps": (count, *maps[1:]), "in_frame": (count,)}
        expected |= {"at_viewer": (count,), "directions": (count, 2)}
        wrong = {"heatmaps", "in_frame"} - shapes.keys() or len(maps) != 3  # noqa: PLR2004
        if wrong or any(shapes.get(name, shape) != shape for name, shape in expected.items()):
            message = (
                f"{self.name} answers {shapes}, expected heatmaps {count} x h x w and in_frame "
                f"{count}; the model is not one of gazes"
            )
            raise ModelOutputError(message)
        self._require_range(answers)
        return answers

    def _require_range(self, answers: Answers) -> None:
        maps = answers["heatmaps"]
        if maps.min(initial=0.0) < 0 or (maps.max(axis=(1, 2), initial=0.0) <= 0).any():
            message = f"a heat map of {self.name} has negative values or no heat at all, expected some heat"
            raise ModelOutputError(message)
        for name in ("in_frame", "at_viewer"):
            score = answers.get(name, np.zeros(1))
            if score.min() < 0 or score.max() > 1:
                message = f"{name} of {self.name} is {score.tolist()}, expected 0..1"
                raise ModelOutputError(message)

    # long: three states, each with what it knows
    def _gaze(
        self, one: Answers, head_px: NDArray[np.floating], map_size_px: tuple[float, float]
    ) -> Gaze:
        known, numbers = self._settings, self._numbers
        x, y = (float(v) for v in (head_px[:2] + head_px[2:]) / 2)
        in_frame, at_viewer = float(one["in_frame"]), float(one.get("at_viewer", np.zeros(())))
        origin = Point(x_px=x, y_px=y)
        if at_viewer >= numbers.at_viewer_gate and at_viewer >= in_frame:
            return Gaze(
                state=GazeState.VIEWER, origin=origin, method=self.name, confidence=at_viewer
            )
        look = look_of(one["heatmaps"].astype(np.float64), (x, y), map_size_px, numbers)
        own = _unit(one["directions"]) if "directions" in one else None
        cone_deg = min(
            max(numbers.cone_spreads * look.spread_deg, numbers.narrowest_cone_deg),
            numbers.widest_cone_deg,
        )
        right = known.direction_right(look.spread_deg)
        if in_frame >= numbers.in_frame_gate:
            return Gaze(
                state=GazeState.TARGET,
                origin=origin,
                direction=blended(look.direction, own, known.direct_share),
                target=Point(x_px=look.target_px[0], y_px=look.target_px[1]),
                cone_deg=cone_deg,
                method=self.name,
                confidence=in_frame * right,
            )
        # What lies beside the picture is not on the map: only the model's own direction leads there.
        outside = max(0.0, 1.0 - in_frame - at_viewer)
        return Gaze(
            state=GazeState.OUTSIDE,
            origin=origin,
            direction=own,
            cone_deg=cone_deg,
            method=self.name,
            confidence=outside if own is None else outside * right,
        )


def fed_square(
    pixels: NDArray[np.uint8], settings: GazeSettings
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A picture as input, and how many of its pixels one of the picture is, along x and y."""
    import cv2

    side = settings.input_size_px
    high, wide = pixels.shape[:2]
    ratio = side / np.array([wide, high], np.float64)
    if settings.letterbox:
        ratio[:] = ratio.min()
    width, height = (max(1, round(s)) for s in ratio * (wide, high))
    square = np.full((3, side, side), GREY, np.float32)
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    square[:, :height, :width] = small.transpose(2, 0, 1)
    square -= np.array(settings.mean, np.float32)[:, np.newaxis, np.newaxis]
    square /= np.array(settings.std, np.float32)[:, np.newaxis, np.newaxis]
    return square[np.newaxis], ratio


def _each(answers: Answers) -> list[Answers]:
    """The answers of a batch head by head."""
    count = len(answers["in_frame"])
    return [{name: value[row] for name, value in answers.items()} for row in range(count)]


def _unit(direction: NDArray[np.floating]) -> tuple[float, float] | None:
    length = float(np.linalg.norm(direction))
    if length < SHORTEST:
        return None
    return float(direction[0]) / length, float(direction[1]) / length
