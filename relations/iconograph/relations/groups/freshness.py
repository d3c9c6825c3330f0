"""Vectors for regions that lack them, where others of the store have some."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.vector import Modality, RegionVectors, VectorSpace
from iconograph.ingest.stages.text_vectors import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.region import Region
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.pipeline import Stage


class MissingVectors:
    """A stage: gives regions the vectors that they lack in a space that the store holds.

    `find_maker` gives the stage that makes vectors of that space, None where there is none; it is
    not asked before something lacks a vector. Vectors of pictures are given only where a picture
    has some in the space: where nobody looked at it before, relations are no reason to. `lacking`
    counts the regions that were left without.
    """

    def __init__(self, space: VectorSpace, find_maker: Callable[[], Stage | None]) -> None:
        self.space = space
        self.lacking = 0
        self.name = f"vectors of {space.name}"
        self._find_maker = find_maker
        self._turn = threading.Lock()

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        """The draft with the vectors that were lacking, as far as they can be made."""
        name = self.space.name
        known = tuple(vectors for vectors in draft.vectors if vectors.space.name == name)
        had = {i for vectors in known for i in vectors.region_ids}
        lacking = tuple(r for r in draft.regions if r.id not in had and self._is_wanted(r))
        removed = {i for space, i in draft.removed_vectors if space == name}
        is_of_pictures = self.space.modality is Modality.IMAGE
        if not lacking or (is_of_pictures and not had | removed):
            return draft
        maker = None if is_of_pictures and picture is None else self._maker()
        if maker is None:
            with self._turn:
                self.lacking += len(lacking)
            return draft
        return _joined(draft, (*known, *maker(_alone(draft, lacking), picture).vectors))

    def _maker(self) -> Stage | None:
        with self._turn:
            return self._find_maker()

    def _is_wanted(self, region: Region) -> bool:
        return self.space.modality is Modality.IMAGE or bool(text_of(region))


def _alone(draft: ImageBundle, regions: tuple[Region, ...]) -> ImageBundle:
    """A draft of some regions and nothing else."""
    loose = tuple(replace(region, parent_id=None) for region in regions)
    return replace(
        draft,
        regions=loose,
        edges=(),
        axes=(),
        vectors=(),
        removed_vectors=frozenset(),
    )


def _joined(draft: ImageBundle, found: tuple[RegionVectors, ...]) -> ImageBundle:
    """The draft with the vectors of one space, earlier and new ones."""
    space = found[0].space
    for vectors in found:
        space.require_same(vectors.space)
    ids = tuple(i for vectors in found for i in vectors.region_ids)
    matrix = np.concatenate([vectors.matrix for vectors in found])
    joined = RegionVectors(space=space, region_ids=ids, matrix=matrix)
    return replace(
        draft,
        vectors=(*(v for v in draft.vectors if v.space.name != space.name), joined),
        removed_vectors=draft.removed_vectors - {(space.name, i) for i in ids},
    )
