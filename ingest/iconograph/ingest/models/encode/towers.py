"""What every CLIP has in common: an image tower and a text tower that share one space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.graph.model.vector import unit_rows
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.encode.crops import Preprocessing, pixel_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.graph.model.vector import VectorSpace


BATCH_SIZE = 16
"""Crops or texts at a time; on a CPU more than 8 gain nothing, a GPU takes more."""


class TwoTowers:
    """An `ImageEncoder` for crops and a `TextEncoder` for texts, both into `space`."""

    def __init__(  # noqa: PLR0913  each is one part of a CLIP
        self,
        *,
        space: VectorSpace,
        models: tuple[ModelRef, ...],
        preprocessing: Preprocessing,
        tokens: Callable[[Sequence[str]], NDArray[np.int64]],
        image_tower: Callable[[NDArray[np.float32]], NDArray[np.float32]],
        text_tower: Callable[[NDArray[np.int64]], NDArray[np.float32]],
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._space = space
        self._models = models
        self._preprocessing = preprocessing
        self._tokens = tokens
        self._image_tower = image_tower
        self._text_tower = text_tower
        self._batch_size = batch_size

    @property
    def space(self) -> VectorSpace:
        """`clip:<architecture>/<weights>`, of crops and texts alike."""
        return self._space

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The files of weights."""
        return self._models

    @property
    def preprocessing(self) -> Preprocessing:
        """How crops become the image tower's pixels."""
        return self._preprocessing

    def encode(self, items: Sequence[str] | Sequence[NDArray[np.uint8]], /) -> NDArray[np.float32]:
        """Unit vectors, float32, len(items) x dim, of texts or of crops (uint8, h x w x RGB).

        Raises `InvalidValueError` for a crop that is not RGB, `ModelOutputError` when a tower
        answers nonsense, `ModelMemoryError` when one item alone is too much.
        """
        parts = list(
            in_batches(len(items), self._batch_size, lambda part: self._encoded(items[part]))
        )
        return np.concatenate(parts) if parts else np.empty((0, self._space.dim), np.float32)

    def _encoded(self, batch: Sequence[str] | Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        texts = [item for item in batch if isinstance(item, str)]
        if texts:
            vectors = self._text_tower(self._tokens(texts))
        else:
            crops = [item for item in batch if not isinstance(item, str)]
            vectors = self._image_tower(pixel_batch(crops, self._preprocessing))
        return self._checked(vectors, len(batch))

    def _checked(self, vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        expected = (count, self._space.dim)
        lengths = np.linalg.norm(vectors, axis=-1)
        if vectors.shape != expected or not np.isfinite(lengths).all() or not lengths.all():
            message = (
                f"{self._space.name} answered vectors of shape {vectors.shape}, or zero or not "
                f"finite ones; expected {expected} of finite length; its files may be damaged, or "
                "its settings may belong to another model"
            )
            raise ModelOutputError(message)
        return unit_rows(vectors, self._space)
