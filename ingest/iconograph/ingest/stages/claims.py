"""What models add to regions that people gave: only what these lack, and told apart from it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from iconograph.graph.model.pose import Pose
from iconograph.graph.model.region import RegionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iconograph.graph.model.ids import RegionId, RunId
    from iconograph.graph.model.pose import Gaze
    from iconograph.graph.model.region import Region

KEY_POINTS, HEAD, HANDS, FINGERS, GAZE, KIND = ADDED = (
    "key points seen",
    "head seen",
    "hands seen",
    "index fingers seen",
    "gaze seen",
    "kind seen",
)
"""Attributes of a region for what was added to it; their value is the id of the run that did."""

BODY_FIELDS = (
    (KEY_POINTS, "key_points"),
    (HEAD, "head"),
    (HANDS, "hands"),
    (FINGERS, "index_fingers"),
)
"""Fields of a pose with the attribute that each is told by."""


def as_given(region: Region) -> Region:
    """The region as it would be had no model added to it."""
    marks = dict(region.attributes).keys() & set(ADDED)
    if not marks:
        return region
    pose = region.pose
    if pose:
        bare = Pose()
        seen = {field: getattr(bare, field) for mark, field in BODY_FIELDS if mark in marks}
        pose = dataclasses.replace(pose, **seen)
    return dataclasses.replace(
        region,
        kind=RegionKind.UNKNOWN if KIND in marks else region.kind,
        pose=pose if pose and dataclasses.replace(pose, method="") != Pose() else None,
        gaze=None if GAZE in marks else region.gaze,
        attributes=tuple(pair for pair in region.attributes if pair[0] not in marks),
    )


def with_seen(
    region: Region,
    pose: Pose | None,
    gaze: Gaze | None,
    run_id: RunId,
    *,
    kind: RegionKind = RegionKind.UNKNOWN,
) -> Region:
    """The region with what the run saw of it, as far as it lacks that; what is there stays."""
    given, seen = region.pose or Pose(), pose or Pose()
    added = {
        mark: field
        for mark, field in BODY_FIELDS
        if getattr(seen, field) and not getattr(given, field)
    }
    marks = list(added)
    if added:
        method = region.pose.method if region.pose else seen.method
        new = {field: getattr(seen, field) for field in added.values()}
        given = dataclasses.replace(given, **new, method=method)
    if gaze and region.gaze is None:
        marks.append(GAZE)
    if kind is not region.kind and region.kind is RegionKind.UNKNOWN:
        marks.append(KIND)
    return dataclasses.replace(
        region,
        kind=kind if KIND in marks else region.kind,
        pose=given if added else region.pose,
        gaze=region.gaze or gaze,
        attributes=(*region.attributes, *((mark, run_id) for mark in marks)),
    )


def with_kinds_found(
    known: Sequence[Region],
    found: Sequence[Region],
    same: Mapping[RegionId, RegionId],
    run_id: RunId,
) -> tuple[Region, ...]:
    """The known regions, those of no kind with kind, pose and gaze of what was found there.

    `same` are the found regions that are known ones. Of several a person counts before things.
    """
    by_id = {region.id: region for region in found if region.kind is not RegionKind.UNKNOWN}
    pairs = [
        (known_id, by_id[found_id]) for found_id, known_id in same.items() if found_id in by_id
    ]
    there = dict(sorted(pairs, key=lambda pair: pair[1].kind is RegionKind.PERSON))
    return tuple(
        with_seen(region, seen.pose, seen.gaze, run_id, kind=seen.kind)
        if (seen := there.get(region.id)) and region.kind is RegionKind.UNKNOWN
        else region
        for region in known
    )
