"""Lines on which several witnesses agree become one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iconograph.graph.model.edge import Evidence
from iconograph.relations.axis.lines import Line, angle_between_deg, distance_px

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iconograph.graph.model.axis import Axis
    from iconograph.relations.thresholds import Divides


def agreed(lines: Iterable[Line], diagonal_px: float, numbers: Divides) -> tuple[Line, ...]:
    """The lines, the strongest first, each with the weaker ones of other witnesses that it agrees with.

    Where it lies is said by the strongest. Witnesses are taken as independent, so the strength is
    1 - (1 - s1)(1 - s2)..., the probability that not all of them are wrong; a witness counts once.
    """
    waiting = sorted(lines, key=lambda line: (-line.strength, line.centre.y_px, line.centre.x_px))
    found = []
    while waiting:
        best, *others = waiting
        partners: dict[str, Line] = {}
        waiting = []
        for line in others:
            if line.witness == best.witness or not agree(best, line, diagonal_px, numbers):
                waiting.append(line)
            else:
                partners.setdefault(line.witness, line)
        found.append(_joined(best, partners.values()))
    return tuple(sorted(found, key=lambda line: -line.strength))


def agree(one: Line | Axis, other: Line | Axis, diagonal_px: float, numbers: Divides) -> bool:
    """Whether two lines run nearly the same way, each near the other's middle."""
    if angle_between_deg(one.angle_deg, other.angle_deg) > numbers.agreement_angle_deg:
        return False
    apart_px = max(distance_px(one, other.centre), distance_px(other, one.centre))
    return apart_px <= numbers.agreement_fraction * diagonal_px


def _joined(best: Line, partners: Iterable[Line]) -> Line:
    lines = (best, *partners)
    doubt = 1.0
    for line in lines:
        doubt *= 1.0 - line.strength
    numbers = {name: value for line in lines[::-1] for name, value in line.evidence.numbers}
    numbers |= {f"{line.witness}_strength": round(line.strength, 6) for line in lines}
    return replace(
        best,
        strength=1.0 - doubt,
        from_pixels=any(line.from_pixels for line in lines),
        evidence=Evidence(numbers=tuple(sorted(numbers.items()))),
    )
