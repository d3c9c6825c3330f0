"""SAM 2 on single pictures, through transformers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, weights_in
from iconograph.ingest.models.libraries import (
    array_of,
    device_name,
    inference,
    library,
    pretrained,
)
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)
from iconograph.ingest.models.segment.prompts import Frame, PromptedPicture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MASK_THRESHOLD = 0.0
"""Of logits, as SAM 2 was trained."""


class Sam2Segmenter:
    """A `Segmenter` on torch; its folder is one of transformers' `Sam2Model`.

    Not for several threads at once.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401  a Sam2Model
        processor: Any,  # noqa: ANN401  a Sam2Processor
        *,
        name: str,
        models: tuple[ModelRef, ...],
        device: str | None = None,
    ) -> None:
        self._device = device or device_name()
        self._model = model.to(self._device).eval()
        self._processor = processor
        self._name = name
        self._models = models

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
        """
        folder, ref = located_folder(name, cache_dir)
        return cls.load(folder, name=name, models=(ref,))

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str = "sam2",
        models: tuple[ModelRef, ...] = (),
        device: str | None = None,
    ) -> Self:
        """The model of a folder; `models` are worked out from its weights when not given.

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without the
        extra `ml`.
        """
        files_in(folder, ["config.json"], model=name)
        weights = weights_in(folder, model=name)
        return cls(
            pretrained("Sam2Model", folder, model=name, use_safetensors=True),
            pretrained("Sam2Processor", folder, model=name),
            name=name,
            models=models or (ModelRef(name=name, sha256=sha256_of(weights)),),
            device=device,
        )

    @property
    def name(self) -> str:
        """The name it was opened with."""
        return self._name

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The file of weights."""
        return self._models

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The threshold of its logits."""
        return (("mask_threshold", str(MASK_THRESHOLD)),)

    def __call__(self, pixels: NDArray[np.uint8], /) -> PromptedPicture:
        """Embed a picture (uint8, height x width x RGB) once.

        Raises `InvalidValueError` when it is not RGB, `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        height, width = pixels.shape[:2]
        square = self._processor(images=PillowImage.fromarray(pixels), return_tensors="pt")[
            "pixel_values"
        ]
        with inference(self._name):
            embeddings = self._model.get_image_embeddings(square.to(self._device))
        return PromptedPicture(
            frame=Frame.squashed(width, height, int(square.shape[-1])),
            decoder=_Sam2Decoder(
                model=self._model, embeddings=embeddings, name=self._name, device=self._device
            ),
            mask_threshold=MASK_THRESHOLD,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sam2Decoder:
    model: Any
    embeddings: Any
    name: str
    device: str

    def of_boxes(
        self, boxes_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._decoded(input_boxes=boxes_px[None])

    def of_points(
        self, points_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._decoded(input_points=points_px[None, :, None])

    def _decoded(
        self, **prompts: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        torch = library("torch", needed_by=self.name)
        tensors = {
            name: torch.from_numpy(np.ascontiguousarray(value, np.float32)).to(self.device)
            for name, value in prompts.items()
        }
        with inference(self.name):
            found = self.model(image_embeddings=self.embeddings, multimask_output=True, **tensors)
            logits = array_of(found.pred_masks[0], model=self.name)
            return logits, array_of(found.iou_scores[0], model=self.name)
