"""Bars between panels: frames, and the gaps between wings.

A bar is an even strip from side to side of the picture between two straight parallel edges, upright or
level or a little askew. Colours are compared, not their lightness alone: a golden bar before a pale
ground is as light as that. A column is no bar, for its shading is uneven, and it has a base and a
capital; nor is what a figure stands before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Point, folded_angle_deg
from iconograph.relations.axis.lines import Line, angle_between_deg, chord_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from iconograph.relations.axis.glance import Glance
    from iconograph.relations.thresholds import StraightLines

STATIONS = 64
"""Places along a bar at which its colours are looked at, each a mean of what lies there."""

BESIDE_PX = 2
"""How far on both sides of an edge colours are compared, in pixels of the copy."""

SMALLEST_SIDE_PX = 16
MOST_SLOPES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A strip across the copy's columns `start` to `end`; coverage and evenness are 0..1."""

    start: int
    end: int
    coverage: float
    evenness: float

    @property
    def middle(self) -> float:
        """Halfway between its edges."""
        return (self.start + self.end) / 2


def frame_bars(edges: Iterable[Line], glance: Glance, numbers: StraightLines) -> list[Line]:
    """All bars, the fullest first; `edges` are long ones, which tell how far bars may be askew.

    Their evidence is `bar_coverage`, the share of the way on which colours differ across their edges,
    and `bar_evenness`, the share on which the strip has its one colour, shaded at most from end to end.
    """
    edges, found = list(edges), []
    for turn_deg, lab in ((90.0, glance.lab), (0.0, glance.lab.swapaxes(0, 1))):
        if min(lab.shape[:2]) < SMALLEST_SIDE_PX:
            continue
        colours = _colours(lab)
        for slope in _slopes(edges, turn_deg, lab.shape[0], numbers):
            leaning = _leaning(colours, slope * lab.shape[0] / len(colours))
            found += [
                _line(strip, slope, glance, upright=turn_deg > 0, numbers=numbers)
                for strip in _strips(leaning, glance, numbers)
            ]
    return sorted(found, key=lambda bar: -bar.strength)


def _slopes(
    edges: Sequence[Line], turn_deg: float, length: int, numbers: StraightLines
) -> list[float]:
    """Steps aside for each step along: none, and those of edges that are a little askew."""
    askew = (
        math.tan(math.radians(turn_deg - edge.angle_deg if turn_deg else edge.angle_deg))
        for edge in edges
        if angle_between_deg(edge.angle_deg, turn_deg) <= numbers.most_askew_deg
    )
    # Less than an edge's breadth from end to end is none.
    steps = dict.fromkeys(round(slope * length / (2 * BESIDE_PX)) for slope in askew)
    slopes = [step * 2 * BESIDE_PX / length for step in steps if step]
    return [0.0, *slopes[:MOST_SLOPES]]


def _colours(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean colours at each station of each column, stations x columns x 3."""
    import cv2

    size = (lab.shape[1], min(STATIONS, lab.shape[0]))
    return np.asarray(cv2.resize(lab, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _leaning(colours: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """The same of columns that lean so many to the right with each station."""
    import cv2

    if step == 0.0:
        return colours
    stations, width = colours.shape[:2]
    lean = np.array([[1.0, step, -step * (stations - 1) / 2], [0.0, 1.0, 0.0]])
    flags, mode = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
    leant = cv2.warpAffine(colours, lean, (width, stations), flags=flags, borderMode=mode)
    return np.asarray(leant, dtype=np.float32)


def _strips(
    colours: NDArray[np.float32], glance: Glance, numbers: StraightLines
) -> Iterator[Strip]:
    """Even strips between edges, not two of them nearer to each other than a bar may be thick.

    Of those that lie together the broadest, for frames are moulded.
    """
    width = colours.shape[1]
    diagonal = float(np.hypot(*glance.lab.shape[:2]))
    thinnest = max(3.0, numbers.join_fraction * diagonal / 2)
    thickest = numbers.thickest_bar_fraction * diagonal
    inner = numbers.smallest_side_fraction * width
    coverages = _edge_coverages(colours, numbers.smallest_bar_contrast)
    places = _peaks(coverages, numbers.smallest_bar_coverage)
    places = places[(places >= inner) & (places <= width - inner)].tolist()
    pairs = [(a, b) for a in places for b in places if thinnest <= b - a <= thickest]
    taken: list[Strip] = []
    for start, end in sorted(pairs, key=lambda pair: (pair[0] - pair[1], pair)):
        evenness = _evenness(colours[:, start + 1 : end - 1], numbers.most_bar_unevenness)
        coverage = float(coverages[start] + coverages[end]) / 2
        strip = Strip(start=start, end=end, coverage=coverage, evenness=evenness)
        near = (abs(strip.middle - other.middle) <= thickest for other in taken)
        if evenness >= numbers.smallest_bar_evenness and not any(near):
            taken.append(strip)
            yield strip


def _edge_coverages(colours: NDArray[np.float32], smallest_contrast: float) -> NDArray[np.float64]:
    """Share of stations at which the colours left and right of each column's left edge differ."""
    sums = np.cumsum(colours, axis=1)
    sums = np.concatenate([np.zeros_like(sums[:, :1]), sums], axis=1)
    left = sums[:, BESIDE_PX:-BESIDE_PX] - sums[:, : -2 * BESIDE_PX]
    right = sums[:, 2 * BESIDE_PX :] - sums[:, BESIDE_PX:-BESIDE_PX]
    apart = ((right - left) ** 2).sum(axis=2) >= (smallest_contrast * BESIDE_PX) ** 2
    inside = apart.mean(axis=0)
    return np.pad(inside, BESIDE_PX)


def _peaks(coverages: NDArray[np.float64], smallest: float) -> NDArray[np.intp]:
    """Where coverages are large, and largest within the breadth of an edge."""
    around = np.pad(coverages, BESIDE_PX)
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * BESIDE_PX + 1)
    return np.flatnonzero((coverages >= smallest) & (coverages >= windows.max(axis=1)))


def _evenness(strip: NDArray[np.float32], most_unevenness: float) -> float:
    """The share of stations with the strip's one colour, that of its least even column.

    A steady change from end to end, as light falls, is taken out: by medians of the end thirds.
    """
    stations = len(strip)
    third = max(1, stations // 3)
    rise = np.median(strip[-third:], axis=0) - np.median(strip[:third], axis=0)
    ways = (np.arange(stations) - (stations - 1) / 2) / max(1, stations - third)
    flat = strip - ways[:, np.newaxis, np.newaxis] * rise
    off = np.linalg.norm(flat - np.median(flat, axis=0), axis=2)
    return float((off < most_unevenness).mean(axis=0).min())


def _line(
    strip: Strip, slope: float, glance: Glance, *, upright: bool, numbers: StraightLines
) -> Line:
    """The middle line of a strip."""
    rows, columns = glance.lab.shape[:2]
    at = strip.middle / (columns if upright else rows)
    x, y = (at, 0.5) if upright else (0.5, at)
    x_px, y_px = x * glance.width_px, y * glance.height_px
    lean_deg = math.degrees(math.atan(slope))
    angle_deg = folded_angle_deg(90.0 - lean_deg if upright else lean_deg)
    size_px = (glance.width_px, glance.height_px)
    centre, length_px = chord_of(Point(x_px=x_px, y_px=y_px), angle_deg, size_px)
    thickness = (strip.end - strip.start) * math.cos(math.atan(slope))
    scale = glance.width_px / columns if upright else glance.height_px / rows
    return Line(
        witness="bar",
        centre=centre,
        angle_deg=angle_deg,
        length_px=length_px,
        strength=numbers.bar_strength * strip.coverage,
        evidence=evidence_of(
            bar_coverage=strip.coverage,
            bar_evenness=strip.evenness,
            thickness_px=thickness * scale,
        ),
        from_pixels=True,
    )
