"""Drawn pictures seen by models alone, measured against their truth: regions, search, phrases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.drawn_truth import drawn_pictures
from iconograph.evaluation.extraction_phrases import evaluate_phrases
from iconograph.evaluation.extraction_regions import ExtractionScore, extracted
from iconograph.evaluation.extraction_search import evaluate_relation_search, relation_queries
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from iconograph.evaluation.drawn_truth import Truth
    from iconograph.evaluation.extraction_phrases import PhraseScore
    from iconograph.evaluation.extraction_search import SearchScore
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.ingest.items import Item
    from iconograph.ingest.pipeline import Stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExtractionEvaluation:
    """What was measured; `phrases` is None where the models have no space of pictures."""

    profile: str
    style: str
    regions: ExtractionScore
    search: SearchScore
    phrases: PhraseScore | None

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "profile": self.profile,
            "style": self.style,
            "regions": self.regions.to_record(),
            "search": self.search.to_record(),
            "phrases": self.phrases.to_record() if self.phrases else None,
        }


def evaluate_extraction(  # noqa: PLR0913  one argument for each choice
    corpus: Path,
    stages: Sequence[Stage],
    *,
    profile: str,
    vectors: Stage | None = None,
    encoders: Sequence[TextEncoder] = (),
    pictures: TextEncoder | None = None,
    style: str = "",
    limit: int | None = None,
    on_picture: Callable[[int], None] = lambda _: None,
) -> ExtractionEvaluation:
    """A corpus of drawn pictures through all stages of an extraction, without its truth.

    `vectors` gives regions vectors of pictures, for phrases against the truth's own regions, and
    `pictures` encodes texts into that space; `encoders` are those that the search uses. Raises
    `AnnotationError` for a folder that is no such corpus.
    """
    lexicon, score = load_lexicon(), ExtractionScore()
    truths: list[Truth] = []
    own: list[ImageBundle] = []
    items = _with_true_vectors(drawn_pictures(corpus, style=style, limit=limit), vectors, own)
    with open_store("memory:") as graph:
        for done in extracted(items, stages, lexicon, score):
            graph.write(done.bundle)
            truths.append(done.truth)
            on_picture(len(truths))
        search = evaluate_relation_search(
            graph,
            relation_queries(truths, lexicon),
            lexicon=lexicon,
            encoders=encoders,
            pictures=pictures,
        )
    phrases = None
    if pictures is not None and own:
        phrases = evaluate_phrases(list(zip(truths, own, strict=True)), pictures, lexicon)
    return ExtractionEvaluation(
        profile=profile, style=style, regions=score, search=search, phrases=phrases
    )


def _with_true_vectors(
    items: Iterator[Item], vectors: Stage | None, seen: list[ImageBundle]
) -> Iterator[Item]:
    """The items; on the way the truth's regions of each get vectors, while its pixels are there."""
    for item in items:
        if vectors is not None:
            seen.append(replace(vectors(item.draft, item.picture), edges=(), axes=()))
        yield item


def table(evaluation: ExtractionEvaluation) -> str:
    """The figures as Markdown tables."""
    regions = evaluation.regions
    style = f", style {evaluation.style}" if evaluation.style else ""
    tallies = {"all": regions.all, **dict(sorted(regions.by_kind.items())), **regions.by_size}
    return "\n".join(
        [
            f"{regions.pictures} pictures, profile {evaluation.profile}{style}",
            "",
            "| regions | of the truth | recall at IoU 0.5 | label accuracy | of those named |",
            "| --- | --- | --- | --- | --- |",
            *(
                f"| {name} | {t.regions} | {t.recall:.3f} | {t.accuracy:.3f} "
                f"| {t.accuracy_named:.3f} |"
                for name, t in tallies.items()
            ),
            "",
            "| what | figure |",
            "| --- | --- |",
            *(f"| {what} | {figure} |" for what, figure in _figures(evaluation).items()),
        ]
    )


def _figures(evaluation: ExtractionEvaluation) -> dict[str, str]:
    regions, search, phrases = evaluation.regions, evaluation.search, evaluation.phrases
    spent = ", ".join(
        f"{name} {seconds / regions.pictures:.2f}"
        for name, seconds in regions.stage_seconds.items()
    )
    figures = {
        "duplicates per region": f"{regions.duplicates_per_region:.3f}",
        "other regions per picture": f"{regions.extra / regions.pictures:.1f}",
        "persons' AP at IoU 0.5": f"{regions.person_ap:.3f}",
        "seconds per picture": f"{regions.seconds_per_picture_s:.2f} ({spent})",
    }
    asked = f"A relation B ({search.queries} queries), nDCG@10"
    figures |= {f"{asked}, {method}": f"{value:.3f}" for method, value in search.ndcg.items()}
    figures |= {f"{asked}, {k}, compound": f"{v:.3f}" for k, v in search.ndcg_by_kind.items()}
    if phrases is not None:
        of = f"{phrases.phrases} phrases, {phrases.regions} regions"
        swap = f"{phrases.swaps_right / phrases.swaps:.3f}" if phrases.swaps else "-"
        figures[f"phrase to region ({of}), recall@5"] = f"{phrases.recall_at_5:.3f}"
        curve = phrases.curve
        figures["calibration of the space"] = (
            f"slope {curve.slope:g}, centre {curve.centre:g}, most {curve.most:g}"
        )
        figures[f"colours of two garments told apart ({phrases.swaps} figures)"] = swap
    return figures
