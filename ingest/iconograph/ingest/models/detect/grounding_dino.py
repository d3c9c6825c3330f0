"""Grounding DINO through transformers: it finds the words of a text in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError
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
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.port import Detections

    Spans = tuple[tuple[int, int, int], ...]

ARCHITECTURE = Architecture(
    network="GroundingDinoForObjectDetection", processor="GroundingDinoProcessor"
)
CURVE = "grounding-dino"
STOP = "."
"""What ends a phrase in the text; the model lets no phrase see another."""


class GroundingDinoDetector:
    """A `Detector` on torch; its folder is one of `GroundingDinoForObjectDetection`.

    Its text holds 256 tokens at the most, so that a large vocabulary is asked in several texts,
    each of which costs a pass over the picture. Not for several threads at once.
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
        self._texts = _texts(
            model.processor.tokenizer,
            self._vocabulary,
            most_tokens=int(model.network.config.max_text_len),
        )

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
        name: str = "grounding-dino",
        vocabulary: tuple[Term, ...] | None = None,
        curve: Curve | None = None,
        device: str | None = None,
    ) -> Self:
        """The model of a folder; vocabulary and curve are the built-in ones when not given.

        Raises as `TransformersModel.load` does, and `InvalidValueError` when one prompt is longer
        than a text may be.
        """
        model = TransformersModel.load(folder, ARCHITECTURE, name=name, device=device)
        return cls(model, vocabulary=vocabulary, curve=curve)

    @property
    def passes(self) -> int:
        """How many times the model runs over each picture."""
        return len(self._texts)

    def __call__(self, pixels: NDArray[np.uint8], /) -> Detections:
        """What of the vocabulary is found in a picture (uint8, height x width x RGB).

        Raises `InvalidValueError` when it is not RGB, `ModelOutputError` on nonsense,
        `ModelMemoryError` when memory is short.
        """
        require_rgb(pixels)
        height, width = pixels.shape[:2]
        boxes, scores = [], []
        for text, spans in self._texts:
            found, of_tokens = self._answered(pixels, text)
            of_terms = np.zeros((len(found), len(self._vocabulary)), np.float32)
            for term, start, stop in spans:
                of_terms[:, term] = of_tokens[:, start:stop].max(axis=1)
            boxes.append(corners(found, width, height))
            scores.append(of_terms)
        scored = ScoredBoxes(boxes_px=np.concatenate(boxes), scores=np.concatenate(scores))
        return scored.detections(self._vocabulary, self._curve, width, height)

    def _answered(
        self, pixels: NDArray[np.uint8], text: str
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Boxes (centre and size in fractions) and the score of each token of the text."""
        picture = PillowImage.fromarray(pixels)
        inputs = self._model.processor(images=picture, text=text, return_tensors="pt")
        with inference(self.name):
            found = self._model.network(**inputs.to(self._model.device))
            # Places after the end of the text hold minus infinity, which becomes 0.
            scores = array_of(found.logits[0].sigmoid(), model=self.name)
            return array_of(found.pred_boxes[0], model=self.name), scores


def _texts(
    tokenizer: Any,  # noqa: ANN401  a tokenizer of transformers
    vocabulary: Sequence[Term],
    *,
    most_tokens: int,
) -> list[tuple[str, Spans]]:
    """Texts that hold all prompts, each with its terms' (index, first token, token after last)."""
    texts: list[tuple[str, Spans]] = []
    prompts: list[str] = []
    spans: list[tuple[int, int, int]] = []
    at = 1
    for index, term in enumerate(vocabulary):
        length = len(tokenizer(f"{term.prompt}{STOP}", add_special_tokens=False)["input_ids"])
        if length + 2 > most_tokens:
            message = f"the prompt {term.prompt!r} has {length} tokens; shorten it"
            raise InvalidValueError(message)
        if at + length + 1 > most_tokens:
            texts.append((" ".join(prompts), tuple(spans)))
            prompts, spans, at = [], [], 1
        prompts.append(f"{term.prompt}{STOP}")
        spans.append((index, at, at + length - 1))
        at += length
    texts.append((" ".join(prompts), tuple(spans)))
    return texts
