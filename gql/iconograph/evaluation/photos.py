"""How well HOLDS and BESIDE are told apart on photographs, beside single measures of the boxes.

All judged pairs of all photographs are ranked together. Pairs that a rule does not look at have the
confidence 0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from iconograph.evaluation.measures import average_precision, calibration_error
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.pairs import covered_fractions
from iconograph.relations.rules.beside import BESIDE
from iconograph.relations.rules.holds import HOLDS
from iconograph.relations.scene import scene_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.photo_pairs import PhotoPairs, PhotoSet
    from iconograph.graph.model.ids import RegionId
    from iconograph.relations.rules.rule import Rule
    from iconograph.relations.scene import Scene
    from iconograph.relations.thresholds import Thresholds

RULES = {EdgeKind.HOLDS: HOLDS, EdgeKind.BESIDE: BESIDE}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoScore:
    """Average precision of a rule and of two single measures over pairs, and the rule's calibration."""

    kind: EdgeKind
    photographs: int
    pairs: int
    true: int
    average_precision: float
    overlap: float
    nearness: float
    calibration_error: float

    @property
    def lead(self) -> float:
        """How far the rule is above the better of the two single measures."""
        return self.average_precision - max(self.overlap, self.nearness)

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self) | {"lead": self.lead}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """Truths and scores of n pairs.

    `confidences` are the rule's, `overlaps` the share of the object that the subject covers, and
    `nearness` the distance of the centres, negative, in sizes of the subject.
    """

    truths: NDArray[np.bool_]
    confidences: NDArray[np.float64]
    overlaps: NDArray[np.float64]
    nearness: NDArray[np.float64]


def score_photos(judged: PhotoSet, thresholds: Thresholds) -> PhotoScore:
    """The score of the rule of the kind that the photographs are judged for."""
    rule = RULES[judged.kind]
    found = [ranked(photograph, rule, thresholds) for photograph in judged.photographs]
    truths, confidences, overlaps, nearness = (
        np.concatenate([getattr(one, name) for one in found] or [np.empty(0)])
        for name in ("truths", "confidences", "overlaps", "nearness")
    )
    return PhotoScore(
        kind=judged.kind,
        photographs=len(judged.photographs),
        pairs=len(truths),
        true=int(truths.sum()),
        average_precision=average_precision(confidences, truths.astype(np.bool_)),
        overlap=average_precision(overlaps, truths.astype(np.bool_)),
        nearness=average_precision(nearness, truths.astype(np.bool_)),
        calibration_error=calibration_error(confidences, truths.astype(np.bool_)),
    )


def ranked(photograph: PhotoPairs, rule: Rule, thresholds: Thresholds) -> Ranked:
    """The judged pairs of a photograph with all scores."""
    scene = scene_of(photograph.bundle, thresholds)
    pairs = sorted(photograph.judged)
    rows = {region.id: row for row, region in enumerate(scene.regions)}
    subjects = np.array([rows[a] for a, _ in pairs], np.intp)
    objects = np.array([rows[b] for _, b in pairs], np.intp)
    said = _confidences(scene, rule, thresholds)
    away_px = np.linalg.norm(scene.centres_px[subjects] - scene.centres_px[objects], axis=1)
    covered = covered_fractions(scene, (subjects, objects))
    if rule.kind.symmetric:
        covered = np.maximum(covered, covered_fractions(scene, (objects, subjects)))
    return Ranked(
        truths=np.array([pair in photograph.true for pair in pairs], np.bool_),
        confidences=np.array([said.get(pair, 0.0) for pair in pairs], np.float64),
        overlaps=covered,
        nearness=-away_px / scene.sizes_px[subjects],
    )


def photo_table(scores: Sequence[tuple[str, PhotoScore]]) -> Table:
    """Scores by the name of their set, for people."""
    table = Table(title="Average precision over pairs of photographs")
    for column in ("set", "kind", "pairs", "true", "rule", "overlap", "nearness", "lead", "ECE"):
        table.add_column(column, justify="left" if column in {"set", "kind"} else "right")
    for name, score in scores:
        table.add_row(
            name,
            score.kind.value,
            f"{score.pairs:,}",
            f"{score.true:,}",
            *(f"{value:.3f}" for value in (score.average_precision, score.overlap, score.nearness)),
            f"{score.lead:+.3f}",
            f"{score.calibration_error:.3f}",
        )
    return table


def _confidences(
    scene: Scene, rule: Rule, thresholds: Thresholds
) -> dict[tuple[RegionId, RegionId], float]:
    """What the rule says, of symmetric kinds both ways."""
    said: dict[tuple[RegionId, RegionId], float] = {}
    for findings in rule.find(scene, thresholds):
        for subject, object_, confidence in zip(
            findings.subjects, findings.objects, findings.confidences.tolist(), strict=True
        ):
            ends = scene.regions[subject].id, scene.regions[object_].id
            said[ends] = max(said.get(ends, 0.0), confidence)
            if rule.kind.symmetric:
                said[ends[::-1]] = said[ends]
    return said
