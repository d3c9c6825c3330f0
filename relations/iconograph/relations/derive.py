"""Edges of a picture from all rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import Edge, EdgeLayer, EdgeStatus, Evidence, edge_of
from iconograph.graph.model.run import Run, run_of
from iconograph.relations.axis.divides import find_axes
from iconograph.relations.axis.glance import glance_at
from iconograph.relations.rules.above import ABOVE
from iconograph.relations.rules.across_divide import ACROSS_DIVIDE
from iconograph.relations.rules.beside import BESIDE
from iconograph.relations.rules.faces import FACES
from iconograph.relations.rules.gazes_at import GAZES_AT
from iconograph.relations.rules.holds import HOLDS
from iconograph.relations.rules.in_front_of import IN_FRONT_OF
from iconograph.relations.rules.inside import INSIDE
from iconograph.relations.rules.part_of import PART_OF
from iconograph.relations.rules.points_at import POINTS_AT
from iconograph.relations.rules.same_side import SAME_SIDE
from iconograph.relations.rules.touches import TOUCHES
from iconograph.relations.rules.wears import WEARS
from iconograph.relations.scene import scene_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iconograph.relations.rules.rule import Findings, Rule
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

RULES: tuple[Rule, ...] = (
    BESIDE,
    ABOVE,
    IN_FRONT_OF,
    INSIDE,
    PART_OF,
    HOLDS,
    WEARS,
    TOUCHES,
    GAZES_AT,
    POINTS_AT,
    FACES,
    ACROSS_DIVIDE,
    SAME_SIDE,
)

EVIDENCE_DIGITS = 6
"""Places that evidence is rounded to."""

NEAR_HALF = 1e-3
"""So near to a half, in units of the last place, rounding is done with care."""


def derive(
    bundle: ImageBundle,
    *,
    thresholds: Thresholds,
    pixels: NDArray[np.uint8] | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> ImageBundle:
    """The bundle with the edges that the rules find, and the axes they rest on.

    `pixels` are the picture as RGB, height x width x 3; without them axes that were found in them
    before are kept.

    Machine edges of the same methods from an earlier time are replaced: those not found again
    go to `removed_edges`. Asserted edges, those of other methods, and those that a person has
    judged stay as they are.
    """
    run = _run(rules, thresholds)
    scene = scene_of(bundle, thresholds)
    glance = None if pixels is None else glance_at(pixels, bundle.image)
    scene = replace(scene, axes=find_axes(scene, glance, thresholds, run_id=run.id))
    methods = {rule.method for rule in rules}
    stale = {e.id for e in bundle.edges if e.method in methods and e.status is EdgeStatus.MACHINE}
    kept = tuple(edge for edge in bundle.edges if edge.id not in stale)
    judged = {edge.id for edge in kept}
    found = tuple(
        edge
        for rule in rules
        for findings in rule.find(scene, thresholds)
        for edge in _edges(rule, findings, scene, run, thresholds)
        if edge.id not in judged
    )
    found_ids = {edge.id for edge in found}
    return replace(
        bundle,
        runs=bundle.runs if run.id in {known.id for known in bundle.runs} else (*bundle.runs, run),
        axes=scene.axes,
        edges=(*kept, *found),
        removed_edges=(bundle.removed_edges | stale) - found_ids,
        removed_axes=(bundle.removed_axes | {axis.id for axis in bundle.axes})
        - {axis.id for axis in scene.axes},
    )


def _run(rules: tuple[Rule, ...], thresholds: Thresholds) -> Run:
    """The run of these rules with these numbers in this version of the software."""
    return run_of(
        f"iconograph {metadata.version('iconograph')}",
        started_at=datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        parameters=(
            ("rules", " ".join(rule.method for rule in rules)),
            ("thresholds_sha256", thresholds.sha256),
        ),
    )


def _edges(
    rule: Rule, findings: Findings, scene: Scene, run: Run, thresholds: Thresholds
) -> Iterator[Edge]:
    kept = np.flatnonzero(findings.confidences >= thresholds.common.smallest_confidence)
    ends = zip(findings.subjects[kept].tolist(), findings.objects[kept].tolist(), strict=True)
    # As of `evidence_of`, for all edges at once.
    names = sorted(findings.measures)
    numbers = np.stack([findings.measures[name][kept] for name in names], axis=1)
    rows = _rounded(numbers).tolist()
    confidences = findings.confidences[kept].tolist()
    for (subject, thing), confidence, row in zip(ends, confidences, rows, strict=True):
        yield edge_of(
            rule.kind,
            scene.regions[subject].id,
            scene.regions[thing].id,
            image_id=scene.image.id,
            confidence=confidence,
            layer=EdgeLayer.OBSERVED,
            method=rule.method,
            run_id=run.id,
            evidence=Evidence(numbers=tuple(zip(names, row, strict=True)), lacked=findings.lacked),
        )


def _rounded(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """As Python rounds one by one; NumPy, which is much faster, takes some near halves the other way."""
    rounded = np.round(numbers, EVIDENCE_DIGITS)
    units = np.abs(numbers) * 10.0**EVIDENCE_DIGITS
    halves = np.abs(units - np.floor(units) - 0.5) < NEAR_HALF
    rounded[halves] = [round(number, EVIDENCE_DIGITS) for number in numbers[halves].tolist()]
    return rounded
