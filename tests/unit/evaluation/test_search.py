"""The measures, on answers made by hand, and the whole on the development set."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from iconograph.evaluation.annotations import read_annotations
from iconograph.evaluation.search import (
    JudgedQuery,
    MethodResult,
    QueryResult,
    evaluate_search,
    ndcg,
    read_queries,
    table,
)
from iconograph.graph.errors import AnnotationError
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle

ANNOTATIONS = Path(__file__).parents[4] / "shared" / "data" / "annotations"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((), 0.0),
        (("a", "b"), 1.0),
        (("b", "a", "x"), 1.0),
        (("x", "a", "b"), (1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3))),
        (("x",) * 10 + ("a",), 0.0),
    ],
    ids=["nothing", "all first", "order among relevant", "one place late", "beyond ten"],
)
def test_ndcg(answer: tuple[str, ...], expected: float) -> None:
    assert ndcg(answer, frozenset("ab")) == pytest.approx(expected)


def result(answer: str, relevant: str, group: str = "") -> QueryResult:
    judged = JudgedQuery(
        query=answer, relevant=frozenset(relevant), uncertain=frozenset(), swap_group=group
    )
    return QueryResult(
        judged=judged,
        answer=tuple(answer),
        ndcg=ndcg(answer, frozenset(relevant)) if relevant else None,
        success=bool(set(relevant) & set(answer[:5])) if relevant else None,
    )


def test_measures_over_queries() -> None:
    method = MethodResult(
        method="by hand",
        results=(
            result("ab", "a", "1"),
            result("", "", "1"),
            result("ba", "a", "2"),
            result("b", "", "2"),
        ),
    )

    assert method.success == 1.0
    assert method.swaps == 0.5
    assert method.empty == 0.5
    assert method.ndcg == pytest.approx((1 + 1 / math.log2(3)) / 2)


def test_uncertain_files_do_not_count_and_errors_are_kept(tmp_path: Path) -> None:
    queries = tmp_path / "queries.json"
    asked = [
        {"query": "Eve beside a goat", "relevant": ["other.jpg"], "uncertain": ["eden.jpg"]},
        {"query": "holding", "relevant": ["eden.jpg"], "uncertain": []},
        {"query": "woman holding an apple", "relevant": ["eden.jpg"], "uncertain": []},
    ]
    queries.write_text(json.dumps({"queries": asked}))
    with open_store("memory:") as store:
        store.write(eden_bundle(with_vectors=False))
        evaluation = evaluate_search(store, queries, lexicon=load_lexicon())

    uncertain, refused, right = evaluation.ours.results
    assert uncertain.answer == ()
    assert "understood" in refused.error
    assert right.answer == ("eden.jpg",)
    assert [method.method for method in evaluation.methods] == [
        "compound",
        "bag of labels",
        "full text",
    ]
    assert "| woman holding an apple | 1.00 | yes | **eden.jpg** |" in table(evaluation)


@pytest.mark.parametrize("text", ["{", "[]", '{"queries": [{"query": "x"}]}'])
def test_a_file_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "queries.json"
    path.write_text(text)

    with pytest.raises(AnnotationError, match=r"queries\.json"):
        read_queries(path)


def test_the_development_queries_are_answered() -> None:
    if not ANNOTATIONS.exists():
        pytest.skip(f"the development data is not at {ANNOTATIONS}")
    with open_store("memory:") as store:
        for picture in read_annotations(ANNOTATIONS / "dev_paintings.json").pictures:
            store.write(picture.bundle)
        evaluation = evaluate_search(
            store, ANNOTATIONS / "dev_queries.json", lexicon=load_lexicon()
        )
    ours, *baselines = evaluation.methods

    assert ours.ndcg > 0.9
    assert ours.empty == 1.0
    assert all(ours.ndcg > method.ndcg + 0.2 for method in baselines)
    assert all(ours.swaps > method.swaps for method in baselines)
