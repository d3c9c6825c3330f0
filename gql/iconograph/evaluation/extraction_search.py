"""How well pictures that were seen by models alone answer "A relation B".

The questions come from the truth of drawn scenes, and so do their answers; the graph that is asked
was made of pixels.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.evaluation.search import DEPTH, ndcg
from iconograph.graph.errors import QueryError
from iconograph.graph.model.region import Level
from iconograph.graph.search.search import SearchOptions, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.extraction_queries import RelationQuery
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.store.port import GraphStore

    Answerer = Callable[[RelationQuery], Sequence[str]]

COMPOUND, UNRELATED = "compound", "compound, then those unrelated"
WHOLE, REGIONS = "whole-image vector", "region vectors, no edges"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asking:
    """What questions are asked with.

    encoders        those that the compound search uses
    pictures        encodes texts into the pictures' space, for searches without edges
    min_confidence  of an edge that the compound search counts
    """

    encoders: Sequence[TextEncoder] = ()
    pictures: TextEncoder | None = None
    min_confidence: float = 0.0


WORDS_ALONE = Asking()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryScore:
    """nDCG@10 of each method for one question."""

    query: RelationQuery
    ndcg: Mapping[str, float]

    @property
    def is_tempting(self) -> bool:
        """Whether as many pictures show both things unrelated as related."""
        return len(self.query.tempting) >= len(self.query.relevant)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScore:
    """nDCG@10 of each method over all questions.

    `subjects` says what each file is a picture of, `min_confidence` how sure edges were that counted.
    """

    scores: tuple[QueryScore, ...]
    subjects: Mapping[str, str]
    min_confidence: float = 0.0

    @property
    def queries(self) -> int:
        """How many questions were asked."""
        return len(self.scores)

    @property
    def ndcg(self) -> dict[str, float]:
        """The mean of each method."""
        return mean_by_method(self.scores)

    @property
    def tempting(self) -> tuple[QueryScore, ...]:
        """Questions that knowing what is shown, without relations, cannot answer well."""
        return tuple(score for score in self.scores if score.is_tempting)

    @property
    def by_kind(self) -> dict[str, tuple[QueryScore, ...]]:
        """The questions of each kind of relation."""
        kinds: dict[str, list[QueryScore]] = defaultdict(list)
        for score in self.scores:
            kinds[score.query.kind.value].append(score)
        return {kind: tuple(scores) for kind, scores in kinds.items()}

    @property
    def by_subject(self) -> dict[str, dict[str, float]]:
        """The mean of each method, questions weighted by the share of their answers of a subject."""
        shares: dict[str, list[tuple[float, QueryScore]]] = defaultdict(list)
        for score in self.scores:
            files = score.query.relevant
            subjects = [self.subjects.get(file, "") for file in files]
            for subject in set(subjects):
                shares[subject].append((subjects.count(subject) / len(files), score))
        return {
            subject: {
                method: sum(share * score.ndcg[method] for share, score in own)
                / sum(share for share, _ in own)
                for method in own[0][1].ndcg
            }
            for subject, own in sorted(shares.items())
        }

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "queries": self.queries,
            "min_confidence": self.min_confidence,
            "ndcg_at_10": self.ndcg,
            "ndcg_at_10_by_kind": {k: mean_by_method(own) for k, own in self.by_kind.items()},
            "ndcg_at_10_by_subject": self.by_subject,
            "tempting_queries": len(self.tempting),
            "ndcg_at_10_of_tempting": mean_by_method(self.tempting),
            "each": [
                {
                    "query": score.query.text,
                    "kind": score.query.kind.value,
                    "relevant": len(score.query.relevant),
                    "uncertain": len(score.query.uncertain),
                    "tempting": len(score.query.tempting),
                    "ndcg_at_10": dict(score.ndcg),
                }
                for score in self.scores
            ],
        }


def mean_by_method(scores: Sequence[QueryScore]) -> dict[str, float]:
    """The mean nDCG@10 of each method; empty without questions."""
    methods = scores[0].ndcg if scores else ()
    return {m: sum(score.ndcg[m] for score in scores) / len(scores) for m in methods}


def evaluate_relation_search(
    store: GraphStore,
    queries: Sequence[RelationQuery],
    asking: Asking,
    *,
    lexicon: Lexicon,
    subjects: Mapping[str, str] | None = None,
) -> SearchScore:
    """Our search, strict and with those unrelated after, beside vectors without edges."""
    methods: dict[str, Answerer] = {
        COMPOUND: _compound(store, lexicon, asking, unrelated=False),
        UNRELATED: _compound(store, lexicon, asking, unrelated=True),
    }
    if asking.pictures is not None:
        vectors = _Vectors.of(store, asking.pictures)
        methods[WHOLE] = vectors.by_whole
        methods[REGIONS] = vectors.by_regions
    return SearchScore(
        scores=tuple(
            QueryScore(
                query=query,
                ndcg={name: _judged(answerer(query), query) for name, answerer in methods.items()},
            )
            for query in queries
        ),
        subjects=subjects or {},
        min_confidence=asking.min_confidence,
    )


def _judged(answer: Iterable[str], query: RelationQuery) -> float:
    """nDCG@10, uncertain files taken out before."""
    return ndcg([file for file in answer if file not in query.uncertain], query.relevant)


def _compound(store: GraphStore, lexicon: Lexicon, asking: Asking, *, unrelated: bool) -> Answerer:
    options = SearchOptions(
        limit=DEPTH * 10, min_confidence=asking.min_confidence, unrelated=unrelated
    )

    def answer(query: RelationQuery) -> Sequence[str]:
        try:
            found = search(
                store, query.text, lexicon=lexicon, encoders=asking.encoders, options=options
            )
        except QueryError:
            return ()
        return [hit.image.file_name for hit in found.hits]

    return answer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Vectors:
    """The vectors of each picture's regions, and of its whole, in one space."""

    texts: TextEncoder
    regions: dict[str, NDArray[np.float32]]
    wholes: dict[str, NDArray[np.float32]]

    @classmethod
    def of(cls, store: GraphStore, texts: TextEncoder) -> _Vectors:
        regions, wholes = {}, {}
        for bundle in store.bundles():
            for vectors in bundle.vectors:
                if vectors.space.name != texts.space.name:
                    continue
                scenes = {r.id for r in bundle.regions if r.level is Level.SCENE}
                is_scene = np.array([i in scenes for i in vectors.region_ids], np.bool_)
                file = bundle.image.file_name
                regions[file] = vectors.matrix[~is_scene]
                wholes[file] = vectors.matrix[is_scene]
        return cls(texts=texts, regions=regions, wholes=wholes)

    def by_whole(self, query: RelationQuery) -> Sequence[str]:
        (phrase,) = self.texts.encode([query.text])
        return _ranked({f: _best(m, phrase) for f, m in self.wholes.items()})

    def by_regions(self, query: RelationQuery) -> Sequence[str]:
        ends = self.texts.encode([query.subject, query.object])
        return _ranked({f: sum(_best(m, end) for end in ends) for f, m in self.regions.items()})


def _best(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> float:
    return float((matrix @ vector).max(initial=-1.0))


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return [file for _, file in sorted((-score, file) for file, score in scores.items())]
