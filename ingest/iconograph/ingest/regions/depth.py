"""How many regions a picture deserves, how small they may be, and which ones these are.

    detail   = sqrt(megapixels), between `smallest_detail` and `largest_detail`
    spread   = 1 + spread_weight x log10(90th / 10th percentile of the areas) / 2
    subjects = regions_per_sitter x figures                              of a portrait
             = things_per_picture + regions_per_figure x figures         of a composition
    regions  = budget x detail x spread x subjects, between `fewest_regions` and `most_regions`

    smallest = smallest_fraction x picture / sqrt(figures + 1) / budget, at least `smallest_area_px2`;
               of a portrait with `sitter_smallest_fraction`

Figures are counted by their confidences: two of 0.5 are one. With things of one size a sitter on one
megapixel gets 16 regions, a hundred figures there get 412, and twice as many when it goes deep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.regions.forest import BELONGINGS, FIGURES
from iconograph.ingest.regions.overlaps import box_areas_px2, box_shared_px2, boxes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iconograph.ingest.regions.numbers import DepthNumbers
    from iconograph.ingest.regions.proposal import Proposal


class Budget(StrEnum):
    """How much of a picture is wanted, against what it costs."""

    FAST = "fast"
    NORMAL = "normal"
    DEEP = "deep"


class Route(StrEnum):
    """How a picture is gone through.

    PORTRAIT: one figure dominates, and its parts are wanted beside it. COMPOSITION: figures first,
    then things, then parts.
    """

    PORTRAIT = "portrait"
    COMPOSITION = "composition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """What a picture deserves: the most regions, and the area of the smallest."""

    route: Route
    most_regions: int
    smallest_area_px2: float


def depth_of(
    proposals: Sequence[Proposal],
    *,
    picture_px2: float,
    budget: Budget,
    numbers: DepthNumbers,
) -> Depth:
    """The depth of a picture by the formula of this module."""
    route = route_of(proposals, picture_px2=picture_px2, numbers=numbers)
    figures = sum(p.confidence for p in proposals if p.kind is RegionKind.PERSON)
    factor = numbers.budgets[budget.value]
    detail = min(max(math.sqrt(picture_px2 / 1e6), numbers.smallest_detail), numbers.largest_detail)
    if route is Route.PORTRAIT:
        subjects, fraction = (
            numbers.regions_per_sitter * max(1.0, figures),
            numbers.sitter_smallest_fraction,
        )
    else:
        subjects = numbers.things_per_picture + numbers.regions_per_figure * figures
        fraction = numbers.smallest_fraction
    regions = factor * detail * _spread(proposals, numbers) * subjects
    least_px2 = fraction * picture_px2 / math.sqrt(figures + 1) / factor
    return Depth(
        route=route,
        most_regions=min(max(round(regions), numbers.fewest_regions), numbers.most_regions),
        smallest_area_px2=max(numbers.smallest_area_px2, least_px2),
    )


def route_of(proposals: Sequence[Proposal], *, picture_px2: float, numbers: DepthNumbers) -> Route:
    """PORTRAIT where one of a few persons is large, and much larger than the next."""
    persons = [
        proposal
        for proposal in proposals
        if proposal.kind is RegionKind.PERSON and proposal.confidence >= 0.5  # noqa: PLR2004  likelier than not
    ]
    areas = sorted((p.mask.area_px2 / picture_px2 for p in persons), reverse=True)
    if not areas or len(areas) > numbers.sitter_most_figures:
        return Route.COMPOSITION
    next_one = areas[1] if len(areas) > 1 else 0.0
    dominates = areas[0] >= numbers.sitter_fraction and areas[0] >= numbers.sitter_ratio * next_one
    return Route.PORTRAIT if dominates else Route.COMPOSITION


def selected(proposals: Sequence[Proposal], depth: Depth, numbers: DepthNumbers) -> tuple[int, ...]:
    """The indices of the best proposals until the budget is used up, in order of choice.

    Each time the one with the highest confidence x novelty, where novelty is 1 less the largest box
    IoU with a chosen one of its kind; first by rank (see `Route`), those too small left out. Without
    names an area is chosen after those that have one.
    """
    masks = [proposal.mask for proposal in proposals]
    boxes = boxes_of(masks)
    worth = np.array([_worth(proposal, depth.route, numbers) for proposal in proposals])
    ranks = np.array([_rank(proposal, depth.route) for proposal in proposals], np.int64)
    kinds = np.array([proposal.kind.value for proposal in proposals], dtype=np.str_)
    free = np.array([m.area_px2 >= depth.smallest_area_px2 for m in masks], np.bool_)
    novelty, areas = np.ones(len(masks)), box_areas_px2(boxes)
    chosen: list[int] = []
    while len(chosen) < depth.most_regions and free.any():
        first = free & (ranks == ranks[free].min())
        best = int(np.where(first, worth * novelty, -1.0).argmax())
        chosen.append(best)
        free[best] = False
        shared = box_shared_px2(boxes[best], boxes)
        ious = np.where(kinds == kinds[best], shared / (areas + areas[best] - shared), 0.0)
        novelty = np.minimum(novelty, 1.0 - ious)
    return tuple(chosen)


def _spread(proposals: Sequence[Proposal], numbers: DepthNumbers) -> float:
    if not proposals:
        return 1.0
    areas = np.array([proposal.mask.area_px2 for proposal in proposals], np.float64)
    low, high = np.quantile(areas, (0.1, 0.9))
    return 1.0 + numbers.spread_weight * math.log10(high / low) / 2


def _worth(proposal: Proposal, route: Route, numbers: DepthNumbers) -> float:
    sitters = route is Route.PORTRAIT and proposal.kind in BELONGINGS
    return proposal.confidence * (numbers.sitter_part_weight if sitters else 1.0)


def _rank(proposal: Proposal, route: Route) -> int:
    """Figures, things, belongings, what has no name; a sitter's belongings come with the things."""
    if proposal.kind in FIGURES:
        return 0
    if not proposal.labels:
        return 3
    return 1 if route is Route.PORTRAIT or proposal.kind not in BELONGINGS else 2
