"""Reads a bundle back, inside a transaction that the caller holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from iconograph.graph.model.axis import Axis
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.vector import RegionVectors
from iconograph.graph.model.work import Image, Work
from iconograph.graph.store.neo4j import rows
from iconograph.graph.store.neo4j import statements as cypher
from iconograph.graph.store.neo4j.spaces import StoredSpace
from iconograph.graph.store.stored_text import value_of, values_of

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

    from iconograph.graph.model.ids import ImageId

T = TypeVar("T")


def read_bundle(tx: ManagedTransaction, image_id: ImageId) -> ImageBundle | None:
    """All that is stored of an image; None when it is not there."""
    found = tx.run(cypher.IMAGE_AND_WORK, image=image_id).values()
    if not found:
        return None
    work_text, image_text = found[0]
    work = value_of(Work, work_text)
    regions = _values(tx, Region, cypher.REGIONS_OF_IMAGE, image=image_id)
    axes = _values(tx, Axis, cypher.AXES_OF_IMAGE, image=image_id)
    edges = tuple(map(rows.edge_of_row, tx.run(cypher.EDGES_OF_IMAGE, image=image_id).values()))
    runs = {*(r.run_id for r in regions), *(a.run_id for a in axes), *(e.run_id for e in edges)}
    concepts = {*work.concepts, *(concept for region in regions for concept in region.concepts)}
    return ImageBundle(
        work=work,
        image=value_of(Image, image_text),
        runs=_values(tx, Run, cypher.by_id("Run"), ids=sorted(runs)),
        concepts=_values(tx, Concept, cypher.by_id("Concept"), ids=sorted(concepts)),
        regions=regions,
        axes=axes,
        edges=edges,
        vectors=_vectors(tx, image_id),
    )


def _values(
    tx: ManagedTransaction, cls: type[T], statement: str, **parameters: object
) -> tuple[T, ...]:
    found = tx.run(statement, parameters).values()
    return tuple(values_of(cls, found))


def _vectors(tx: ManagedTransaction, image_id: ImageId) -> tuple[RegionVectors, ...]:
    stored = []
    for row in tx.run(cypher.SPACES).values():
        place = StoredSpace.from_row(row)
        found = tx.run(cypher.VECTORS_OF_IMAGE, image=image_id, property=place.property).values()
        if found:
            matrix = np.array([vector for _, vector in found], np.float32)
            region_ids = tuple(region_id for region_id, _ in found)
            stored.append(RegionVectors(space=place.space, region_ids=region_ids, matrix=matrix))
    return tuple(stored)
