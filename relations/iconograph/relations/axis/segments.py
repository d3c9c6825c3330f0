"""Lines that are drawn straight: long edges, and the bars between panels.

Segments that lie on one line are joined. A single long edge is weak evidence, since paintings are
full of architecture; for bars see `bars`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Point, folded_angle_deg
from iconograph.relations.axis.bars import frame_bars
from iconograph.relations.axis.lines import (
    Line,
    angle_between_deg,
    chord_of,
    distance_px,
    normal_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.axis.glance import Glance
    from iconograph.relations.thresholds import StraightLines

MOST_SEEDS = 40
"""Longest segments that are tried; a line through the whole picture has one of these."""


def straight_lines(glance: Glance, numbers: StraightLines) -> tuple[Line, ...]:
    """Bars between panels, and those long edges that are not the edges of one."""
    edges = long_edges(glance, numbers)
    reach_px = numbers.thickest_bar_fraction * glance.diagonal_px
    bars: list[Line] = []
    for bar in frame_bars(edges, glance, numbers):
        if not any(_along(bar, other, reach_px, numbers) for other in bars):
            bars.append(bar)
    alone = (e for e in edges if not any(_along(e, bar, reach_px, numbers) for bar in bars))
    return (*bars, *alone)


def long_edges(glance: Glance, numbers: StraightLines) -> tuple[Line, ...]:
    """Edges that run through much of the picture and not along its border, the fullest first.

    Their evidence is `edge_coverage`: the share of the line's way through the picture on which
    segments lie.
    """
    segments = glance.segments_px
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    seeds = np.argsort(-lengths, kind="stable")[:MOST_SEEDS]
    edges = [_joined(segments, seed, glance, numbers) for seed in seeds]
    edges = [e for e in edges if _coverage(e) >= numbers.smallest_edge_coverage]
    near_px = numbers.join_fraction * glance.diagonal_px / 2
    kept: list[Line] = []
    for edge in sorted(edges, key=lambda e: (-_coverage(e), e.centre.x_px, e.centre.y_px)):
        if _is_inside(edge, glance, numbers) and not any(
            _along(edge, other, near_px, numbers) for other in kept
        ):
            kept.append(edge)
    return tuple(kept)


def _parallel(one: Line, other: Line, numbers: StraightLines) -> bool:
    return angle_between_deg(one.angle_deg, other.angle_deg) <= numbers.join_angle_deg


def _along(line: Line, other: Line, reach_px: float, numbers: StraightLines) -> bool:
    """Whether a line runs along another, no further from it than the reach."""
    return _parallel(line, other, numbers) and distance_px(other, line.centre) <= reach_px


def _coverage(edge: Line) -> float:
    return edge.evidence.number("edge_coverage") or 0.0


def _joined(
    segments: NDArray[np.float64], seed: np.intp, glance: Glance, numbers: StraightLines
) -> Line:
    """The seed with all segments that lie on its line."""
    x0, y0, x1, y1 = segments[seed]
    angle_deg = folded_angle_deg(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    across = normal_of(angle_deg)
    along = np.array([across[1], -across[0]])
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    ends = segments.reshape(-1, 2, 2) - middle
    near = np.abs(ends @ across).max(axis=1) <= numbers.join_fraction * glance.diagonal_px / 2
    runs = np.sort(ends[near | (np.arange(len(segments)) == seed)] @ along, axis=1)
    runs = runs[np.argsort(runs[:, 0], kind="stable")]
    reached = np.maximum.accumulate(runs[:, 1])
    before = np.concatenate([runs[:1, 0], reached[:-1]])
    covered_px = float(np.maximum(runs[:, 1] - np.maximum(runs[:, 0], before), 0.0).sum())
    centre = middle + (runs[0, 0] + reached[-1]) / 2 * along
    point = Point(x_px=float(centre[0]), y_px=float(centre[1]))
    _, way_px = chord_of(point, angle_deg, (glance.width_px, glance.height_px))
    coverage = min(1.0, covered_px / max(way_px, covered_px))
    return Line(
        witness="edge",
        centre=point,
        angle_deg=angle_deg,
        length_px=float(reached[-1] - runs[0, 0]),
        strength=float(numbers.edge.probabilities({"coverage": np.array([coverage])})[0]),
        evidence=evidence_of(edge_coverage=coverage),
        from_pixels=True,
    )


def _is_inside(edge: Line, glance: Glance, numbers: StraightLines) -> bool:
    """Whether enough of the picture lies on both sides; else it is a border or its frame."""
    away = glance.cell_centres_px - np.array([edge.centre.x_px, edge.centre.y_px])
    share = float((away @ normal_of(edge.angle_deg) < 0).mean())
    return min(share, 1 - share) >= numbers.smallest_side_fraction
