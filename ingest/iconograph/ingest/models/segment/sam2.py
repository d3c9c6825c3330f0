"""SAM 2 on single pictures, through transformers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.libraries import array_of, inference, library
from iconograph.ingest.models.segment.prompts import Frame, PromptedPicture
from iconograph.ingest.models.transformers_model import Architecture, TransformersModel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ARCHITECTURE = Architecture(network="Sam2Model", processor="Sam2Processor")
MASK_THRESHOLD = 0.0
"""Of logits, as SAM 2 was trained."""


class Sam2Segmenter:
    """A `Segmenter` on torch; its folder is one of transformers' `Sam2Model`.

    Not for several threads at once.
    """

    def __init__(self, model: TransformersModel) -> None:
        self._model = model
        self.name = model.name
        self.models = model.models
        self.parameters = (("mask_threshold", str(MASK_THRESHOLD)),)

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry; raises as `TransformersModel.open` does."""
        return cls(TransformersModel.open(cache_dir, ARCHITECTURE, name=name))

    @classmethod
    def load(cls, folder: Path, *, name: str = "sam2", device: str | None = None) -> Self:
        """The model of a folder; raises as `TransformersModel.load` does."""
        return cls(TransformersModel.load(folder, ARCHITECTURE, name=name, device=device))

    def __call__(self, pixels: NDArray[np.uint8], /) -> PromptedPicture:
        """Embed a picture (uint8, height x width x RGB) once.

        Raises `InvalidValueError` when it is not RGB, `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        height, width = pixels.shape[:2]
        picture = PillowImage.fromarray(pixels)
        square = self._model.processor(images=picture, return_tensors="pt")["pixel_values"]
        with inference(self.name):
            embeddings = self._model.network.get_image_embeddings(square.to(self._model.device))
        return PromptedPicture(
            frame=Frame.squashed(width, height, int(square.shape[-1])),
            decoder=_Sam2Decoder(model=self._model, embeddings=embeddings),
            mask_threshold=MASK_THRESHOLD,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sam2Decoder:
    model: TransformersModel
    embeddings: Any

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
        torch = library("torch", needed_by=self.model.name)
        tensors = {
            name: torch.from_numpy(np.ascontiguousarray(value, np.float32)).to(self.model.device)
            for name, value in prompts.items()
        }
        with inference(self.model.name):
            found = self.model.network(
                image_embeddings=self.embeddings, multimask_output=True, **tensors
            )
            logits = array_of(found.pred_masks[0], model=self.model.name)
            return logits, array_of(found.iou_scores[0], model=self.model.name)
