"""Gives each region a vector of what it looks like."""

from __future__ import annotations

import dataclasses
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import ModelMemoryError, ModelOutputError
from iconograph.graph.model.vector import RegionVectors
from iconograph.ingest.cache import key_of
from iconograph.ingest.stages.crops import CropSettings, crop_of_outline
from iconograph.ingest.stages.stored_outputs import VECTORS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.geometry import Outline
    from iconograph.graph.model.region import Region
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.models.encode.port import ImageEncoder
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.problems import Problem

BATCH_SIZE = 32
"""Crops that are encoded at a time; fewer where memory is short."""


class ImageVectors:
    """A stage: encodes the crop of each region, whether entity, group or scene.

    It goes after the stages that make regions. `cache` remembers the vectors of a picture's regions
    as long as their outlines stay.
    """

    name = "image vectors"

    def __init__(
        self,
        encoder: ImageEncoder,
        *,
        crops: CropSettings | None = None,
        cache: OutputCache | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._encoder = encoder
        self._crops = crops or CropSettings()
        self._cache = cache
        self._batch_size = batch_size

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with vectors in the encoder's space, in place of any it had there.

        Raises `ModelOutputError` and `ModelMemoryError`. Without a picture nothing changes.
        """
        if picture is None:
            return draft
        space = self._encoder.space
        others = tuple(v for v in draft.vectors if v.space.name != space.name)
        if not draft.regions:
            return dataclasses.replace(draft, vectors=others)
        matrix = self._remembered(draft.regions, picture)
        vectors = RegionVectors.normalised(space, [r.id for r in draft.regions], matrix)
        return dataclasses.replace(draft, vectors=(*others, vectors))

    def take_notes(self) -> tuple[Problem, ...]:
        """What the cache has to tell."""
        return self._cache.take_notes() if self._cache else ()

    def _remembered(self, regions: Sequence[Region], picture: Picture) -> NDArray[np.float32]:
        def make() -> NDArray[np.float32]:
            cuts = [
                partial(crop_of_outline, picture.pixels, region.outline, self._crops)
                for region in regions
            ]
            return encoded_crops(self._encoder, cuts, batch_size=self._batch_size)

        if self._cache is None:
            return make()
        key = key_of(
            picture.sha256,
            self.name,
            self._encoder.models,
            (*self._crops.parameters, ("space", self._encoder.space.name)),
            *_corners([region.outline for region in regions]),
        )
        return self._cache.remembered(key, make, VECTORS)


def encoded_crops(
    encoder: ImageEncoder,
    cuts: Sequence[Callable[[], NDArray[np.uint8]]],
    *,
    batch_size: int = BATCH_SIZE,
) -> NDArray[np.float32]:
    """Vectors of crops, n x dim, each cut out only when its batch is due.

    Where memory is short the batch is halved, down to one crop, before `ModelMemoryError` is raised.
    Raises `ModelOutputError` for vectors of another size, that are not finite, or zero.
    """
    rows: list[NDArray[np.float32]] = []
    start, size = 0, max(1, batch_size)
    while start < len(cuts):
        batch = [cut() for cut in cuts[start : start + size]]
        try:
            found = encoder.encode(batch)
        except (ModelMemoryError, MemoryError) as error:
            if size == 1:
                message = (
                    f"{encoder.space.name} found too little memory for a single crop of "
                    f"{batch[0].shape[1]} x {batch[0].shape[0]} px; free memory, or give fewer --workers"
                )
                raise ModelMemoryError(message) from error
            size //= 2
            continue
        _require_sound(found, len(batch), encoder)
        rows.append(found)
        start += len(batch)
    return np.concatenate(rows) if rows else np.empty((0, encoder.space.dim), np.float32)


def _require_sound(found: NDArray[np.float32], count: int, encoder: ImageEncoder) -> None:
    expected = (count, encoder.space.dim)
    if found.shape != expected:
        message = f"{encoder.space.name} answered vectors of {found.shape}, expected {expected}"
        raise ModelOutputError(message)
    lengths = np.linalg.norm(found, axis=1)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        message = (
            f"{encoder.space.name} answered vectors that are not finite or zero; verify its file "
            "with: iconograph models verify"
        )
        raise ModelOutputError(message)


def _corners(outlines: Sequence[Outline]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All corners of all outlines, and how many each ring has."""
    rings = [
        ring
        for outline in outlines
        for part in outline.parts
        for ring in (part.exterior, *part.holes)
    ]
    corners = np.array(list(chain.from_iterable(rings)), np.float64).reshape(-1, 2)
    return corners, np.array([len(ring) for ring in rings], np.int64)
