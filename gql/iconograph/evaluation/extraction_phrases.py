"""How well phrases find regions by vectors of pictures alone, and what such vectors cannot tell."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.evaluation.cosine_curve import CosineCurve, fitted_curve
from iconograph.evaluation.drawn_truth import with_article
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.ids import RegionId
from iconograph.graph.model.region import Level, RegionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.drawn_truth import Truth
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.vector import TextEncoder

MOST_REGIONS, FIRST = 2000, 5

Owner = tuple[int, RegionId]
"""A region by the number of its picture and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseScore:
    """How phrases find regions by vectors alone.

    `recall_at_5` is the mean over phrases of the relevant among the first five, over as many as could
    be there. `swaps_right` of `swaps` figures in two garments of different colours are nearer to
    the right phrase than to that with the colours exchanged. `curve` turns cosines of this space into
    probabilities.
    """

    regions: int
    phrases: int
    recall_at_5: float
    swaps: int
    swaps_right: int
    curve: CosineCurve

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "regions": self.regions,
            "phrases": self.phrases,
            "recall_at_5": self.recall_at_5,
            "swaps": self.swaps,
            "swap_accuracy": self.swaps_right / self.swaps if self.swaps else math.nan,
            "calibration": self.curve.to_record(),
        }


def evaluate_phrases(
    seen: Sequence[tuple[Truth, ImageBundle]], texts: TextEncoder, lexicon: Lexicon
) -> PhraseScore:
    """Phrases against the vectors of the truth's own regions, 2,000 at the most.

    Each bundle has the truth's regions with vectors. A phrase names what a region is, or a figure with
    a garment.
    """
    owners, matrix = _vectors(seen, texts.space.name)
    place = {owner: n for n, owner in enumerate(owners)}
    relevant = _relevant(seen, owners, lexicon)
    asked = sorted(relevant)
    cosines = texts.encode(asked) @ matrix.T
    true = np.zeros(cosines.shape, np.bool_)
    for n, text in enumerate(asked):
        true[n, sorted(relevant[text])] = True
    first = np.take_along_axis(true, np.argsort(-cosines, axis=1)[:, :FIRST], axis=1)
    recalls = (first.sum(axis=1) / np.minimum(FIRST, true.sum(axis=1))).tolist()
    right, swaps = _swaps(seen, texts, place, matrix)
    return PhraseScore(
        regions=len(owners),
        phrases=len(asked),
        recall_at_5=_mean(recalls),
        swaps=swaps,
        swaps_right=right,
        curve=fitted_curve(cosines.ravel(), true.ravel()),
    )


def _vectors(
    seen: Sequence[tuple[Truth, ImageBundle]], space: str
) -> tuple[list[Owner], NDArray[np.float32]]:
    """The entities that have a vector in a space, and their vectors, n x dim."""
    rows: list[NDArray[np.float32]] = []
    owners: list[Owner] = []
    for number, (_, bundle) in enumerate(seen):
        entities = {r.id for r in bundle.regions if r.level is Level.ENTITY}
        for vectors in bundle.vectors:
            if vectors.space.name != space:
                continue
            for region_id, row in zip(vectors.region_ids, vectors.matrix, strict=True):
                if region_id in entities and len(owners) < MOST_REGIONS:
                    rows.append(row)
                    owners.append((number, region_id))
    return owners, np.stack(rows)


def _relevant(
    seen: Sequence[tuple[Truth, ImageBundle]], owners: Sequence[Owner], lexicon: Lexicon
) -> dict[str, set[int]]:
    """For each phrase the rows of all regions of which it is true.

    Phrases are what a region of the owners is, and a figure in one of its garments.
    """
    worn: dict[Owner, list[RegionId]] = defaultdict(list)
    for number, (truth, _) in enumerate(seen):
        for subject, garment in _garments(truth):
            worn[number, subject].append(garment)
    plain = {seen[number][0].words[region_id] for number, region_id in owners}
    dressed = {
        (seen[number][0].words[region_id], seen[number][0].words[garment])
        for number, region_id in owners
        for garment in worn[number, region_id]
    }
    relevant: dict[str, set[int]] = {text: set() for text in plain}
    relevant |= {f"{who} in {with_article(what)}": set() for who, what in dressed}
    for row, (number, region_id) in enumerate(owners):
        truth = seen[number][0]
        said = {text for text in plain if truth.is_true(text, region_id, lexicon)}
        for who, what in dressed:
            if who in said and any(
                truth.is_true(what, garment, lexicon) for garment in worn[number, region_id]
            ):
                said.add(f"{who} in {with_article(what)}")
        for text in said:
            relevant[text].add(row)
    return {text: rows for text, rows in relevant.items() if rows}


def _garments(truth: Truth) -> list[tuple[RegionId, RegionId]]:
    kinds = {region.id: region.kind for region in truth.bundle.regions}
    return [
        (edge.subject_id, edge.object_id)
        for edge in truth.bundle.edges
        if edge.kind is EdgeKind.WEARS and kinds[edge.object_id] is RegionKind.ATTRIBUTE
    ]


def _swaps(
    seen: Sequence[tuple[Truth, ImageBundle]],
    texts: TextEncoder,
    place: Mapping[Owner, int],
    matrix: NDArray[np.float32],
) -> tuple[int, int]:
    right = total = 0
    for number, (truth, _) in enumerate(seen):
        worn: dict[RegionId, list[str]] = defaultdict(list)
        for subject, garment in _garments(truth):
            worn[subject].append(truth.words[garment])
        for subject, garments in worn.items():
            coloured = [g.split(" ") for g in garments if g.count(" ") == 1]
            if len(coloured) < 2 or (number, subject) not in place:  # noqa: PLR2004
                continue
            (first, a), (second, b) = coloured[:2]
            if first == second or a == b:
                continue
            phrases = [f"{first} {a}, {second} {b}", f"{second} {a}, {first} {b}"]
            told, turned = texts.encode(phrases) @ matrix[place[number, subject]]
            total += 1
            right += bool(told > turned)
    return right, total


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.nan
