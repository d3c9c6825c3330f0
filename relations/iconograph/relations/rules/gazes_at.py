"""GAZES_AT: the subject's eyes are directed at the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.gaze.numbers import read_gaze_pull
from iconograph.relations.gaze.target import gaze_masses
from iconograph.relations.rules.rule import Findings, Rule, findings_of

if TYPE_CHECKING:
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds


def find_gazes_at(scene: Scene, thresholds: Thresholds) -> tuple[Findings, ...]:
    """Figures and what lies in the cone of their gaze."""
    pairs, measures = gaze_masses(scene, thresholds)
    return (findings_of(pairs, measures, read_gaze_pull().confidence),)


GAZES_AT = Rule(kind=EdgeKind.GAZES_AT, method="geometry/gazes-at@2", find=find_gazes_at)
