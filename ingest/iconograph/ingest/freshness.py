"""Vectors that no longer hold, because what they were made of changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.vector import Modality, RegionVectors
from iconograph.ingest.stages.text_vectors import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import RegionId
    from iconograph.graph.model.region import Region


def stale_vectors(
    regions: Iterable[Region], before: ImageBundle
) -> frozenset[tuple[str, RegionId]]:
    """The vectors of an earlier state that no longer hold for regions, by space and region.

    A vector of words holds while label and caption stay, one of the picture while the outline does.
    Regions that are not among `regions` are not judged.
    """
    then = {region.id: region for region in before.regions}
    now = {region.id: region for region in regions}
    return frozenset(
        (vectors.space.name, i)
        for vectors in before.vectors
        for i in vectors.region_ids
        if i in now and _made_of(vectors, now[i]) != _made_of(vectors, then[i])
    )


def with_fresh_vectors(after: ImageBundle, before: ImageBundle) -> ImageBundle:
    """A picture with those vectors of an earlier state that still hold; the others are removed.

    They are in place of any that `after` has. The vectors of regions that are gone do not hold.
    """
    there = {region.id for region in after.regions}
    stale = stale_vectors(after.regions, before)
    kept: list[RegionVectors] = []
    removed = set(before.removed_vectors)
    for vectors in before.vectors:
        name = vectors.space.name
        fresh = {i for i in vectors.region_ids if i in there and (name, i) not in stale}
        removed |= {(name, i) for i in vectors.region_ids if i not in fresh}
        kept += [_of(vectors, fresh)] if fresh else []
    return replace(after, vectors=tuple(kept), removed_vectors=frozenset(removed))


_MADE_OF: Mapping[Modality, Callable[[Region], object]] = {
    Modality.TEXT: text_of,
    Modality.IMAGE: lambda region: region.outline,
}


def _made_of(vectors: RegionVectors, region: Region) -> object:
    return _MADE_OF[vectors.space.modality](region)


def _of(vectors: RegionVectors, wanted: Container[RegionId]) -> RegionVectors:
    rows = [row for row, i in enumerate(vectors.region_ids) if i in wanted]
    ids = tuple(vectors.region_ids[row] for row in rows)
    return replace(vectors, region_ids=ids, matrix=vectors.matrix[np.asarray(rows)])
