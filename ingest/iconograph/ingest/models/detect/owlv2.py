"""OWLv2 through transformers: it finds what it is asked for in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from PIL import Image as PillowImage

from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.open_vocabulary import (
    Curve,
    ScoredBoxes,
    corners,
    vocabulary_hash,
)
from iconograph.ingest.models.detect.vocabulary import Term, load_vocabulary
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.folders import files_in, weights_in
from iconograph.ingest.models.libraries import array_of, device_name, inference, pretrained
from iconograph.ingest.models.registry import (
    located_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.port import Detections

CURVE = "owlv2"


class Owlv2Detector:
    """A `Detector` on torch; its folder is one of `Owlv2ForObjectDetection`.

    The vocabulary is encoded once, so that a picture costs its own pixels alone. Not for several
    threads at once.
    """

    def __init__(  # noqa: PLR0913  each is a part or a choice of its own
        self,
        model: Any,  # noqa: ANN401  an Owlv2ForObjectDetection
        processor: Any,  # noqa: ANN401  an Owlv2Processor
        *,
        name: str,
        models: tuple[ModelRef, ...],
        vocabulary: tuple[Term, ...],
        curve: Curve,
        device: str | None = None,
    ) -> None:
        self._device = device or device_name()
        self._model = model.to(self._device).eval()
        self._processor = processor
        self._name = name
        self._models = models
        self._vocabulary = vocabulary
        self._curve = curve
        self._queries = self._encoded_vocabulary()

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry, with the built-in vocabulary.

        Raises `MissingModelError` when its files are not there or not the pinned ones,
        `MissingExtraError` without the extra `ml`.
        """
        folder, ref = located_folder(name, cache_dir)
        return cls.load(folder, name=name, models=(ref,))

    @classmethod
    def load(  # noqa: PLR0913  each is a choice of its own
        cls,
        folder: Path,
        *,
        name: str = "owlv2",
        models: tuple[ModelRef, ...] = (),
        vocabulary: tuple[Term, ...] | None = None,
        curve: Curve | None = None,
        device: str | None = None,
    ) -> Self:
        """The model of a folder; `models` are worked out from its weights when not given.

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without the
        extra `ml`.
        """
        files_in(folder, ["config.json"], model=name)
        weights = weights_in(folder, model=name)
        return cls(
            pretrained("Owlv2ForObjectDetection", folder, model=name, use_safetensors=True),
            pretrained("Owlv2Processor", folder, model=name),
            name=name,
            models=models or (ModelRef(name=name, sha256=sha256_of(weights)),),
            vocabulary=vocabulary or load_vocabulary(),
            curve=curve or Curve.named(CURVE),
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
        """The vocabulary's hash and the curve of confidences."""
        return (
            ("vocabulary", vocabulary_hash(self._vocabulary)),
            ("curve", f"{self._curve.scores} {self._curve.confidences}"),
            ("least_score", str(self._curve.least_score)),
        )

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """What of the vocabulary is found in a picture (uint8, height x width x RGB).

        Raises `InvalidValueError` when it is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        height, width = pixels.shape[:2]
        square = self._processor(images=PillowImage.fromarray(pixels), return_tensors="pt")[
            "pixel_values"
        ]
        with inference(self._name):
            features, _ = self._model.image_embedder(square.to(self._device))
            patches = features.flatten(1, 2)
            logits, _ = self._model.class_predictor(patches, self._queries[None])
            boxes = self._model.box_predictor(patches, features)
            found = ScoredBoxes(
                # The picture lies in the upper left of a square as large as its longer side.
                boxes_px=corners(
                    array_of(boxes[0], model=self._name),
                    max(width, height),
                    max(width, height),
                ),
                scores=array_of(logits[0].sigmoid(), model=self._name),
            )
        return found.detections(self._vocabulary, self._curve, width, height)

    def _encoded_vocabulary(self) -> Any:  # noqa: ANN401  a torch.Tensor, terms x channels
        prompts = [term.prompt for term in self._vocabulary]
        tokens = self._processor(text=[prompts], return_tensors="pt").to(self._device)
        with inference(self._name):
            return self._model.owlv2.get_text_features(**tokens).pooler_output
