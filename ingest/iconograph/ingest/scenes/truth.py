"""From a finished stage to exact truth: visible masks, key points, stated relations, captions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.scenes.facing import facing
from iconograph.ingest.scenes.nearness import Extent, derived, same_sides
from iconograph.ingest.scenes.stage import Actor, Entry, Stage
from iconograph.ingest.scenes.values import DrawnKeyPoint, DrawnPart, DrawnRelation
from iconograph.ingest.scenes.words import listed, with_article

SMALLEST_PART_PX2 = 12
"""A part of which less can be seen is left out, with all relations that name it."""

Mask = NDArray[np.bool_]

CLAUSES = {
    EdgeKind.HOLDS: "holding",
    EdgeKind.WEARS: "wearing",
    EdgeKind.POINTS_AT: "pointing at",
    EdgeKind.TOUCHES: "touching",
    EdgeKind.GAZES_AT: "looking at",
}


def truth_of(stage: Stage) -> tuple[tuple[DrawnPart, ...], tuple[DrawnRelation, ...]]:
    """All parts of which enough can be seen, and the relations between them."""
    masks = _masks(stage)
    parts = {entry.id: entry for entry in stage.entries if entry.id in masks}
    stated = list(stage.relations)
    extents = [
        Extent.of(entry.id, masks[entry.id])
        for entry in parts.values()
        if entry.kind in {RegionKind.PERSON, RegionKind.ANIMAL}
    ]
    stated += derived(extents, stated, _hidden(stage))
    stated += facing(stage.actors, {extent.id: extent.middle_px for extent in extents})
    stated += same_sides(stated)
    relations = tuple(
        dict.fromkeys(r for r in stated if r.subject_id in parts and r.object_id in parts)
    )
    actors = {actor.id: actor for actor in stage.actors}
    parents = _parents(parts.values())
    drawn = (
        replace(
            _part(entry, masks, _caption(stage, entry, parts, relations), actors.get(entry.id)),
            parent_id=parents[entry.id],
        )
        for entry in parts.values()
    )
    return tuple(drawn), relations


def _masks(stage: Stage) -> dict[int, Mask]:
    children = defaultdict(list)
    for entry in stage.entries:
        if entry.parent_id is not None:
            children[entry.parent_id].append(entry.id)
    masks: dict[int, Mask] = {}
    for entry in stage.entries:
        if entry.level is Level.SCENE:
            masks[entry.id] = np.ones(stage.canvas.owners.shape, dtype=bool)
            continue
        owners = [entry.id, *children[entry.id]]
        for member in entry.members:
            owners += [member, *children[member]]
        belongs = np.zeros(len(stage.entries) + 1, dtype=bool)
        belongs[owners] = True
        masks[entry.id] = belongs[stage.canvas.owners]
    return {i: mask for i, mask in masks.items() if np.count_nonzero(mask) >= SMALLEST_PART_PX2}


def _hidden(stage: Stage) -> dict[tuple[int, int], int]:
    """Pixels that one figure or animal hides of another, worn things counted as their wearer."""
    whole = {entry.id: entry.parent_id or entry.id for entry in stage.entries}
    hidden: dict[tuple[int, int], int] = defaultdict(int)
    for (front, back), pixels in stage.canvas.covered.items():
        hidden[whole[front], whole[back]] += pixels
    return hidden


def _parents(entries: Iterable[Entry]) -> dict[int, int | None]:
    """The smallest whole of each part: its wearer, else its group, else the scene."""
    entries = tuple(entries)
    scene = next(e.id for e in entries if e.level is Level.SCENE)
    group = {i: e.id for e in entries for i in e.members}
    return {e.id: None if e.id == scene else e.parent_id or group.get(e.id, scene) for e in entries}


def _part(entry: Entry, masks: Mapping[int, Mask], caption: str, actor: Actor | None) -> DrawnPart:
    mask = masks[entry.id]
    if actor is None:
        return DrawnPart(
            id=entry.id, level=entry.level, kind=entry.kind, label=entry.label, caption=caption,
            mask=mask, attributes=entry.attributes,
        )  # fmt: skip
    gaze = actor.gaze
    if gaze and gaze.target_id not in masks and gaze.target_id is not None:
        gaze = None
    return DrawnPart(
        id=entry.id, level=entry.level, kind=entry.kind, label=entry.label, caption=caption,
        mask=mask, key_points=_key_points(actor, mask),
        head=_head_box(actor, mask.shape), hands=_hands(actor, mask), gaze=gaze,
        attributes=(("is", entry.words), ("sex", actor.figure.sex), ("stance", actor.figure.stance)),
    )  # fmt: skip


def _seen(x: float, y: float, mask: Mask) -> int:
    """The COCO visibility of a point: 0 outside the picture, 1 hidden, 2 on the figure's mask."""
    column, row = int(np.floor(x)), int(np.floor(y))
    if not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]):
        return 0
    return 2 if mask[row, column] else 1


def _key_points(actor: Actor, mask: Mask) -> tuple[DrawnKeyPoint, ...]:
    points = actor.points
    named = (points[name] for name in COCO_KEY_POINTS)
    return tuple(
        DrawnKeyPoint(x_px=x, y_px=y, visibility=seen) if (seen := _seen(x, y, mask)) else _OUTSIDE
        for x, y in named
    )


_OUTSIDE = DrawnKeyPoint(x_px=0.0, y_px=0.0, visibility=0)


def _hands(actor: Actor, mask: Mask) -> tuple[tuple[float, float], ...]:
    wrists = (actor.skeleton[f"{side}_wrist"] for side in ("right", "left"))
    height, width = mask.shape
    return tuple((x, y) for x, y in wrists if 0 <= x < width and 0 <= y < height)


def _head_box(actor: Actor, shape: tuple[int, ...]) -> tuple[float, float, float, float] | None:
    (x, y), u = actor.skeleton["head"], actor.skeleton.unit_px
    x0, y0 = max(0.0, x - 0.46 * u), max(0.0, y - 0.56 * u)
    x1, y1 = min(float(shape[1]), x + 0.46 * u), min(float(shape[0]), y + 0.52 * u)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _caption(
    stage: Stage,
    entry: Entry,
    parts: Mapping[int, Entry],
    relations: Iterable[DrawnRelation],
) -> str:
    relations = tuple(relations)
    if entry.level is Level.SCENE:
        alone = [p for p in parts.values() if p.level is Level.ENTITY and p.parent_id is None]
        people = [p for p in alone if p.kind is RegionKind.PERSON]
        animals = [p for p in alone if p.kind is RegionKind.ANIMAL]
        heads = people + animals or [p for p in alone if p.kind is RegionKind.OBJECT]
        return f"{stage.title}: " + "; ".join(_clause(p, parts, relations) for p in heads)
    if entry.level is Level.GROUP:
        members = [parts[i] for i in entry.members if i in parts]
        return f"{entry.label}: " + "; ".join(_clause(m, parts, relations) for m in members)
    if entry.parent_id is not None and entry.parent_id in parts:
        return f"{with_article(entry.label)} of {parts[entry.parent_id].label}"
    return _clause(entry, parts, relations)


def _clause(entry: Entry, parts: Mapping[int, Entry], relations: tuple[DrawnRelation, ...]) -> str:
    """`Mary, a woman, wearing a blue mantle, holding an open book`."""
    named = entry.label if entry.label in entry.words else f"{entry.label}, {entry.words}"
    said = [named if entry.label not in entry.words else entry.words]
    for kind, words in CLAUSES.items():
        ends = [
            parts[r.object_id].words
            if kind is EdgeKind.HOLDS
            else with_article(parts[r.object_id].label)
            for r in relations
            if r.kind is kind and r.subject_id == entry.id
        ]
        if ends:
            said.append(f"{words} {listed(ends)}")
    return ", ".join(said)
