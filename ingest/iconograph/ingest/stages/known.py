"""What people said of an image before, for drafts that machines are to add to."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeLayer
from iconograph.ingest.runs import origin_of

if TYPE_CHECKING:
    from iconograph.graph.model.run import Run

EXTRACTION_ORIGIN = "extraction"
"""Origin of the runs that find regions in pixels (see `runs.origin_of`)."""

GROUPS_ORIGIN = "groups"
"""Origin of the runs that make groups, scenes and composed captions."""

MACHINE_ORIGINS = frozenset({EXTRACTION_ORIGIN, GROUPS_ORIGIN})
"""Origins whose regions a machine made; they are made anew rather than kept."""


def with_known(draft: ImageBundle, stored: ImageBundle) -> ImageBundle:
    """The draft with the stored regions and asserted edges of sources that it is silent about.

    Without them an extraction would find what a person has outlined already, and relations
    between both would be missing. Vectors are not taken over: stages make them again. Of runs that
    outlined nothing no edge is taken over, so that what they say of other regions stays stored, too.
    """
    taken = {origin_of(run) for run in draft.runs} | MACHINE_ORIGINS
    runs = {run.id: run for run in stored.runs if origin_of(run) not in taken}
    told = {region.id for region in draft.regions}
    regions = {r.id: r for r in stored.regions if r.run_id in runs and r.id not in told}
    if not regions:
        return draft
    speakers = {region.run_id for region in regions.values()}
    edges = tuple(
        edge
        for edge in stored.edges
        if edge.layer is EdgeLayer.ASSERTED
        and edge.run_id in speakers
        and {edge.subject_id, edge.object_id} <= set(regions)
    )
    concepts = {concept.id: concept for concept in (*stored.concepts, *draft.concepts)}
    kept = tuple(
        dataclasses.replace(
            region, parent_id=region.parent_id if region.parent_id in regions else None
        )
        for region in regions.values()
    )
    return dataclasses.replace(
        draft,
        runs=_distinct(*draft.runs, *(runs[run_id] for run_id in sorted(speakers))),
        concepts=tuple(concepts.values()),
        regions=(*draft.regions, *kept),
        edges=(*draft.edges, *edges),
    )


def _distinct(*runs: Run) -> tuple[Run, ...]:
    return tuple({run.id: run for run in runs}.values())
