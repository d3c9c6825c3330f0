"""Everything known of one image: the unit that is written, copied and exported."""

from __future__ import annotations

from dataclasses import dataclass

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.axis import Axis
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge
from iconograph.graph.model.ids import AxisId, EdgeId, RegionId
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.vector import RegionVectors
from iconograph.graph.model.work import Image, Work


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageBundle:
    """An image with its work, regions, edges, axes and vectors, and the runs and concepts they name.

    A store writes a bundle in one transaction: it inserts or updates by id, then takes away
    `removed_regions` (with their edges and vectors), `removed_edges`, `removed_axes`, and of
    `removed_vectors`, which are names of spaces with regions, the vectors that these regions have
    there. Whatever a bundle does not name stays as it is.
    """

    work: Work
    image: Image
    runs: tuple[Run, ...] = ()
    concepts: tuple[Concept, ...] = ()
    regions: tuple[Region, ...] = ()
    axes: tuple[Axis, ...] = ()
    edges: tuple[Edge, ...] = ()
    vectors: tuple[RegionVectors, ...] = ()
    removed_regions: frozenset[RegionId] = frozenset()
    removed_edges: frozenset[EdgeId] = frozenset()
    removed_axes: frozenset[AxisId] = frozenset()
    removed_vectors: frozenset[tuple[str, RegionId]] = frozenset()

    def __post_init__(self) -> None:
        if self.image.work_id != self.work.id:
            message = f"image {self.image.uri} is of work {self.image.work_id}, not {self.work.id}"
            raise InvalidValueError(message)
        self._require_unique()
        self._require_references()
        self._require_vectors_kept()

    def _require_unique(self) -> None:
        for name, values in (("region", self.regions), ("edge", self.edges), ("axis", self.axes)):
            ids = [value.id for value in values]
            if len(set(ids)) != len(ids):
                twice = sorted({i for i in ids if ids.count(i) > 1})[:3]
                message = f"image {self.image.uri} names a {name} twice: {twice}"
                raise InvalidValueError(message)

    def _require_references(self) -> None:
        regions = {region.id for region in self.regions}
        runs = {run.id for run in self.runs}
        owners: tuple[Region | Edge | Axis, ...] = (*self.regions, *self.edges, *self.axes)
        for owner in owners:
            if owner.image_id != self.image.id:
                message = f"{owner.id} is of image {owner.image_id}, not {self.image.id}"
                raise InvalidValueError(message)
            if owner.run_id not in runs:
                message = f"{owner.id} names run {owner.run_id}, which the bundle lacks"
                raise InvalidValueError(message)
        ends = {end for edge in self.edges for end in (edge.subject_id, edge.object_id)}
        parents = {region.parent_id for region in self.regions if region.parent_id}
        with_vectors = {i for vectors in self.vectors for i in vectors.region_ids}
        missing = sorted((ends | parents | with_vectors) - regions)
        if missing:
            message = f"image {self.image.uri} names regions that it lacks: {missing[:3]}"
            raise InvalidValueError(message)

    def _require_vectors_kept(self) -> None:
        given = {(vectors.space.name, i) for vectors in self.vectors for i in vectors.region_ids}
        both = sorted(given & self.removed_vectors)
        if both:
            message = f"image {self.image.uri} gives and removes the same vectors: {both[:3]}"
            raise InvalidValueError(message)
