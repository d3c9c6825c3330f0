"""The same questions to both stores give the same answers: works, regions, edges and scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iconograph.evaluation.annotations import read_annotations
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.search.search import SearchOptions, search
from iconograph.graph.store.neo4j.store import Neo4jStore
from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import compare_stores, copy_store
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.items import Item
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.relations.derive import derive
from iconograph.relations.thresholds import read_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.search.answer import Answer
    from iconograph.graph.store.port import GraphStore

pytestmark = pytest.mark.neo4j

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "annotations"
SCORE_TOLERANCE = 1e-4
DRAWN_QUESTIONS = (
    "Eve next to a goat",
    "Archangel Gabriel with a lily",
    "God with cherubs",
    "woman holding a flower",
    "man without a hat holding a sword",
    "person beside an animal",
    "two figures gazing at each other",
    "elephant beside a bicycle",
)
PAINTED_QUESTIONS = (
    "man holding a sword",
    "woman beside a dog",
    "angel above an old man",
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """Drawn scenes with their truth and what geometry finds."""
    folder = tmp_path_factory.mktemp("drawn")
    annotations = write_corpus(folder, count=12, seed=7)
    thresholds = read_thresholds()
    with open_store("memory:") as store:
        for item in annotated_items([folder], annotations=[annotations]):
            assert isinstance(item, Item), item
            store.write(derive(item.draft, thresholds=thresholds))
        yield store


@pytest.fixture(scope="module")
def painted() -> Iterator[GraphStore]:
    """Real paintings with regions and relations judged by eye, and what geometry finds."""
    if not SHARED.exists():
        pytest.skip(f"the annotated paintings are not here: {SHARED}")
    thresholds = read_thresholds()
    with open_store("memory:") as store:
        for picture in read_annotations(SHARED / "dev_paintings.json").pictures:
            store.write(derive(picture.bundle, thresholds=thresholds))
        yield store


def neo4j_copy(source: GraphStore, url: str) -> Neo4jStore:
    """A Neo4j that holds what the source holds, and nothing else."""
    store = Neo4jStore.open(url)
    store.clear()
    copy_store(source, store)
    return store


def told(answer: Answer) -> list[dict[str, Any]]:
    """What an answer says, in a form to compare."""
    return [
        {
            "work": hit.work.id,
            "score": pytest.approx(hit.score, abs=SCORE_TOLERANCE),
            "regions": [(match.role, match.region.id) for match in hit.matches],
            "edges": [edge.id for edge in hit.edges],
            "because": hit.because,
        }
        for hit in answer.hits
    ]


def asked(store: GraphStore, question: str, *, unrelated: bool = False) -> Answer:
    options = SearchOptions(limit=50, unrelated=unrelated)
    return search(store, question, lexicon=load_lexicon(), options=options)


def test_both_answer_alike_about_drawn_scenes(drawn: GraphStore, neo4j_url: str) -> None:
    with neo4j_copy(drawn, neo4j_url) as served:
        assert compare_stores(drawn, served).equal
        for question in DRAWN_QUESTIONS:
            for unrelated in (False, True):
                answers = (asked(at, question, unrelated=unrelated) for at in (served, drawn))
                there, here = map(told, answers)
                assert there == here, (question, unrelated)

    assert asked(drawn, DRAWN_QUESTIONS[0]).hits
    assert not asked(drawn, DRAWN_QUESTIONS[-1]).hits
    assert any(h.missing for q in DRAWN_QUESTIONS for h in asked(drawn, q, unrelated=True).hits)


def test_both_answer_alike_about_paintings(painted: GraphStore, neo4j_url: str) -> None:
    judged = json.loads((SHARED / "dev_queries.json").read_text())["queries"]
    questions = [*PAINTED_QUESTIONS, *(query["query"] for query in judged)]

    with neo4j_copy(painted, neo4j_url) as served:
        for question in questions:
            assert told(asked(served, question)) == told(asked(painted, question)), question

    assert asked(painted, PAINTED_QUESTIONS[0]).hits
    assert asked(painted, PAINTED_QUESTIONS[2]).hits
