"""How well a search answers: nDCG@10, success@5, swapped roles and empty answers.

A file of queries has `queries`, each with `query`, `relevant` and `uncertain` (file names of images)
and perhaps `swap_group`. Uncertain images are taken out of an answer before it is judged. A query
without relevant images is answered rightly by nothing; two queries of a swap group are the same
words with the roles exchanged.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iconograph.evaluation.baselines import bag_of_labels, full_text
from iconograph.graph.errors import AnnotationError, QueryError
from iconograph.graph.search.search import SearchOptions, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.search.port import ConceptFinder
    from iconograph.graph.store.port import GraphStore

    Answerer = Callable[[str], Sequence[str]]

DEPTH = 10
SUCCESS_DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A query with the files that answer it; `uncertain` ones do not count either way."""

    query: str
    relevant: frozenset[str]
    uncertain: frozenset[str]
    swap_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """How one query was answered; `answer` holds files, best first, uncertain ones taken out.

    `ndcg` is nDCG@10 and `success` whether one of the first five is relevant, both None for a query
    that nothing answers. `error` says why a query was not understood.
    """

    judged: JudgedQuery
    answer: tuple[str, ...]
    ndcg: float | None
    success: bool | None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """All queries answered by one method."""

    method: str
    results: tuple[QueryResult, ...]

    @property
    def ndcg(self) -> float:
        """Mean nDCG@10 over the queries that something answers."""
        return _mean([r.ndcg for r in self.results if r.ndcg is not None])

    @property
    def success(self) -> float:
        """Share of the queries that something answers with a relevant file among the first five."""
        return _mean([float(r.success) for r in self.results if r.success is not None])

    @property
    def empty(self) -> float:
        """Share of the queries that nothing answers to which nothing was answered."""
        return _mean([float(not r.answer) for r in self.results if not r.judged.relevant])

    @property
    def swaps(self) -> float:
        """Share of the swap groups in which every query is answered rightly.

        A query is answered rightly when its first file is relevant, or, where none is, when nothing
        is answered.
        """
        groups: dict[str, list[bool]] = {}
        for result in self.results:
            if result.judged.swap_group:
                groups.setdefault(result.judged.swap_group, []).append(_is_right(result))
        return _mean([float(all(right)) for right in groups.values()])

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "method": self.method,
            "ndcg_at_10": self.ndcg,
            "success_at_5": self.success,
            "empty_answers": self.empty,
            "swap_groups": self.swaps,
            "queries": [
                {
                    "query": result.judged.query,
                    "ndcg_at_10": result.ndcg,
                    "success_at_5": result.success,
                    "answer": list(result.answer),
                    "error": result.error,
                }
                for result in self.results
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEvaluation:
    """Our search beside simple baselines on the same queries; ours comes first."""

    methods: tuple[MethodResult, ...]

    @property
    def ours(self) -> MethodResult:
        """The compound search."""
        return self.methods[0]

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"methods": [method.to_record() for method in self.methods]}


def evaluate_search(
    store: GraphStore,
    queries_path: Path,
    *,
    lexicon: Lexicon,
    encoders: Sequence[TextEncoder] = (),
    concepts: ConceptFinder | None = None,
) -> SearchEvaluation:
    """Ask a store every query of a file, by our search and by the baselines.

    Raises `AnnotationError` when the file has another form.
    """

    def compound(query: str) -> Sequence[str]:
        answer = search(
            store,
            query,
            lexicon=lexicon,
            encoders=encoders,
            concepts=concepts,
            options=SearchOptions(limit=DEPTH * 10),
        )
        return [hit.image.file_name for hit in answer.hits]

    bundles = list(store.bundles())
    judged = read_queries(queries_path)
    methods = {
        "compound": compound,
        "bag of labels": bag_of_labels(bundles),
        "full text": full_text(bundles),
    }
    return SearchEvaluation(
        methods=tuple(
            MethodResult(method=name, results=tuple(_results(answerer, judged)))
            for name, answerer in methods.items()
        )
    )


def read_queries(path: Path) -> tuple[JudgedQuery, ...]:
    """The queries of a file; raises `AnnotationError` when it has another form."""
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["queries"]
        return tuple(_judged(record) for record in records)
    except OSError as error:
        message = f"cannot read the queries {path}: {error.strerror or error}"
        raise AnnotationError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{path.name} is no list of judged queries ({error!r}); expected a JSON object with "
            "`queries`, each with `query`, `relevant` and `uncertain`"
        )
        raise AnnotationError(message) from error


def ndcg(answer: Sequence[str], relevant: frozenset[str], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Jarvelin and Kekalainen 2002)."""
    gain = sum(1 / math.log2(n + 2) for n, file in enumerate(answer[:depth]) if file in relevant)
    ideal = sum(1 / math.log2(n + 2) for n in range(min(len(relevant), depth)))
    return gain / ideal if ideal else 0.0


def table(evaluation: SearchEvaluation) -> str:
    """Figures of each method, then each query of ours, as a Markdown table."""
    lines = [
        "| method | nDCG@10 | success@5 | swap groups | empty answers |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {m.method} | {m.ndcg:.3f} | {m.success:.3f} | {m.swaps:.2f} | {m.empty:.2f} |"
        for m in evaluation.methods
    ]
    lines += ["", "| query | nDCG@10 | success@5 | answer |", "| --- | --- | --- | --- |"]
    for result in evaluation.ours.results:
        files = result.error or ", ".join(
            f"**{file}**" if file in result.judged.relevant else file
            for file in result.answer[:SUCCESS_DEPTH]
        )
        score = "-" if result.ndcg is None else f"{result.ndcg:.2f}"
        success = "-" if result.success is None else "yes" if result.success else "no"
        lines.append(f"| {result.judged.query} | {score} | {success} | {files or 'none'} |")
    return "\n".join(lines)


def _judged(record: dict[str, Any]) -> JudgedQuery:
    return JudgedQuery(
        query=record["query"],
        relevant=frozenset(record["relevant"]),
        uncertain=frozenset(record.get("uncertain", ())),
        swap_group=record.get("swap_group", ""),
    )


def _results(answerer: Answerer, queries: Iterable[JudgedQuery]) -> Iterable[QueryResult]:
    for judged in queries:
        error, files = "", []
        try:
            files = list(answerer(judged.query))
        except QueryError as refused:
            error = str(refused)
        answer = tuple(file for file in files if file not in judged.uncertain)
        relevant = judged.relevant
        yield QueryResult(
            judged=judged,
            answer=answer,
            ndcg=ndcg(answer, relevant) if relevant else None,
            success=bool(relevant & set(answer[:SUCCESS_DEPTH])) if relevant else None,
            error=error,
        )


def _is_right(result: QueryResult) -> bool:
    if not result.judged.relevant:
        return not result.answer and not result.error
    return bool(result.answer) and result.answer[0] in result.judged.relevant


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.nan
