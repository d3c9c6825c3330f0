"""The best image of each work, the best works first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iconograph.graph.search.join import Assignments, Join

SCORE_DECIMALS = 6
"""Scores that differ by less are ties, so that both stores order alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An image that answers: the assignments shown for it, best first, as places in `Assignments`.

    There is one assignment, or as many as the largest `count` of the pattern's nodes.
    """

    work: int
    image: int
    score: float
    places: tuple[int, ...]


def ranked(join: Join, assignments: Assignments, limit: int) -> list[Found]:
    """The best image of each of the `limit` best works, ordered by score, then by work id.

    The score of an assignment is the geometric mean of the probabilities of its regions and the
    confidences of its edges, an optional node counting as one of them. An image has the score of
    its best assignment; where a node wants several regions, the mean over the best assignment of
    each of them.
    """
    pattern = join.pattern
    optional = sum(node.optional for node in pattern.nodes)
    factors = len(pattern.required_roles) + optional + sum(not e.negated for e in pattern.edges)
    means = np.exp(assignments.log_score / factors)
    scores = np.round(means, SCORE_DECIMALS).astype(np.float64)
    counts = {n.role: n.count for n in pattern.nodes if n.role in assignments.rows and n.count > 1}
    images = join.candidates.image_of[next(iter(assignments.rows.values()))]
    if counts:
        found = list(_counted(assignments, scores, images, counts))
        return _by_work(join, found, limit)
    return _by_work(join, list(_single(join, assignments, scores, images, limit)), limit)


def _single(
    join: Join,
    assignments: Assignments,
    scores: NDArray[np.float64],
    images: NDArray[np.int32],
    limit: int,
) -> Iterator[tuple[int, float, tuple[int, ...]]]:
    """Image, score and best assignment of the images of the best works."""
    candidates = join.candidates
    best = np.full(len(candidates.image_ids), -1.0)
    np.maximum.at(best, images, scores)
    of_work = np.full(len(candidates.work_ids), -1.0)
    work_of_image = np.zeros(len(candidates.image_ids), np.int64)
    work_of_image[candidates.image_of] = candidates.work_of
    np.maximum.at(of_work, work_of_image, best)
    reached = np.flatnonzero(of_work > 0)
    if len(reached) > limit:
        last = np.partition(of_work[reached], -limit)[-limit]
        reached = reached[of_work[reached] >= last]
    wanted = np.zeros(len(candidates.work_ids), np.bool_)
    wanted[reached] = True
    shown = np.flatnonzero((scores == best[images]) & wanted[work_of_image[images]])
    order = _ordered(assignments.at(shown), scores[shown], images[shown])
    _, first = np.unique(images[shown][order], return_index=True)
    for place in shown[order][first]:
        yield int(images[place]), float(scores[place]), (int(place),)


def _counted(
    assignments: Assignments,
    scores: NDArray[np.float64],
    images: NDArray[np.int32],
    counts: dict[str, int],
) -> Iterator[tuple[int, float, tuple[int, ...]]]:
    """Images where each counted role is filled by enough different regions."""
    order = _ordered(assignments, scores, images)
    edges = np.flatnonzero(np.diff(images[order], prepend=-1, append=-2))
    for start, end in pairwise(edges):
        group = order[start:end]
        places: dict[int, None] = {}
        enough = True
        for role, count in counts.items():
            rows = assignments.rows[role][group]
            _, first = np.unique(rows, return_index=True)
            enough &= len(first) >= count
            places.update(dict.fromkeys(int(p) for p in group[np.sort(first)[:count]]))
        if enough:
            chosen = tuple(places)
            yield int(images[chosen[0]]), float(np.mean(scores[list(chosen)])), chosen


def _ordered(
    assignments: Assignments, scores: NDArray[np.float64], images: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Places by image, then best first, ties by the regions' ids."""
    rows = [assignments.rows[role] for role in sorted(assignments.rows, reverse=True)]
    keys: list[NDArray[np.generic]] = [*rows, -scores, images]
    return np.lexsort(keys)


def _by_work(
    join: Join, found: list[tuple[int, float, tuple[int, ...]]], limit: int
) -> list[Found]:
    candidates = join.candidates
    work_of = {}
    if found:
        images = {image for image, _, _ in found}
        rows = np.flatnonzero(np.isin(candidates.image_of, list(images)))
        work_of = dict(zip(candidates.image_of[rows], candidates.work_of[rows], strict=True))
    best: dict[int, Found] = {}
    for image, score, places in found:
        work = int(work_of[image])
        own = Found(work=work, image=image, score=round(score, SCORE_DECIMALS), places=places)
        if work not in best or _sorting(join, own) < _sorting(join, best[work]):
            best[work] = own
    return sorted(best.values(), key=lambda own: _sorting(join, own))[:limit]


def _sorting(join: Join, found: Found) -> tuple[float, str, str]:
    candidates = join.candidates
    return -found.score, candidates.work_ids[found.work], candidates.image_ids[found.image]
