"""Drawn pictures seen by models alone, measured against their truth: regions, search, phrases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.drawn_truth import Truth, drawn_pictures, subject_of
from iconograph.evaluation.extraction_phrases import evaluate_phrases
from iconograph.evaluation.extraction_queries import relation_queries
from iconograph.evaluation.extraction_regions import Extracted, ExtractionScore, count, extracted
from iconograph.evaluation.extraction_search import (
    WORDS_ALONE,
    Asking,
    evaluate_relation_search,
    mean_by_method,
)
from iconograph.graph.errors import InputError
from iconograph.graph.iconography.lexicon import load_lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from iconograph.evaluation.extraction_phrases import PhraseScore
    from iconograph.evaluation.extraction_search import QueryScore, SearchScore
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.store.port import GraphStore
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
    store: GraphStore,
    *,
    profile: str,
    vectors: Stage | None = None,
    asking: Asking = WORDS_ALONE,
    style: str = "",
    limit: int | None = None,
    on_picture: Callable[[int], None] = lambda _: None,
) -> ExtractionEvaluation:
    """A corpus of drawn pictures through all stages of an extraction, without its truth.

    `vectors` gives regions vectors of pictures, for phrases against the truth's own regions in the
    space of `asking.pictures`. What is found is written to the store (see `evaluate_kept`). Raises
    `AnnotationError` for a folder that is no such corpus, `InputError` for a store that holds other
    pictures.
    """
    lexicon, score = load_lexicon(), ExtractionScore()
    truths: list[Truth] = []
    own: list[ImageBundle] = []
    items = _with_true_vectors(drawn_pictures(corpus, style=style, limit=limit), vectors, own)
    _require_own(store, corpus)
    for done in extracted(items, stages, lexicon, score):
        store.write(done.bundle)
        truths.append(done.truth)
        on_picture(len(truths))
    search = _searched(store, truths, lexicon, asking)
    phrases = None
    if asking.pictures is not None and own:
        phrases = evaluate_phrases(list(zip(truths, own, strict=True)), asking.pictures, lexicon)
    return ExtractionEvaluation(
        profile=profile, style=style, regions=score, search=search, phrases=phrases
    )


def evaluate_kept(  # noqa: PLR0913  one argument for each choice
    corpus: Path,
    store: GraphStore,
    *,
    profile: str,
    asking: Asking = WORDS_ALONE,
    style: str = "",
    limit: int | None = None,
) -> ExtractionEvaluation:
    """What an earlier evaluation left in a store, measured again: regions and search.

    Raises `AnnotationError` for a folder that is no corpus, `InputError` for a store that lacks some of
    its pictures or holds others.
    """
    lexicon, score = load_lexicon(), ExtractionScore()
    _require_own(store, corpus)
    kept = {bundle.image.file_name: bundle for bundle in store.bundles()}
    items = drawn_pictures(corpus, style=style, limit=limit)
    truths = [Truth.of(item.draft, lexicon) for item in items]
    lacking = [t.file_name for t in truths if t.file_name not in kept]
    if lacking:
        message = (
            f"the store lacks {len(lacking)} of {len(truths)} pictures of {corpus}, the first is "
            f"{lacking[0]}; extract them into it first"
        )
        raise InputError(message)
    for truth in truths:
        count(Extracted(truth=truth, bundle=kept[truth.file_name]), lexicon, score)
    search = _searched(store, truths, lexicon, asking)
    return ExtractionEvaluation(
        profile=profile, style=style, regions=score, search=search, phrases=None
    )


def _searched(
    graph: GraphStore, truths: Sequence[Truth], lexicon: Lexicon, asking: Asking
) -> SearchScore:
    return evaluate_relation_search(
        graph,
        relation_queries(truths, lexicon),
        asking,
        lexicon=lexicon,
        subjects={truth.file_name: subject_of(truth.bundle) for truth in truths},
    )


def _require_own(store: GraphStore, corpus: Path) -> None:
    """Raise `InputError` where a store holds pictures of another folder, which would be answers."""
    names = (bundle.image.file_name for bundle in store.bundles())
    others = [name for name in names if not (corpus / name).is_file()]
    if others:
        message = (
            f"the store holds {len(others)} pictures that are not of {corpus}, the first is "
            f"{others[0]}; name a store of its own"
        )
        raise InputError(message)


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
            "",
            f"edges of confidence {evaluation.search.min_confidence:g} or more count",
            "",
            *_search_table(evaluation.search),
        ]
    )


def _search_table(search: SearchScore) -> list[str]:
    """nDCG@10 of "A relation B" by method: all questions, hard ones, by kind and by subject."""
    methods = tuple(search.ndcg)
    rows: dict[str, Sequence[QueryScore]] = {
        "all": search.scores,
        "both things as often unrelated": search.tempting,
        **search.by_kind,
    }
    figures = {name: (str(len(own)), mean_by_method(own)) for name, own in rows.items() if own} | {
        f"pictures of {subject}": ("", own) for subject, own in search.by_subject.items()
    }
    return [
        f"| A relation B, nDCG@10 | questions | {' | '.join(methods)} |",
        f"| --- | --- |{' --- |' * len(methods)}",
        *(
            f"| {name} | {asked} | {' | '.join(f'{own[m]:.3f}' for m in methods)} |"
            for name, (asked, own) in figures.items()
        ),
    ]


def _figures(evaluation: ExtractionEvaluation) -> dict[str, str]:
    regions, phrases = evaluation.regions, evaluation.phrases
    spent = ", ".join(
        f"{name} {seconds / regions.pictures:.2f}"
        for name, seconds in regions.stage_seconds.items()
    )
    figures = {
        "duplicates per region": f"{regions.duplicates_per_region:.3f}",
        "other regions per picture": f"{regions.extra / regions.pictures:.1f}",
        "persons' AP at IoU 0.5": f"{regions.person_ap:.3f}",
    }
    if spent:
        figures["seconds per picture"] = f"{regions.seconds_per_picture_s:.2f} ({spent})"
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
