"""OWLv2 through transformers: it finds what it is asked for in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from PIL import Image as PillowImage

from iconograph.ingest.models.detect.open_vocabulary import (
    Curve,
    ScoredBoxes,
    asked_parameters,
    corners,
)
from iconograph.ingest.models.detect.vocabulary import Term, load_vocabulary
from iconograph.ingest.models.encode.crops import require_rgb
from iconograph.ingest.models.libraries import array_of, inference
from iconograph.ingest.models.transformers_model import Architecture, TransformersModel

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.port import Detections

ARCHITECTURE = Architecture(network="Owlv2ForObjectDetection", processor="Owlv2Processor")
CURVE = "owlv2"


class Owlv2Detector:
    """A `Detector` on torch; its folder is one of `Owlv2ForObjectDetection`.

    The vocabulary is encoded once, so that a picture costs its own pixels alone. Not for several
    threads at once.
    """

    def __init__(
        self,
        model: TransformersModel,
        *,
        vocabulary: tuple[Term, ...] | None = None,
        curve: Curve | None = None,
    ) -> None:
        self._model = model
        self._vocabulary = vocabulary or load_vocabulary()
        self._curve = curve or Curve.named(CURVE)
        self.name = model.name
        self.models = model.models
        self.parameters = asked_parameters(self._vocabulary, self._curve)
        self._queries = self._encoded_vocabulary()

    @classmethod
    def open(cls, cache_dir: Path, *, name: str) -> Self:
        """The model of this name in the registry, with the built-in vocabulary.

        Raises as `TransformersModel.open` does.
        """
        return cls(TransformersModel.open(cache_dir, ARCHITECTURE, name=name))

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str = "owlv2",
        vocabulary: tuple[Term, ...] | None = None,
        curve: Curve | None = None,
        device: str | None = None,
    ) -> Self:
        """The model of a folder; vocabulary and curve are the built-in ones when not given.

        Raises as `TransformersModel.load` does.
        """
        model = TransformersModel.load(folder, ARCHITECTURE, name=name, device=device)
        return cls(model, vocabulary=vocabulary, curve=curve)

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """What of the vocabulary is found in a picture (uint8, height x width x RGB).

        Raises `InvalidValueError` when it is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        height, width = pixels.shape[:2]
        network, picture = self._model.network, PillowImage.fromarray(pixels)
        square = self._model.processor(images=picture, return_tensors="pt")["pixel_values"]
        with inference(self.name):
            features, _ = network.image_embedder(square.to(self._model.device))
            patches = features.flatten(1, 2)
            logits, _ = network.class_predictor(patches, self._queries[None])
            boxes = network.box_predictor(patches, features)
            found = ScoredBoxes(
                # The picture lies in the upper left of a square as large as its longer side.
                boxes_px=corners(
                    array_of(boxes[0], model=self.name),
                    max(width, height),
                    max(width, height),
                ),
                scores=array_of(logits[0].sigmoid(), model=self.name),
            )
        return found.detections(self._vocabulary, self._curve, width, height)

    def _encoded_vocabulary(self) -> Any:  # noqa: ANN401  a torch.Tensor, terms x channels
        prompts = [term.prompt for term in self._vocabulary]
        tokens = self._model.processor(text=[prompts], return_tensors="pt")
        with inference(self.name):
            fed = tokens.to(self._model.device)
            return self._model.network.owlv2.get_text_features(**fed).pooler_output
