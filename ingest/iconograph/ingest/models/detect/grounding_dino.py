"""Grounding DINO through transformers: it finds the words of a text in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError
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
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.port import Detections

    Spans = tuple[tuple[int, int, int], ...]

CURVE = "grounding-dino"
STOP = "."
"""What ends a phrase in the text; the model lets no phrase see another."""


class GroundingDinoDetector:
    """A `Detector` on torch; its folder is one of `GroundingDinoForObjectDetection`.

    Its text holds 256 tokens at the most, so that a large vocabulary is asked in several texts,
    each of which costs a pass over the picture. Not for several threads at once.
    """

    def __init__(  # noqa: PLR0913  each is a part or a choice of its own
        self,
        model: Any,  # noqa: ANN401  a GroundingDinoForObjectDetection
        processor: Any,  # noqa: ANN401  a GroundingDinoProcessor
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
        self._texts = _texts(
            processor.tokenizer, vocabulary, most_tokens=int(model.config.max_text_len)
        )

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
        name: str = "grounding-dino",
        models: tuple[ModelRef, ...] = (),
        vocabulary: tuple[Term, ...] | None = None,
        curve: Curve | None = None,
        device: str | None = None,
    ) -> Self:
        """The model of a folder; `models` are worked out from its weights when not given.

        Raises `MissingModelError` when the folder cannot be used, `MissingExtraError` without the
        extra `ml`, `InvalidValueError` when one prompt is longer than a text may be.
        """
        files_in(folder, ["config.json"], model=name)
        weights = weights_in(folder, model=name)
        return cls(
            pretrained("GroundingDinoForObjectDetection", folder, model=name, use_safetensors=True),
            pretrained("GroundingDinoProcessor", folder, model=name),
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
        inputs = self._processor(images=picture, text=text, return_tensors="pt").to(self._device)
        with inference(self._name):
            found = self._model(**inputs)
            # Places after the end of the text hold minus infinity, which becomes 0.
            scores = array_of(found.logits[0].sigmoid(), model=self._name)
            return array_of(found.pred_boxes[0], model=self._name), scores


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
