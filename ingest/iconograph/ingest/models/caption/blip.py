"""Captions by BLIP, through transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from PIL import Image as PillowImage

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, weights_in
from iconograph.ingest.models.libraries import device_name, inference, pretrained
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

BATCH_SIZE = 8
LONGEST_TOKENS = 30
"""Tokens of a caption at the most."""


class BlipCaptioner:
    """A `Captioner` on torch; its folder is one of `BlipForConditionalGeneration`.

    Not for several threads at once.
    """

    def __init__(  # noqa: PLR0913  each is a part or a choice of its own
        self,
        model: Any,  # noqa: ANN401  a BlipForConditionalGeneration
        processor: Any,  # noqa: ANN401  a BlipProcessor
        *,
        name: str,
        models: tuple[ModelRef, ...],
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._device = device or device_name()
        self._model = model.to(self._device).eval()
        self._processor = processor
        self._name = name
        self._models = models
        self._batch_size = batch_size

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
        name: str = "blip",
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
            pretrained("BlipForConditionalGeneration", folder, model=name, use_safetensors=True),
            pretrained("BlipProcessor", folder, model=name),
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
        """How long captions may be, and that the likeliest word is always taken."""
        return (("longest_tokens", str(LONGEST_TOKENS)), ("decoding", "greedy"))

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
        inputs = self._processor(images=pictures, return_tensors="pt").to(self._device)
        with inference(self._name):
            found = self._model.generate(
                **inputs,
                max_new_tokens=LONGEST_TOKENS,
                do_sample=False,
                num_beams=1,
                output_scores=True,
                return_dict_in_generate=True,
            )
        # Forbidden words score minus infinity; only what is no number at all is an error.
        if any(bool(scores.isnan().any()) for scores in found.scores):
            message = (
                f"{self._name} answered word scores that are not numbers; its weights may be "
                "damaged: verify them"
            )
            raise ModelOutputError(message)
        texts = self._processor.batch_decode(found.sequences, skip_special_tokens=True)
        return [" ".join(text.split()) for text in texts]
