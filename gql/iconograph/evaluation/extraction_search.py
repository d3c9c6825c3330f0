"""How well pictures that were seen by models alone answer "A relation B".

The questions come from the truth of drawn scenes, and so do their answers; the graph that is asked
was made of pixels.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.evaluation.drawn_truth import with_article
from iconograph.evaluation.search import DEPTH, ndcg
from iconograph.graph.errors import QueryError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.region import Level
from iconograph.graph.search.search import SearchOptions, search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from iconograph.evaluation.drawn_truth import Truth
    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.store.port import GraphStore

    Answerer = Callable[["RelationQuery"], Sequence[str]]

SAYINGS = {
    EdgeKind.HOLDS: "holding",
    EdgeKind.WEARS: "wearing",
    EdgeKind.BESIDE: "beside",
    EdgeKind.ABOVE: "above",
    EdgeKind.GAZES_AT: "looking at",
    EdgeKind.IN_FRONT_OF: "in front of",
}
"""The kinds that are asked for, and how."""

COMMON_FRACTION = 0.1
"""What more of the pictures show is no question."""

QUERIES_PER_KIND = 10
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationQuery:
    """Two phrases with the relation between them, and the files in which it is so."""

    subject: str
    kind: EdgeKind
    object: str
    relevant: frozenset[str]

    @property
    def text(self) -> str:
        """`woman holding an apple`."""
        return f"{self.subject} {SAYINGS[self.kind]} {with_article(self.object)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScore:
    """nDCG@10 of each method over the queries, and of each kind for ours."""

    queries: int
    ndcg: Mapping[str, float]
    ndcg_by_kind: Mapping[str, float]

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "queries": self.queries,
            "ndcg_at_10": dict(self.ndcg),
            "compound_ndcg_at_10_by_kind": dict(self.ndcg_by_kind),
        }


def relation_queries(truths: Sequence[Truth], lexicon: Lexicon) -> tuple[RelationQuery, ...]:
    """Questions whose answers are among the pictures but are no more than a tenth of them.

    `QUERIES_PER_KIND` of each kind at the most, drawn by a fixed seed.
    """
    asked: dict[EdgeKind, dict[tuple[str, str], None]] = defaultdict(dict)
    for truth in truths:
        for edge in truth.bundle.edges:
            if edge.kind in SAYINGS:
                ends = (truth.words[edge.subject_id], truth.words[edge.object_id])
                asked[edge.kind][ends] = None
    most = max(1, math.floor(COMMON_FRACTION * len(truths)))
    rng = random.Random(SEED)  # noqa: S311  a sample, no secret
    queries: list[RelationQuery] = []
    for kind in SAYINGS:
        pairs = sorted(asked[kind])
        rng.shuffle(pairs)
        fitting = (
            query
            for subject, object_ in pairs
            if 0 < len((query := _judged(subject, kind, object_, truths, lexicon)).relevant) <= most
        )
        queries += itertools.islice(fitting, QUERIES_PER_KIND)
    return tuple(queries)


def _judged(
    subject: str, kind: EdgeKind, object_: str, truths: Sequence[Truth], lexicon: Lexicon
) -> RelationQuery:
    """A question with the pictures of which it is true."""
    relevant = frozenset(
        truth.bundle.image.file_name
        for truth in truths
        if truth.states(subject, kind, object_, lexicon)
    )
    return RelationQuery(subject=subject, kind=kind, object=object_, relevant=relevant)


def evaluate_relation_search(
    store: GraphStore,
    queries: Sequence[RelationQuery],
    *,
    lexicon: Lexicon,
    encoders: Sequence[TextEncoder] = (),
    pictures: TextEncoder | None = None,
) -> SearchScore:
    """Our search beside vectors without edges; `pictures` encodes texts into the pictures' space."""
    methods: dict[str, Answerer] = {"compound": _compound(store, lexicon, encoders)}
    if pictures is not None:
        vectors = _Vectors.of(store, pictures)
        methods["whole-image vector"] = vectors.by_whole
        methods["region vectors, no edges"] = vectors.by_regions
    scores = {
        name: [ndcg(answerer(query), query.relevant) for query in queries]
        for name, answerer in methods.items()
    }
    by_kind: dict[str, list[float]] = defaultdict(list)
    for score, query in zip(scores["compound"], queries, strict=True):
        by_kind[query.kind.value].append(score)
    return SearchScore(
        queries=len(queries),
        ndcg={name: _mean(values) for name, values in scores.items()},
        ndcg_by_kind={kind: _mean(values) for kind, values in by_kind.items()},
    )


def _compound(store: GraphStore, lexicon: Lexicon, encoders: Sequence[TextEncoder]) -> Answerer:
    def answer(query: RelationQuery) -> Sequence[str]:
        options = SearchOptions(limit=DEPTH * 10)
        try:
            found = search(store, query.text, lexicon=lexicon, encoders=encoders, options=options)
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


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.nan
