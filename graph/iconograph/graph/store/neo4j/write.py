"""Writes a bundle, inside a transaction that the caller holds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iconograph.graph.store.neo4j import rows
from iconograph.graph.store.neo4j import statements as cypher
from iconograph.graph.store.neo4j.spaces import space_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from neo4j import ManagedTransaction

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.edge import Edge, EdgeKind
    from iconograph.graph.model.ids import ImageId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.vector import RegionVectors
    from iconograph.graph.model.work import Work
    from iconograph.graph.store.neo4j.rows import Properties
    from iconograph.graph.store.neo4j.spaces import StoredSpace

BATCH_ROWS = 1000


def write_bundle(
    tx: ManagedTransaction, bundle: ImageBundle, places: Mapping[str, StoredSpace]
) -> None:
    """Insert or update what the bundle names, then take away what it removes.

    `places` are those of the spaces that the bundle has or removes vectors of. Raises
    `VectorSpaceError` when another process stored one of them with another size or weights in the
    meantime.
    """
    _run(tx, cypher.KEEP_RUNS, map(rows.node_row, bundle.runs))
    _run(tx, cypher.upsert("Concept"), map(rows.node_row, bundle.concepts))
    _write_work(tx, bundle.work)
    _write_image(tx, bundle)
    _write_regions(tx, bundle.image.id, bundle.regions)
    _run(tx, cypher.UPSERT_AXES, map(rows.node_row, bundle.axes), image=bundle.image.id)
    _write_edges(tx, bundle.edges)
    for vectors in bundle.vectors:
        _write_vectors(tx, vectors, places[vectors.space.name])
    _remove(tx, bundle)
    _remove_vectors(tx, bundle, places)
    # Last, since it makes writers wait for each other.
    tx.run(cypher.COUNT_CHANGE).consume()


def remove_image(tx: ManagedTransaction, image_id: ImageId) -> None:
    """Take away an image with all that hangs on it, and its work if it was the last image."""
    works = [work for (work,) in tx.run(cypher.REMOVE_IMAGE, image=image_id)]
    tx.run(cypher.REMOVE_EMPTY_WORKS, ids=works).consume()
    tx.run(cypher.COUNT_CHANGE).consume()


def _run(
    tx: ManagedTransaction, statement: str, given: Iterable[Properties], **parameters: object
) -> None:
    """Run a statement on rows, a batch at a time; without rows it is not run."""
    remaining = list(given)
    for start in range(0, len(remaining), BATCH_ROWS):
        batch = remaining[start : start + BATCH_ROWS]
        tx.run(statement, {**parameters, "rows": batch}).consume()


def _write_work(tx: ManagedTransaction, work: Work) -> None:
    _run(tx, cypher.upsert("Work"), [rows.node_row(work)])
    tx.run(cypher.UNLINK_WORK, work=work.id).consume()
    _run(tx, cypher.link_concepts("Work"), rows.concept_rows([work]))


def _write_image(tx: ManagedTransaction, bundle: ImageBundle) -> None:
    image = bundle.image.id
    _run(tx, cypher.upsert("Image"), [rows.node_row(bundle.image)])
    left = [work for (work,) in tx.run(cypher.LINK_IMAGE, image=image, work=bundle.work.id)]
    if left:
        tx.run(cypher.REMOVE_EMPTY_WORKS, ids=left).consume()
    _run(tx, cypher.LINK_RUNS, ({"image": image, "run": run.id} for run in bundle.runs))


def _write_regions(tx: ManagedTransaction, image: ImageId, regions: tuple[Region, ...]) -> None:
    if not regions:
        return
    _run(tx, cypher.UPSERT_REGIONS, map(rows.node_row, regions), image=image)
    tx.run(cypher.UNLINK_REGIONS, ids=[region.id for region in regions]).consume()
    _run(tx, cypher.link_concepts("Region"), rows.concept_rows(regions))
    _run(tx, cypher.LINK_PARENTS, rows.parent_rows(regions))


def _write_edges(tx: ManagedTransaction, edges: tuple[Edge, ...]) -> None:
    by_kind: dict[EdgeKind, list[Properties]] = defaultdict(list)
    for edge in edges:
        by_kind[edge.kind].append(rows.edge_row(edge))
    for kind, given in by_kind.items():
        _run(tx, cypher.upsert_edges(kind), given)


def _write_vectors(tx: ManagedTransaction, vectors: RegionVectors, place: StoredSpace) -> None:
    space = vectors.space
    added = tx.run(
        cypher.ADD_SPACE,
        name=space.name,
        dim=space.dim,
        weights_sha256=space.weights_sha256,
        modality=space.modality.value,
        property=place.property,
        index=place.index,
    ).single(strict=True)
    space_of(list(added)).require_same(space)
    _run(tx, cypher.SET_VECTORS, rows.vector_rows(vectors), property=place.property)


def _remove(tx: ManagedTransaction, bundle: ImageBundle) -> None:
    image = bundle.image.id
    if bundle.removed_edges:
        tx.run(cypher.REMOVE_EDGES, image=image, ids=sorted(bundle.removed_edges)).consume()
    if bundle.removed_axes:
        tx.run(cypher.REMOVE_AXES, image=image, ids=sorted(bundle.removed_axes)).consume()
    if bundle.removed_regions:
        removed = sorted(bundle.removed_regions)
        children = tx.run(cypher.CHILDREN, image=image, ids=removed).values()
        orphans = [{"id": child, "json": rows.without_parent(text)} for child, text in children]
        _run(tx, cypher.SET_RECORDS, orphans)
        tx.run(cypher.REMOVE_REGIONS, image=image, ids=removed).consume()


def _remove_vectors(
    tx: ManagedTransaction, bundle: ImageBundle, places: Mapping[str, StoredSpace]
) -> None:
    by_space: dict[str, list[str]] = defaultdict(list)
    for space, region in sorted(bundle.removed_vectors):
        by_space[space].append(region)
    for space, regions in by_space.items():
        if space in places:
            cleared = {places[space].property: None}
            tx.run(
                cypher.CLEAR_PROPERTIES, image=bundle.image.id, ids=regions, cleared=cleared
            ).consume()
