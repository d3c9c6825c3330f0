"""How well relations are found from given regions, by how much is looked at, beside simple baselines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.annotations import triple_of
from iconograph.evaluation.gaze import (
    DIRECTIONS,
    HEADS,
    GazeScore,
    gaze_scores,
    without_gazes,
    without_targets,
)
from iconograph.evaluation.pixels import picture_at_hand
from iconograph.evaluation.relation_baselines import RELATION_BASELINES
from iconograph.evaluation.relation_scores import KindScore, score_of
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.derive import derive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iconograph.evaluation.annotations import AnnotatedPicture, AnnotatedSet, Triple
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.pipeline import Stage
    from iconograph.relations.thresholds import Thresholds

THRESHOLD = 0.5
"""The confidence from which an edge counts as found."""

BOXES = "boxes only"
KEY_POINTS = "key points seen"
SEEN = "bodies and gazes seen"
AXES = ", and axes seen"
"""What is known besides labels and outlines: nothing; what models see in them; what divides pixels."""


OF_AXES = frozenset({EdgeKind.ACROSS_DIVIDE, EdgeKind.SAME_SIDE})
"""Kinds that what divides a picture decides; of the others it changes nothing."""


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
    annotated: AnnotatedSet,
    *,
    thresholds: Thresholds,
    threshold: float = THRESHOLD,
    figures: Stage | None = None,
    on_picture: Callable[[int], None] = lambda _: None,
) -> RelationEvaluation:
    """Our rules by how much they are given, and the baselines.

    The steps: boxes only (with outlines, where these are annotated); heads, hands and key points as
    annotated as well; instead of these what the stage `figures` sees in the pixels of the boxes, where
    there is one, first without gazes; and then also what divides the pictures whose files are at
    hand. Annotated gazes are withheld, but for a score of GAZES_AT with their directions given.
    `on_picture` is told after each picture that `figures` has looked at.
    """
    pictures = annotated.pictures
    files = [picture_at_hand(picture.bundle.image) for picture in pictures]
    boxes = [without_bodies(picture.bundle) for picture in pictures]
    steps: dict[str, Sequence[ImageBundle]] = {
        BOXES: boxes,
        HEADS: [without_gazes(picture.bundle) for picture in pictures],
        DIRECTIONS: [without_targets(picture.bundle) for picture in pictures],
    }
    if figures is not None:
        seen = _seen(boxes, files, figures, on_picture)
        steps |= {KEY_POINTS: [without_gazes(bundle) for bundle in seen], SEEN: seen}
    nothing: list[Picture | None] = [None] * len(pictures)
    said = {name: _said(bundles, nothing, thresholds) for name, bundles in steps.items()}
    if any(files):
        last = SEEN if figures else BOXES
        said[last + AXES] = _said(steps[last], files, thresholds)
    scores = [
        score
        for name, confidences in said.items()
        for score in _scores(name, pictures, confidences, threshold, thresholds)
    ]
    order = list(EdgeKind)
    return RelationEvaluation(
        pictures=len(pictures),
        looked_at=sum(file is not None for file in files),
        threshold=threshold,
        scores=tuple(sorted(scores, key=lambda score: order.index(score.kind))),
        baselines=_baselines(pictures, threshold),
        gazes=gaze_scores(pictures, thresholds, seen={SEEN: steps[SEEN]} if figures else {}),
    )


def without_bodies(bundle: ImageBundle) -> ImageBundle:
    """The bundle with all poses, heads, hands and gazes taken away."""
    regions = tuple(replace(region, pose=None, gaze=None) for region in bundle.regions)
    return replace(bundle, regions=regions)


def _seen(
    bundles: Sequence[ImageBundle],
    files: Sequence[Picture | None],
    figures: Stage,
    on_picture: Callable[[int], None],
) -> list[ImageBundle]:
    seen = []
    for done, (bundle, file) in enumerate(zip(bundles, files, strict=True), start=1):
        seen.append(figures(bundle, file))
        on_picture(done)
    return seen


def _said(
    bundles: Sequence[ImageBundle], files: Sequence[Picture | None], thresholds: Thresholds
) -> list[dict[Triple, float]]:
    """All that the rules say of each picture, however unsure; a file's pixels are let go after use."""
    common = replace(thresholds.common, smallest_confidence=0.0)
    everything = replace(thresholds, common=common)
    said = []
    for bundle, file in zip(bundles, files, strict=True):
        pixels = file.pixels if file else None
        derived = derive(replace(bundle, edges=()), thresholds=everything, pixels=pixels)
        if file:
            vars(file).pop("pixels", None)
        said.append(
            {triple_of(e.kind, e.subject_id, e.object_id): e.confidence for e in derived.edges}
        )
    return said


def _scores(
    method: str,
    pictures: Sequence[AnnotatedPicture],
    confidences: Sequence[Mapping[Triple, float]],
    threshold: float,
    thresholds: Thresholds,
) -> Iterable[KindScore]:
    """A score for each kind that the annotation judges and the rules would store."""
    stored = thresholds.common.smallest_confidence
    judged = {kind for picture in pictures for kind, _, _ in picture.true} | {
        kind for picture in pictures for kind in picture.complete
    }
    known = {t[0] for found in confidences for t, c in found.items() if c >= stored}
    if method == DIRECTIONS:
        judged &= {EdgeKind.GAZES_AT}
    if method.endswith(AXES):
        judged &= OF_AXES
    for kind in sorted(judged & known):
        yield score_of(kind, method, pictures, confidences, threshold=threshold, stored=stored)


def _baselines(pictures: Sequence[AnnotatedPicture], threshold: float) -> tuple[KindScore, ...]:
    return tuple(
        score_of(
            kind,
            name,
            pictures,
            [dict.fromkeys(baseline(picture.bundle.regions), 1.0) for picture in pictures],
            threshold=threshold,
        )
        for kind, name, baseline in RELATION_BASELINES
    )
