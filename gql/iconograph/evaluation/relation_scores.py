"""What a method found of a kind of relation, counted and ranked against annotations.

Counted as `annotations` says: a found statement is wrong only where the annotation is complete for
it. BESIDE is counted between persons and animals only. Kinds that an annotation never completes have
no precision.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.evaluation.annotations import FIGURES, NEVER_COMPLETE, Verdict, triple_of
from iconograph.evaluation.measures import average_precision, calibration_error
from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.annotations import AnnotatedPicture, Triple


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """Confidences and truths of all n judged statements of a kind; 0 for those that were not made.

    They are of the pictures that are complete for the kind. Statements of a confidence of `stored`
    and more are those that a graph gets.
    """

    confidences: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    truths: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    stored: float = 0.0

    @property
    def average_precision(self) -> float | None:
        """0..1; None where nothing is true."""
        return _known(average_precision(self.confidences, self.truths))

    @property
    def calibration_error(self) -> float | None:
        """The expected calibration error over all judged statements; None without any."""
        return _known(calibration_error(self.confidences, self.truths))

    @property
    def stored_calibration_error(self) -> float | None:
        """The same over those that a graph gets, the many that are surely false left out."""
        kept = self.confidences >= self.stored
        return _known(calibration_error(self.confidences[kept], self.truths[kept]))


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
    ranking: Ranking = field(default_factory=Ranking, compare=False)

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
        """As a JSON object, without the ranking itself."""
        counts = asdict(self)
        del counts["ranking"]
        ranking = self.ranking
        return counts | {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "swap_accuracy": self.swap_accuracy,
            "judged": len(ranking.truths),
            "true": int(ranking.truths.sum()),
            "stored": int((ranking.confidences >= ranking.stored).sum()),
            "average_precision": ranking.average_precision,
            "calibration_error": ranking.calibration_error,
            "stored_calibration_error": ranking.stored_calibration_error,
        }


def score_of(  # noqa: PLR0913  one argument for each thing that is known
    kind: EdgeKind,
    method: str,
    pictures: Sequence[AnnotatedPicture],
    confidences: Sequence[Mapping[Triple, float]],
    *,
    threshold: float,
    stored: float = 0.0,
) -> KindScore:
    """The score of what was said of each picture, with a confidence; found from `threshold` on.

    Statements below `stored` count in the ranking only.
    """
    counts: Counter[str] = Counter()
    for picture, found in zip(pictures, confidences, strict=True):
        said = {t for t, c in found.items() if c >= threshold and _counts(picture, kind, t)}
        true = {triple for triple in picture.true if _counts(picture, kind, triple)}
        counts["found"] += len(said & true)
        counts["missed"] += len(true - said)
        counts["wrong"] += sum(picture.verdict(*triple) is Verdict.FALSE for triple in said)
        if not kind.symmetric:
            counts.update(_swaps(picture, true, {t: c for t, c in found.items() if c >= stored}))
    return KindScore(
        kind=kind,
        method=method,
        found=counts["found"],
        wrong=counts["wrong"],
        missed=counts["missed"],
        swaps_right=counts["swaps_right"],
        swaps=counts["swaps"],
        ranking=ranking_of(kind, pictures, confidences, stored=stored),
    )


def ranking_of(
    kind: EdgeKind,
    pictures: Sequence[AnnotatedPicture],
    confidences: Sequence[Mapping[Triple, float]],
    *,
    stored: float = 0.0,
) -> Ranking:
    """The judged statements of a kind, of pictures that are complete for it."""
    judged = [
        (found.get(triple, 0.0), triple in picture.true)
        for picture, found in zip(pictures, confidences, strict=True)
        if kind in picture.complete - NEVER_COMPLETE
        for triple in _judged(picture, kind)
    ]
    return Ranking(
        confidences=np.array([confidence for confidence, _ in judged], np.float64),
        truths=np.array([truth for _, truth in judged], np.bool_),
        stored=stored,
    )


def _judged(picture: AnnotatedPicture, kind: EdgeKind) -> Iterator[Triple]:
    for subject in picture.regions:
        for object_ in picture.regions:
            triple = triple_of(kind, subject, object_)
            twice = kind.symmetric and triple[1] != subject
            if subject == object_ or twice or not _counts(picture, kind, triple):
                continue
            if picture.verdict(*triple) is not Verdict.UNJUDGED:
                yield triple


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


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
