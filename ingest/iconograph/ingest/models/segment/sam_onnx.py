"""SAM from ONNX files, without torch.

A folder of this format holds three files:

`encoder.onnx`
    input `pixels` (float32, 1 x 3 x S x S: the picture scaled by its longest side, normalised,
    0 right of it and below), output `embedding` (float32, any shape).
`decoder.onnx`
    inputs `embedding`, `point_coords` (float32, n x k x 2: x, y in pixels of the S x S square)
    and `point_labels` (float32, n x k: 1 a point on the thing, 0 beside it, 2 and 3 the upper
    left and lower right corner of a box, -1 padding); outputs `masks` (float32, n x m x h x w:
    logits over the whole square) and `scores` (float32, n x m: predicted IoU). A box is k = 2
    (labels 2, 3); a point is k = 2 (labels 1, -1), as SAM was trained. n is free; k may be
    fixed at 2; m may be 1.
`sam.toml`
    the keys of `KEYS`: `name`, `image_size_px` (S), `mean` and `std` (of values 0..255),
    `mask_threshold` (of logits) and `resize = "longest side"`.

Weights inside may be 8-bit or 16-bit; inputs and outputs are not. `models.export.sam` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, three, toml_settings
from iconograph.ingest.models.registry import located, model_ref, record_named, sha256_of
from iconograph.ingest.models.runtime.onnx import open_session
from iconograph.ingest.models.segment.prompts import Frame, PromptedPicture, framed_pixels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session

ENCODER, DECODER, SETTINGS = "encoder.onnx", "decoder.onnx", "sam.toml"
FILES = (ENCODER, DECODER, SETTINGS)
"""What a folder of this format holds."""

LONGEST_SIDE = "longest side"
KEYS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "image_size_px": int,
    "mean": list,
    "std": list,
    "mask_threshold": (int, float),
    "resize": str,
}
ON_THING_ALONE = (1.0, -1.0)
CORNERS = (2.0, 3.0)
"""SAM's labels of a single point with its padding, and of a box."""


class SamOnnxSegmenter:
    """A `Segmenter` on onnxruntime; not for several threads at once."""

    def __init__(
        self,
        *,
        encoder: Session,
        decoder: Session,
        settings: SamSettings,
        models: tuple[ModelRef, ...],
    ) -> None:
        self._encoder = encoder
        self._decoder = decoder
        self._settings = settings
        self._models = models

    @classmethod
    def open(cls, cache_dir: Path, *, name: str = "mini-sam") -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones.
        """
        record = record_named(name, cache_dir)
        return cls.of_files(located(record, cache_dir), models=(model_ref(record),))

    @classmethod
    def load(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The model of a folder; raises `MissingModelError` when a file is missing or wrong."""
        return cls.of_files(files_in(folder, FILES, model="an exported SAM"), threads=threads)

    @classmethod
    def of_files(
        cls,
        files: Mapping[str, Path],
        *,
        models: tuple[ModelRef, ...] = (),
        threads: int | None = None,
    ) -> Self:
        """The model of these files by name; `models` are worked out from them when not given."""
        settings = SamSettings.read(files[SETTINGS])
        made_of = (
            ModelRef(name=f"{settings.name}/{name}", sha256=sha256_of(files[name]))
            for name in (ENCODER, DECODER)
        )
        return cls(
            encoder=open_session(files[ENCODER], threads=threads),
            decoder=open_session(files[DECODER], threads=threads),
            settings=settings,
            models=models or tuple(made_of),
        )

    @property
    def name(self) -> str:
        """The name in its settings."""
        return self._settings.name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The files of weights."""
        return self._models

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The threshold of its logits."""
        return (("mask_threshold", str(self._settings.mask_threshold)),)

    def __call__(self, pixels: NDArray[np.uint8], /) -> PromptedPicture:
        """Embed a picture (uint8, height x width x RGB) once.

        Raises `InvalidValueError` when it is not RGB, `ModelOutputError` and `ModelMemoryError`
        as the runtime does.
        """
        require_rgb(pixels)
        settings = self._settings
        height, width = pixels.shape[:2]
        frame = Frame.fitted(width, height, settings.image_size_px)
        square = framed_pixels(pixels, frame, settings.mean, settings.std)
        embedding = self._encoder.run({"pixels": square})["embedding"]
        return PromptedPicture(
            frame=frame,
            decoder=_OnnxDecoder(session=self._decoder, embedding=embedding),
            mask_threshold=settings.mask_threshold,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SamSettings:
    """What `sam.toml` says."""

    name: str
    image_size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    mask_threshold: float

    @classmethod
    def read(cls, path: Path) -> Self:
        """The settings of a file; raises `MissingModelError` when they cannot be used."""
        found = toml_settings(path, KEYS)
        if found["resize"] != LONGEST_SIDE:
            message = (
                f"{path} asks for resize = {found['resize']!r}; expected {LONGEST_SIDE!r}; export "
                "the model again"
            )
            raise MissingModelError(message)
        try:
            mean, std = three(found["mean"]), three(found["std"])
        except (ValueError, TypeError) as error:
            message = f"{path} needs three numbers in mean and std: {error}; export it again"
            raise MissingModelError(message) from error
        return cls(
            name=found["name"],
            image_size_px=found["image_size_px"],
            mean=mean,
            std=std,
            mask_threshold=float(found["mask_threshold"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnnxDecoder:
    session: Session
    embedding: NDArray[Any]

    def of_boxes(
        self, boxes_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        corners = boxes_px.reshape(-1, 2, 2)
        return self._run(corners, np.tile(np.asarray(CORNERS, np.float32), (len(corners), 1)))

    def of_points(
        self, points_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        coords = np.zeros((len(points_px), 2, 2), np.float32)
        coords[:, 0] = points_px
        return self._run(coords, np.tile(np.asarray(ON_THING_ALONE, np.float32), (len(coords), 1)))

    def _run(
        self, coords: NDArray[np.float32], labels: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        found = self.session.run(
            {"embedding": self.embedding, "point_coords": coords, "point_labels": labels}
        )
        return found["masks"], found["scores"]
