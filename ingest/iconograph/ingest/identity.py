"""Keeps identities when an image is ingested again, and works out what is gone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np

from iconograph.graph.model.axis import Axis
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge, EdgeLayer, EdgeStatus, edge_of
from iconograph.graph.model.ids import AxisId, RegionId, RunId
from iconograph.graph.model.region import Region
from iconograph.graph.model.vector import RegionVectors
from iconograph.graph.model.work import Work
from iconograph.ingest.freshness import stale_vectors
from iconograph.ingest.matching import Names, kept_names
from iconograph.ingest.runs import origin_of
from iconograph.ingest.works import unknown_work

SAME_VECTOR_TOLERANCE = 1e-6
_Kept = Region | Edge | Axis | Concept


def reconciled(new: ImageBundle, stored: ImageBundle | None) -> ImageBundle:
    """The new bundle as it should be written over the stored one.

    - A region keeps the id of the stored region that it is (see `matching.kept_names`).
    - What an origin of the new bundle (see `runs.origin_of`) said before and says no more is
      removed; facts of other origins stay.
    - Reviewed edges, and asserted ones of other origins, are neither changed nor removed, nor are
      the regions at their ends.
    - A work known by its file name alone does not overwrite a stored one.
    - Stored vectors that no longer hold (see `freshness.stale_vectors`) are removed unless the new
      bundle brings others.
    """
    if stored is None:
        return new
    origins = _origins(new, stored)
    renewed = {origins[run.id] for run in new.runs}
    names = kept_names(new.regions, stored.regions, origins)
    regions = tuple(_renamed_region(region, names) for region in new.regions)
    reviewed = {edge.id for edge in stored.edges if edge.status is not EdgeStatus.MACHINE}
    renamed = (_renamed_edge(edge, names) for edge in new.edges)
    edges = tuple(edge for edge in renamed if edge.id not in reviewed)
    safe = [edge for edge in stored.edges if _is_safe(edge, origins, renewed)]
    said = {region.id for region in regions}
    unsaid = {region.id: region for region in stored.regions if region.id not in said}
    others = {region.id for region in unsaid.values() if origins[region.run_id] not in renewed}
    ends = {end for edge in safe for end in (edge.subject_id, edge.object_id)}
    kept_regions = said | _with_named(ends | others, unsaid)
    kept_edges = {edge.id for edge in (*edges, *safe)}
    gone = frozenset(edge.id for edge in stored.edges if origins[edge.run_id] in renewed)
    work = _better_known(new, stored)
    return dataclasses.replace(
        new,
        work=work,
        image=dataclasses.replace(new.image, work_id=work.id),
        regions=regions,
        edges=edges,
        vectors=tuple(_renamed_vectors(vectors, names) for vectors in new.vectors),
        removed_regions=(frozenset(unsaid) | new.removed_regions) - kept_regions,
        removed_edges=(gone | new.removed_edges) - kept_edges,
        removed_axes=_axes_gone(new, stored, origins, renewed),
        removed_vectors=_vectors_gone(new, stored, names, regions),
    )


def changes_nothing(new: ImageBundle, stored: ImageBundle | None) -> bool:
    """Whether writing a reconciled bundle would leave the stored one as it is.

    A run that no fact names is no change: facts that are the same name the same runs.
    """
    removed = (new.removed_regions, new.removed_edges, new.removed_axes, new.removed_vectors)
    if stored is None or any(removed):
        return False
    return (
        (new.work, new.image) == (stored.work, stored.image)
        and _all_there(new.regions, stored.regions)
        and _all_there(new.edges, stored.edges)
        and _all_there(new.axes, stored.axes)
        and _all_there(new.concepts, stored.concepts)
        and all(_same_vectors(vectors, stored.vectors) for vectors in new.vectors)
    )


def _origins(*bundles: ImageBundle) -> dict[RunId, str]:
    return {run.id: origin_of(run) for bundle in bundles for run in bundle.runs}


def _is_safe(edge: Edge, origins: dict[RunId, str], renewed: set[str]) -> bool:
    """Whether an edge stays whatever the new bundle says."""
    said_by_others = origins[edge.run_id] not in renewed
    return edge.status is not EdgeStatus.MACHINE or (
        edge.layer is EdgeLayer.ASSERTED and said_by_others
    )


def _axes_gone(
    new: ImageBundle, stored: ImageBundle, origins: dict[RunId, str], renewed: set[str]
) -> frozenset[AxisId]:
    gone = frozenset(axis.id for axis in stored.axes if origins[axis.run_id] in renewed)
    return (gone | new.removed_axes) - {axis.id for axis in new.axes}


def _better_known(new: ImageBundle, stored: ImageBundle) -> Work:
    """The work of the new bundle, unless it is known by its file name alone."""
    unknown = new.work == unknown_work(new.image.id, new.image.file_name)
    return stored.work if unknown else new.work


def _vectors_gone(
    new: ImageBundle, stored: ImageBundle, names: Names, regions: Iterable[Region]
) -> frozenset[tuple[str, RegionId]]:
    """Stored vectors that were taken away or hold no more, unless others come in their place."""
    taken = frozenset((space, names.get(i, i)) for space, i in new.removed_vectors)
    given = {(space, names[i]) for space, i in _held(new)}
    return (taken | stale_vectors(regions, stored)) & _held(stored) - given


def _held(bundle: ImageBundle) -> frozenset[tuple[str, RegionId]]:
    """Which regions have a vector in which spaces."""
    return frozenset((v.space.name, i) for v in bundle.vectors for i in v.region_ids)


def _with_named(ids: set[RegionId], regions: Mapping[RegionId, Region]) -> set[RegionId]:
    """The ids, and those of the regions that these name as parent or gaze target, and so on."""
    reached: set[RegionId] = set()
    waiting = list(ids)
    while waiting:
        region_id = waiting.pop()
        if region_id in reached or region_id not in regions:
            continue
        reached.add(region_id)
        region = regions[region_id]
        target = region.gaze.target_region if region.gaze else None
        waiting += [name for name in (region.parent_id, target) if name is not None]
    return ids | reached


def _renamed_region(region: Region, names: Names) -> Region:
    gaze = region.gaze
    if gaze and gaze.target_region:
        gaze = dataclasses.replace(gaze, target_region=names[gaze.target_region])
    own_id, parent_id = names[region.id], names[region.parent_id] if region.parent_id else None
    if (own_id, parent_id, gaze) == (region.id, region.parent_id, region.gaze):
        return region
    return dataclasses.replace(region, id=own_id, parent_id=parent_id, gaze=gaze)


def _renamed_edge(edge: Edge, names: Names) -> Edge:
    subject_id, object_id = names[edge.subject_id], names[edge.object_id]
    if (subject_id, object_id) == (edge.subject_id, edge.object_id):
        return edge
    return edge_of(
        edge.kind,
        subject_id,
        object_id,
        image_id=edge.image_id,
        confidence=edge.confidence,
        layer=edge.layer,
        method=edge.method,
        run_id=edge.run_id,
        evidence=edge.evidence,
        status=edge.status,
        review=edge.review,
    )


def _renamed_vectors(vectors: RegionVectors, names: Names) -> RegionVectors:
    renamed = tuple(names[region_id] for region_id in vectors.region_ids)
    return dataclasses.replace(vectors, region_ids=renamed)


def _all_there(said: Iterable[_Kept], kept: Iterable[_Kept]) -> bool:
    by_id = {value.id: value for value in kept}
    return all(by_id.get(value.id) == value for value in said)


def _same_vectors(said: RegionVectors, kept: Iterable[RegionVectors]) -> bool:
    for vectors in kept:
        if vectors.space == said.space:
            rows = {region_id: row for row, region_id in enumerate(vectors.region_ids)}
            if not set(said.region_ids) <= set(rows):
                return False
            same_rows = vectors.matrix[[rows[region_id] for region_id in said.region_ids]]
            return bool(np.allclose(said.matrix, same_rows, atol=SAME_VECTOR_TOLERANCE))
    return False
