"""Captions by BLIP, through transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PIL import Image as PillowImage

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.libraries import inference
from iconograph.ingest.models.transformers_model import Architecture, TransformersModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

ARCHITECTURE = Architecture(network="BlipForConditionalGeneration", processor="BlipProcessor")
BATCH_SIZE = 8
LONGEST_TOKENS = 30
"""Tokens of a caption at the most."""


class BlipCaptioner:
    """A `Captioner` on torch; its folder is one of `BlipForConditionalGeneration`.

    Not for several threads at once.
    """

    def __init__(self, model: TransformersModel, *, batch_size: int = BATCH_SIZE) -> None:
        self._model = model
        self._batch_size = batch_size
        self.name = model.name
        self.models = model.models
        # Greedy: the likeliest word is always taken.
        self.parameters = (("longest_tokens", str(LONGEST_TOKENS)), ("decoding", "greedy"))

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry; raises as `TransformersModel.open` does."""
        return cls(TransformersModel.open(cache_dir, ARCHITECTURE, name=name))

    @classmethod
    def load(cls, folder: Path, *, name: str = "blip", device: str | None = None) -> Self:
        """The model of a folder; raises as `TransformersModel.load` does."""
        return cls(TransformersModel.load(folder, ARCHITECTURE, name=name, device=device))

    def __call__(self, crops: Sequence[NDArray[np.uint8]], /) -> tuple[str, ...]:
        """A sentence for each crop (uint8, height x width x RGB).

        Raises `InvalidValueError` for a crop that is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when one crop alone is too much.
        """
        for crop in crops:
            require_rgb(crop)
        batches = in_batches(len(crops), self._batch_size, lambda part: self._captions(crops[part]))
        return tuple(caption for batch in batches for caption in batch)

    def _captions(self, crops: Sequence[NDArray[np.uint8]]) -> list[str]:
        pictures = [PillowImage.fromarray(crop) for crop in crops]
        inputs = self._model.processor(images=pictures, return_tensors="pt")
        with inference(self.name):
            found = self._model.network.generate(
                **inputs.to(self._model.device),
                max_new_tokens=LONGEST_TOKENS,
                do_sample=False,
                num_beams=1,
                output_scores=True,
                return_dict_in_generate=True,
            )
        # Forbidden words score minus infinity; only what is no number at all is an error.
        if any(bool(scores.isnan().any()) for scores in found.scores):
            message = (
                f"{self.name} answered word scores that are not numbers; its weights may be "
                "damaged: verify them"
            )
            raise ModelOutputError(message)
        texts = self._model.processor.batch_decode(found.sequences, skip_special_tokens=True)
        return [" ".join(text.split()) for text in texts]
