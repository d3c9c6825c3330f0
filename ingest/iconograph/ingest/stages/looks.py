"""A picture being looked at by models, each of whose answers is remembered."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from iconograph.ingest.cache import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.cache import Form, OutputCache
    from iconograph.ingest.models.detect.port import Detector
    from iconograph.ingest.models.encode.port import ImageEncoder
    from iconograph.ingest.models.face.port import FaceFinder
    from iconograph.ingest.models.gaze.port import GazeTargetEstimator
    from iconograph.ingest.models.port import PictureModel
    from iconograph.ingest.models.pose.port import PoseEstimator
    from iconograph.ingest.models.segment.port import Segmenter
    from iconograph.ingest.models.segment.proposer import Proposer
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.stages.recognise import Recogniser

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Models:
    """What an extraction looks with; what is missing is not known.

    `detectors` find things, `segmenter` cuts them out, `proposers` find pieces without a name,
    `encoder` and `recogniser` name those, `poses` and `faces` look at persons, `gazes` at what the
    heads of persons without a face look at.
    """

    detectors: tuple[Detector, ...] = ()
    segmenter: Segmenter | None = None
    proposers: tuple[Proposer, ...] = ()
    encoder: ImageEncoder | None = None
    recogniser: Recogniser | None = None
    poses: PoseEstimator | None = None
    faces: FaceFinder | None = None
    gazes: GazeTargetEstimator | None = None

    @property
    def all(self) -> tuple[PictureModel, ...]:
        """Those that are there, besides the encoder."""
        single = (self.segmenter, self.poses, self.faces, self.gazes)
        return (*self.detectors, *self.proposers, *(model for model in single if model))

    @property
    def refs(self) -> tuple[ModelRef, ...]:
        """All model files, each once, by name."""
        own = chain.from_iterable(model.models for model in self.all)
        encoder = self.encoder.models if self.encoder and self.recogniser else ()
        return tuple(sorted({*own, *encoder}, key=lambda ref: (ref.name, ref.sha256)))

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters of all, each under its model's name."""
        own = (
            (f"{model.name} {name}", value)
            for model in self.all
            for name, value in model.parameters
        )
        naming = self.recogniser.bank.parameters if self.recogniser else ()
        return tuple(dict((*own, *naming)).items())


@dataclass(slots=True)
class Turns:
    """Lets threads take turns with models that are not for several at once."""

    _locks: dict[int, threading.Lock] = field(default_factory=dict)
    _own: threading.Lock = field(default_factory=threading.Lock)

    def of(self, model: object) -> threading.Lock:
        """The lock of a model."""
        with self._own:
            return self._locks.setdefault(id(model), threading.Lock())


class OneAtATime:
    """An image encoder with which threads take turns."""

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self.space = encoder.space
        self.models = encoder.models

    def encode(self, crops: Any, /) -> NDArray[np.float32]:  # noqa: ANN401  as the encoder takes them
        """What the encoder answers, once it is this thread's turn."""
        with self._lock:
            return self._encoder.encode(crops)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """A picture at the size that models look at it, with a memory of what they answered.

    `scale` is that size over the picture's own, at most 1.
    """

    picture: Picture
    pixels: NDArray[np.uint8]
    scale: float
    turns: Turns
    cache: OutputCache | None = None

    def remembered(
        self, model: PictureModel, form: Form[T], make: Callable[[], T], *inputs: NDArray[Any]
    ) -> T:
        """What a model answers to this picture and these inputs: read, or made in its turn."""

        def in_turn() -> T:
            with self.turns.of(model):
                return make()

        if self.cache is None:
            return in_turn()
        size = f"{self.pixels.shape[1]} x {self.pixels.shape[0]}"
        parameters = (*model.parameters, ("looked at", size))
        key = key_of(self.picture.sha256, model.name, model.models, parameters, *inputs)
        return self.cache.remembered(key, in_turn, form)


def looked_at(picture: Picture, most_px2: int, *, turns: Turns, cache: OutputCache | None) -> Look:
    """A look at a picture, made smaller where it has more than `most_px2` pixels."""
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, math.sqrt(most_px2 / (width * height)))
    pixels = picture.pixels
    if scale < 1.0:
        import cv2

        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(
            cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA), np.uint8
        )
    return Look(picture=picture, pixels=pixels, scale=scale, turns=turns, cache=cache)
