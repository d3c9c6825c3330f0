"""The axes of a picture from all witnesses.

A witness is a pure function to lines. Those of regions see things that stand between figures, sides
of things that enclose some of them, an empty level, upright corridor or slanting strip between
groups; those of pixels see long edges, bars between panels, the border of two realms of colour. Lines
that agree become one divide, at any angle. Main axes are of mirror symmetry and of the bodies.
ACROSS_DIVIDE reads nothing but axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.ids import RunId, axis_id
from iconograph.relations.axis.agreement import agree, agreed
from iconograph.relations.axis.bodies import mean_line_of_bodies
from iconograph.relations.axis.gaps import empty_corridors, empty_levels
from iconograph.relations.axis.margins import widest_margin
from iconograph.relations.axis.realms import realm_borders
from iconograph.relations.axis.segments import straight_lines
from iconograph.relations.axis.symmetry import mirror_axes
from iconograph.relations.axis.things import enclosing_sides, parting_things, standing_things

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iconograph.relations.axis.glance import Glance
    from iconograph.relations.axis.lines import Line
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

GEOMETRY, PIXELS, FRAME = "geometry/axis@1", "pixels/axis@1", "pixels/frame@1"
SEEN = frozenset({PIXELS, FRAME})
METHODS = SEEN | {GEOMETRY}

WITNESSES: tuple[Callable[[Scene, Thresholds], tuple[Line, ...]], ...] = (
    standing_things,
    parting_things,
    enclosing_sides,
    empty_levels,
    empty_corridors,
    widest_margin,
)


def find_axes(
    scene: Scene, glance: Glance | None, thresholds: Thresholds, *, run_id: RunId
) -> tuple[Axis, ...]:
    """The scene's axes that another method found, then divides and main axes, the strongest first.

    An axis with a witness of pixels has the method `PIXELS`, or `FRAME` where one of them saw a
    bar between panels. Without a glance such axes from an earlier time are kept, and what agrees
    with them is not said again.
    """
    kept = tuple(
        axis
        for axis in scene.axes
        if axis.method not in METHODS or (glance is None and axis.method in SEEN)
    )
    earlier = [axis for axis in kept if axis.method in SEEN]
    numbers = thresholds.divides
    divides = [
        line
        for line in agreed(_divides(scene, glance, thresholds), _diagonal_px(scene), numbers)
        if line.strength >= numbers.smallest_strength
    ]
    found = {
        AxisKind.DIVIDE: divides[: numbers.most_lines],
        AxisKind.MAIN: _main_axes(scene, glance, thresholds),
    }
    new = [
        (kind, line)
        for kind, lines in found.items()
        for line in lines
        if not any(
            axis.kind is kind and agree(axis, line, _diagonal_px(scene), numbers)
            for axis in earlier
        )
    ]
    return (*kept, *_numbered(scene, kept, new, run_id))


def _diagonal_px(scene: Scene) -> float:
    return float((scene.image.width_px**2 + scene.image.height_px**2) ** 0.5)


def _divides(scene: Scene, glance: Glance | None, thresholds: Thresholds) -> list[Line]:
    lines = [line for witness in WITNESSES for line in witness(scene, thresholds)]
    if glance is not None:
        lines += straight_lines(glance, thresholds.straight_lines)
        lines += realm_borders(scene, glance, thresholds.realms)
    return lines


def _main_axes(scene: Scene, glance: Glance | None, thresholds: Thresholds) -> list[Line]:
    numbers = thresholds.main_axes
    lines = [*mean_line_of_bodies(scene, numbers)]
    if glance is not None:
        lines += mirror_axes(glance, numbers)
    return sorted(lines, key=lambda line: -line.strength)


def _numbered(
    scene: Scene,
    kept: Iterable[Axis],
    lines: Iterable[tuple[AxisKind, Line]],
    run_id: RunId,
) -> list[Axis]:
    """The lines as axes, with ids that no kept axis has."""
    taken = {axis.id for axis in kept}
    axes: list[Axis] = []
    ordinals = dict.fromkeys(AxisKind, 0)
    for kind, line in lines:
        while (name := axis_id(scene.image.id, kind, ordinals[kind])) in taken:
            ordinals[kind] += 1
        taken.add(name)
        axes.append(
            Axis(
                id=name,
                image_id=scene.image.id,
                kind=kind,
                centre=line.centre,
                angle_deg=line.angle_deg,
                length_px=line.length_px,
                strength=round(line.strength, 6),
                method=_method_of(line),
                run_id=run_id,
                evidence=line.evidence,
            )
        )
    return axes


def _method_of(line: Line) -> str:
    if line.evidence.number("bar_strength") is not None:
        return FRAME
    return PIXELS if line.from_pixels else GEOMETRY
