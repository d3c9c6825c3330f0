"""Writes a bundle, inside a transaction that the caller holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.store.sqlite import rows
from iconograph.graph.store.sqlite import statements as sql
from iconograph.graph.store.stored_text import label_confidences, record_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.ids import ImageId, RegionId
    from iconograph.graph.model.region import Region
    from iconograph.graph.model.vector import RegionVectors, VectorSpace
    from iconograph.graph.model.work import Work


def write_bundle(connection: sqlite3.Connection, bundle: ImageBundle) -> None:
    """Insert or update what the bundle names, then take away what it removes.

    Raises `VectorSpaceError` when a space is known with another size or weights.
    """
    connection.executemany(sql.KEEP_RUN, ((run.id, record_text(run)) for run in bundle.runs))
    connection.executemany(sql.UPSERT_CONCEPT, ((c.id, record_text(c)) for c in bundle.concepts))
    image = _write_image(connection, bundle)
    keys = _write_regions(connection, image, bundle.regions)
    connection.executemany(
        sql.UPSERT_AXIS, ((image, axis.id, record_text(axis)) for axis in bundle.axes)
    )
    connection.executemany(sql.UPSERT_EDGE, (rows.edge_row(edge, keys) for edge in bundle.edges))
    for vectors in bundle.vectors:
        _write_vectors(connection, image, vectors, keys)
    _remove(connection, image, bundle, keys)


def remove_image(connection: sqlite3.Connection, image_id: ImageId) -> None:
    """Take away an image with all that hangs on it, and its work if it was the last image."""
    found = connection.execute(sql.IMAGE_KEY, (image_id,)).fetchone()
    if found:
        image, work = found
        connection.execute(sql.REMOVE_IMAGE, (image,))
        connection.execute(sql.REMOVE_WORK_WITHOUT_IMAGE, (work,))


def _write_image(connection: sqlite3.Connection, bundle: ImageBundle) -> int:
    before = connection.execute(sql.IMAGE_KEY, (bundle.image.id,)).fetchone()
    work = _write_work(connection, bundle.work)
    connection.execute(sql.UPSERT_IMAGE, (bundle.image.id, work, record_text(bundle.image)))
    if before and before[1] != work:
        connection.execute(sql.REMOVE_WORK_WITHOUT_IMAGE, (before[1],))
    (image, _) = connection.execute(sql.IMAGE_KEY, (bundle.image.id,)).fetchone()
    return int(image)


def _write_work(connection: sqlite3.Connection, work: Work) -> int:
    connection.execute(sql.UPSERT_WORK, (work.id, record_text(work)))
    (key,) = connection.execute(sql.WORK_KEY, (work.id,)).fetchone()
    connection.execute(sql.CLEAR_WORK_CONCEPTS, (key,))
    connection.executemany(sql.ADD_WORK_CONCEPT, ((concept, key) for concept in work.concepts))
    return int(key)


def _write_regions(
    connection: sqlite3.Connection, image: int, regions: Sequence[Region]
) -> dict[RegionId, int]:
    before: dict[RegionId, int] = dict(connection.execute(sql.REGION_KEYS, (image,)))
    connection.executemany(
        sql.UPSERT_REGION, (rows.region_row(image, region) for region in regions)
    )
    keys: dict[RegionId, int] = dict(connection.execute(sql.REGION_KEYS, (image,)))
    keyed = [(keys[region.id], region) for region in regions]
    updated = [(before[region.id],) for region in regions if region.id in before]
    for statement in (sql.CLEAR_REGION_CONCEPTS, sql.CLEAR_CAPTION, sql.CLEAR_LABELS):
        connection.executemany(statement, updated)
    connection.executemany(
        sql.ADD_REGION_CONCEPT, ((c, key) for key, region in keyed for c in region.concepts)
    )
    connection.executemany(
        sql.ADD_CAPTION,
        ((key, rows.caption_tokens(region.caption)) for key, region in keyed if region.caption),
    )
    labels = [
        (key, confidence, text)
        for key, region in keyed
        for text, confidence in label_confidences(region).items()
    ]
    connection.executemany(sql.KEEP_LABEL_TEXT, {(text,) for _, _, text in labels})
    connection.executemany(sql.ADD_LABEL, labels)
    return keys


def _write_vectors(
    connection: sqlite3.Connection,
    image: int,
    vectors: RegionVectors,
    keys: Mapping[RegionId, int],
) -> None:
    space = vectors.space
    _keep_space(connection, space)
    if not vectors.region_ids:
        return
    new = np.array([keys[region] for region in vectors.region_ids]), vectors.matrix
    old = connection.execute(sql.VECTORS, (space.name, image)).fetchone()
    stored = rows.packed(rows.merged(rows.unpacked(*old), new) if old else new)
    connection.execute(sql.REPLACE_VECTORS, (space.name, image, *stored))


def _keep_space(connection: sqlite3.Connection, space: VectorSpace) -> None:
    known = connection.execute(sql.SPACE, (space.name,)).fetchone()
    if known:
        rows.space_of(known).require_same(space)
    else:
        connection.execute(
            sql.ADD_SPACE, (space.name, space.dim, space.weights_sha256, space.modality.value)
        )


def _remove(
    connection: sqlite3.Connection,
    image: int,
    bundle: ImageBundle,
    keys: Mapping[RegionId, int],
) -> None:
    if bundle.removed_edges:
        connection.execute(sql.REMOVE_EDGES, (rows.id_list(bundle.removed_edges), image))
    if bundle.removed_axes:
        connection.execute(sql.REMOVE_AXES, (image, rows.id_list(bundle.removed_axes)))
    if bundle.removed_regions or bundle.removed_vectors:
        _remove_vectors(connection, image, bundle, keys)
    if bundle.removed_regions:
        removed = rows.id_list(bundle.removed_regions)
        connection.execute(sql.ORPHAN_CHILDREN, (image, removed))
        connection.execute(sql.REMOVE_REGIONS, (image, removed))


def _remove_vectors(
    connection: sqlite3.Connection,
    image: int,
    bundle: ImageBundle,
    keys: Mapping[RegionId, int],
) -> None:
    """Take away the vectors of removed regions in all spaces, and those removed of one."""
    removed = {space: set(bundle.removed_regions) for space, _ in bundle.removed_vectors}
    for space, region in bundle.removed_vectors:
        removed[space].add(region)
    for space, *blobs in connection.execute(sql.VECTORS_OF_IMAGE, (image,)).fetchall():
        regions = removed.get(space, bundle.removed_regions)
        stored, matrix = rows.unpacked(*blobs)
        kept = ~np.isin(stored, [keys[region] for region in regions if region in keys])
        if kept.all():
            continue
        if kept.any():
            block = rows.packed((stored[kept], matrix[kept]))
            connection.execute(sql.REPLACE_VECTORS, (space, image, *block))
        else:
            connection.execute(sql.REMOVE_VECTORS, (space, image))
