"""How well relations are found from given regions, beside simple baselines.

Counted as `annotations` says: a found statement is wrong only where the annotation is complete for
it. BESIDE is counted between persons and animals only. Kinds that an annotation never completes have
no precision.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from rich.table import Table

from iconograph.evaluation.annotations import FIGURES, NEVER_COMPLETE, Verdict, triple_of
from iconograph.evaluation.gaze import (
    DIRECTIONS,
    HEADS,
    GazeScore,
    gaze_scores,
    without_gazes,
    without_targets,
)
from iconograph.evaluation.pixels import pixels_at_hand
from iconograph.evaluation.relation_baselines import RELATION_BASELINES
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.derive import derive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.evaluation.annotations import AnnotatedPicture, AnnotatedSet, Triple
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.relations.thresholds import Thresholds

THRESHOLD = 0.5
"""The confidence from which an edge counts as found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindScore:
    """What a method found of one kind.

    `swaps_right` of `swaps` directed true statements have a higher confidence than the same
    statement turned round; those with no edge either way are not among them.
    """

    kind: EdgeKind
    method: str
    found: int
    wrong: int
    missed: int
    swaps_right: int = 0
    swaps: int = 0

    @property
    def precision(self) -> float | None:
        """Found of all that was said; None where nothing said could be judged wrong."""
        if self.kind in NEVER_COMPLETE:
            return None
        return _share(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float | None:
        """Found of all that is true."""
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        if self.kind in NEVER_COMPLETE:
            return None
        return _share(2 * self.found, 2 * self.found + self.wrong + self.missed)

    @property
    def swap_accuracy(self) -> float | None:
        """Share of directed statements that are surer than their reverse."""
        return _share(self.swaps_right, self.swaps)

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self) | {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "swap_accuracy": self.swap_accuracy,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEvaluation:
    """Scores of our rules and of the baselines over a number of pictures.

    `looked_at` of the pictures were at hand, so that what divides them was sought in their pixels.
    """

    pictures: int
    looked_at: int
    threshold: float
    scores: tuple[KindScore, ...]
    baselines: tuple[KindScore, ...]
    gazes: tuple[GazeScore, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "pictures": self.pictures,
            "looked_at": self.looked_at,
            "threshold": self.threshold,
            "scores": [score.to_record() for score in self.scores],
            "baselines": [score.to_record() for score in self.baselines],
            "gazes": [score.to_record() for score in self.gazes],
        }


def evaluate_relations(
    annotated: AnnotatedSet, *, thresholds: Thresholds, threshold: float = THRESHOLD
) -> RelationEvaluation:
    """Our rules with boxes, heads and hands as annotated, with boxes only, and the baselines.

    Annotated gazes are withheld, but for a score of GAZES_AT with their directions given. Pictures
    whose files are at hand are looked at, as `ingest` does; `looked_at` counts them.
    """
    pictures = annotated.pictures
    pixels = [pixels_at_hand(picture.bundle.image) for picture in pictures]

    def derived(changed: Callable[[ImageBundle], ImageBundle]) -> list[dict[Triple, float]]:
        return [
            _confidences(changed(picture.bundle), seen, thresholds)
            for picture, seen in zip(pictures, pixels, strict=True)
        ]

    with_pose, directed = derived(without_gazes), derived(without_targets)
    boxes_only = derived(_without_pose)
    scores = [
        *_scores(HEADS, pictures, with_pose, threshold),
        *(
            score
            for score in _scores(DIRECTIONS, pictures, directed, threshold)
            if score.kind is EdgeKind.GAZES_AT
        ),
        *_scores("boxes only", pictures, boxes_only, threshold),
    ]
    return RelationEvaluation(
        pictures=len(pictures),
        looked_at=sum(seen is not None for seen in pixels),
        threshold=threshold,
        scores=tuple(sorted(scores, key=lambda score: list(EdgeKind).index(score.kind))),
        baselines=tuple(
            _score(
                kind,
                name,
                pictures,
                [dict.fromkeys(baseline(picture.bundle.regions), 1.0) for picture in pictures],
                threshold,
            )
            for kind, name, baseline in RELATION_BASELINES
        ),
        gazes=gaze_scores(pictures, thresholds),
    )


def relation_table(evaluation: RelationEvaluation) -> Table:
    """The scores for people to read, each kind with its baselines below it."""
    table = Table(
        title=f"Relations from given regions, {evaluation.pictures} pictures "
        f"({evaluation.looked_at} looked at), confidence >= {evaluation.threshold}"
    )
    table.add_column("kind")
    table.add_column("method")
    for name in ("found", "wrong", "missed", "precision", "recall", "F1", "swap"):
        table.add_column(name, justify="right")
    for kind in EdgeKind:
        ours = [score for score in evaluation.scores if score.kind is kind]
        theirs = [score for score in evaluation.baselines if score.kind is kind]
        for score, style in [(s, "") for s in ours] + [(s, "dim") for s in theirs]:
            method = score.method if not style else f"baseline: {score.method}"
            table.add_row(kind.value, method, *_cells(score), style=style)
        if ours:
            table.add_section()
    if evaluation.gazes:
        table.caption = "\n".join(map(str, evaluation.gazes))
    return table


def _cells(score: KindScore) -> list[str]:
    counts = [score.found, score.wrong, score.missed]
    shares = [score.precision, score.recall, score.f1, score.swap_accuracy]
    return [str(n) for n in counts] + ["-" if s is None else f"{s:.2f}" for s in shares]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _without_pose(bundle: ImageBundle) -> ImageBundle:
    regions = tuple(replace(region, pose=None, gaze=None) for region in bundle.regions)
    return replace(bundle, regions=regions)


def _confidences(
    bundle: ImageBundle, pixels: NDArray[np.uint8] | None, thresholds: Thresholds
) -> dict[Triple, float]:
    """The edges that the rules find; the annotation's own are taken away first."""
    derived = derive(replace(bundle, edges=()), thresholds=thresholds, pixels=pixels)
    return {triple_of(e.kind, e.subject_id, e.object_id): e.confidence for e in derived.edges}


def _scores(
    method: str,
    pictures: tuple[AnnotatedPicture, ...],
    confidences: list[dict[Triple, float]],
    threshold: float,
) -> Iterable[KindScore]:
    """A score for each kind that the annotation judges and the rules know."""
    judged = {kind for picture in pictures for kind, _, _ in picture.true} | {
        kind for picture in pictures for kind in picture.complete
    }
    known = {kind for found in confidences for kind, _, _ in found}
    for kind in sorted(judged & known):
        yield _score(kind, method, pictures, confidences, threshold)


def _score(
    kind: EdgeKind,
    method: str,
    pictures: tuple[AnnotatedPicture, ...],
    confidences: list[dict[Triple, float]],
    threshold: float,
) -> KindScore:
    counts: Counter[str] = Counter()
    for picture, found in zip(pictures, confidences, strict=True):
        said = {t for t, c in found.items() if c >= threshold and _counts(picture, kind, t)}
        true = {triple for triple in picture.true if _counts(picture, kind, triple)}
        counts["found"] += len(said & true)
        counts["missed"] += len(true - said)
        counts["wrong"] += sum(picture.verdict(*triple) is Verdict.FALSE for triple in said)
        if not kind.symmetric:
            counts.update(_swaps(picture, true, found))
    return KindScore(
        kind=kind,
        method=method,
        found=counts["found"],
        wrong=counts["wrong"],
        missed=counts["missed"],
        swaps_right=counts["swaps_right"],
        swaps=counts["swaps"],
    )


def _counts(picture: AnnotatedPicture, kind: EdgeKind, triple: Triple) -> bool:
    """Whether the statement is of this kind and, for BESIDE, between figures."""
    if triple[0] is not kind:
        return False
    ends = {picture.regions[end].kind for end in triple[1:]}
    return kind is not EdgeKind.BESIDE or ends <= FIGURES


def _swaps(
    picture: AnnotatedPicture, true: set[Triple], found: Mapping[Triple, float]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for kind, subject, object_ in true:
        turned = (kind, object_, subject)
        if turned in picture.true or turned in picture.uncertain:
            continue
        forth, back = found.get((kind, subject, object_), 0.0), found.get(turned, 0.0)
        counts["swaps"] += bool(forth or back)
        counts["swaps_right"] += forth > back
    return counts
