"""Divides that are things: a column between two men, the mandorla around a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from iconograph.graph.model.edge import evidence_of
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.region import RegionKind
from iconograph.relations.axis.lines import Line, sides_of
from iconograph.relations.pairs import covered_fractions
from iconograph.relations.words import WordGroup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Divides, Thresholds

MOST_THINGS = 32
"""Highest things that are tried as standing between figures."""


def standing_things(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """Long things that part by their nature and have figures on both sides: columns, cloud banks.

    The line is the longer axis of the thing's oriented box, so it may slant.
    """
    numbers = thresholds.divides
    parting = scene.groups[WordGroup.STANDING] | scene.groups[WordGroup.ENCLOSING]
    lines = []
    for row in np.flatnonzero(parting & ~_figures(scene)):
        box = scene.regions[row].oriented_box
        if box.width_px < numbers.smallest_elongation * box.height_px:
            continue
        line = Line(
            witness="standing",
            centre=box.centre,
            angle_deg=box.angle_deg,
            length_px=box.width_px,
            strength=numbers.standing_strength,
            evidence=evidence_of(
                elongation=box.width_px / box.height_px, thickness_px=box.height_px
            ),
        )
        left, right = _clear(scene, line, thresholds)
        if left.any() and right.any():
            lines.append(line)
    return tuple(lines)


def parting_things(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """High things that nobody carries and that fill the way between figures: a tree, a river, a frame.

    They part by where they are. The line is the upright middle of the thing's box; the thing must
    fill it as high as the figures beside it reach, and there be narrow, as no wall or ground is.
    """
    numbers = thresholds.divides
    lines = []
    for row in _high_things(scene):
        x0, y0, x1, y1 = scene.boxes_px[row].tolist()
        line = Line(
            witness="between",
            centre=Point(x_px=(x0 + x1) / 2, y_px=(y0 + y1) / 2),
            angle_deg=90.0,
            length_px=y1 - y0,
            strength=numbers.parting_strength,
            evidence=evidence_of(between_height_px=y1 - y0),
        )
        left, right = _clear(scene, line, thresholds)
        if left.any() and right.any() and _fills(scene, row, left | right, numbers):
            lines.append(line)
    return tuple(lines)


def _high_things(scene: Scene) -> NDArray[np.intp]:
    """The highest things that are neither figures nor parts of them nor carried by them."""
    carried = scene.groups[WordGroup.PORTABLE] | scene.groups[WordGroup.WORN] | _figures(scene)
    carried |= scene.groups[WordGroup.ENCLOSING]
    carried |= scene.of_kind(RegionKind.PART, RegionKind.ATTRIBUTE, RegionKind.ORNAMENT)
    rows = np.flatnonzero(~carried)
    order = np.argsort(-scene.heights_px[rows], kind="stable")
    return np.asarray(rows[order[:MOST_THINGS]], dtype=np.intp)


def _fills(scene: Scene, row: np.intp, beside: NDArray[np.bool_], numbers: Divides) -> bool:
    """Whether a thing fills the upright through its middle, and little more, beside figures.

    More is asked of a thing known by its box alone, for a box overstates what is filled.
    """
    x0, _, x1, _ = scene.boxes_px[row]
    top, bottom = scene.boxes_px[beside, 1].min(), scene.boxes_px[beside, 3].max()
    upright = shapely.LineString([((x0 + x1) / 2, top), ((x0 + x1) / 2, bottom)])
    shape = scene.shapes[row]
    thickness_px = shapely.area(shapely.clip_by_rect(shape, x0, top, x1, bottom)) / (bottom - top)
    if thickness_px > numbers.most_thickness_fraction * (bottom - top):
        return False
    filled = shapely.length(shapely.intersection(shape, upright)) / (bottom - top)
    boxed, outlined = numbers.smallest_filled_box_fraction, numbers.smallest_filled_fraction
    return bool(filled >= (boxed if scene.upright[row] else outlined))


def enclosing_sides(scene: Scene, thresholds: Thresholds) -> tuple[Line, ...]:
    """Those sides of a mandorla, cloud or niche that have figures within and figures beyond."""
    figures = np.flatnonzero(_figures(scene))
    lines = []
    for row in np.flatnonzero(scene.groups[WordGroup.ENCLOSING] & ~_figures(scene)):
        pairs = (np.full_like(figures, row), figures)
        covered = np.zeros(len(scene.regions))
        covered[figures] = covered_fractions(scene, pairs)
        within = covered >= thresholds.divides.smallest_enclosed_fraction
        for outward, line in _sides(scene.regions[row].box, thresholds):
            first, second = _clear(scene, line, thresholds)
            inner, outer = (first, second) if outward > 0 else (second, first)
            if (inner & within).any() and (outer & ~within).any():
                lines.append(line)
    return tuple(lines)


def _sides(box: Box, thresholds: Thresholds) -> list[tuple[int, Line]]:
    """The sides of a box as lines; the sign is that of distances outside it."""
    x0, y0, x1, y1 = box.corners_px
    middle = box.centre
    return [
        (
            outward,
            Line(
                witness="enclosing",
                centre=Point(x_px=x, y_px=y),
                angle_deg=angle_deg,
                length_px=length_px,
                strength=thresholds.divides.enclosing_strength,
                evidence=evidence_of(enclosed_width_px=x1 - x0, enclosed_height_px=y1 - y0),
            ),
        )
        for outward, x, y, angle_deg, length_px in (
            (-1, x0, middle.y_px, 90.0, y1 - y0),
            (1, x1, middle.y_px, 90.0, y1 - y0),
            (-1, middle.x_px, y0, 0.0, x1 - x0),
            (1, middle.x_px, y1, 0.0, x1 - x0),
        )
    ]


def _clear(
    scene: Scene, line: Line, thresholds: Thresholds
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Figures that lie beside the line on its negative and on its positive side."""
    sides = sides_of(scene, line)
    beside = sides.past_end_fractions < 1.0
    beside &= sides.straddle_fractions <= thresholds.divides.most_straddle_fraction
    beside &= _figures(scene)
    return beside & (sides.distances_px < 0), beside & (sides.distances_px > 0)


def _figures(scene: Scene) -> NDArray[np.bool_]:
    return scene.of_kind(RegionKind.PERSON, RegionKind.ANIMAL)
