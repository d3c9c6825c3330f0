"""Measures the whole compound query on both stores beside the plain numpy product."""

from __future__ import annotations

import os
import resource
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table
from tools.neo4j.server import Neo4jServer

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.search.search import SearchOptions, search
from iconograph.graph.store.neo4j.store import Neo4jStore
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.bench.questions import questions
from tests.bench.store_data import GraphSize
from tests.bench.test_store_bench import fill, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iconograph.graph.search.answer import Answer
    from iconograph.graph.search.pattern import Pattern
    from iconograph.graph.store.port import GraphStore
    from tests.bench.questions import PhraseEncoder

WANTED = 20
ASKED = 40
EMBEDDED = GraphSize(regions=200_000, dim=512)
SERVED = GraphSize(regions=int(os.environ.get("ICONOGRAPH_BENCH_REGIONS", "100000")), dim=512)

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


@pytest.fixture
def url(tmp_path: Path, neo4j_version: str) -> Iterator[str]:
    """A server that is kept running long enough for its compiler, with room for the vectors."""
    home = tmp_path / "neo4j"
    with Neo4jServer(version=neo4j_version, home=home, heap="1g", page_cache="1g") as server:
        yield server.bolt_url


def test_embedded_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = _table(f"compound query, embedded, {EMBEDDED.regions:,} regions x {EMBEDDED.dim}")
    with SqliteStore.open(str(tmp_path / "bench.db")) as store:
        edges, _ = fill(store, EMBEDDED)
        table.caption = f"{edges:,} edges"
        patterns, encoder = questions(EMBEDDED, ASKED)
        matrix = np.concatenate([v.matrix for b in store.bundles() for v in b.vectors])
        ask = asker(store, encoder)
        ask(patterns[0])
        searched, product = [], []
        for pattern in patterns:
            both = encoder.encode([node.phrase for node in pattern.nodes])
            searched.append(timed(partial(ask, pattern)))
            product.append(timed(partial(np.matmul, matrix, both.T)))
    _add(table, "compound query", searched)
    _add(table, "numpy product", product)
    ratio = np.median(searched) / np.median(product)
    table.add_row("ratio of p50", f"{ratio:.2f}", "")
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    table.add_row("peak memory", f"{peak_gib:.2f} GiB", "")
    with capsys.disabled():
        Console(width=100).print("", table)


@pytest.mark.neo4j
def test_served_search(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = _table(f"compound query, Neo4j, {SERVED.regions:,} regions x {SERVED.dim}")
    patterns, encoder = questions(SERVED, ASKED)
    with Neo4jStore.open(url) as store, SqliteStore.in_memory() as exact:
        fill(exact, SERVED)
        edges, _ = fill(store, SERVED)
        ask, truth = asker(store, encoder), asker(exact, encoder)
        first = [timed(partial(ask, pattern)) for pattern in patterns]
        searched = [timed(partial(ask, pattern)) for pattern in patterns]
        beside = [timed(partial(truth, pattern)) for pattern in patterns]
        answers = [ask(pattern) for pattern in patterns]
        recalls = [
            recall(answer, truth(pattern))
            for answer, pattern in zip(answers, patterns, strict=True)
        ]
    table.caption = f"{edges:,} edges"
    _add(table, "Neo4j, first time asked", first)
    _add(table, "Neo4j, asked again", searched)
    _add(table, "embedded, same data", beside)
    table.add_row("called exact", f"{sum(a.exact for a in answers)} of {ASKED}", "")
    table.add_row(f"recall@{WANTED}", f"{np.mean(recalls):.3f}", f"lowest {min(recalls):.2f}")
    with capsys.disabled():
        Console(width=100).print("", table)


def asker(store: GraphStore, encoder: PhraseEncoder) -> Callable[[Pattern], Answer]:
    """Asks one store with the phrases' vectors."""
    lexicon = load_lexicon()
    options = SearchOptions(limit=WANTED)

    def ask(pattern: Pattern) -> Answer:
        return search(store, pattern, lexicon=lexicon, encoders=[encoder], options=options)

    return ask


def recall(found: Answer, true: Answer) -> float:
    """Share of the exact answer's score level that was reached, hit by hit.

    Many works score alike, so hits are compared by score and not by name: a hit counts when its
    score is at least that of the exact answer's last one.
    """
    if not true.hits:
        return 1.0
    least = true.hits[-1].score - 1e-4
    return sum(hit.score >= least for hit in found.hits) / len(true.hits)


def _table(title: str) -> Table:
    table = Table(title=title)
    for column in ("measure", "p50", "p95"):
        table.add_column(column, justify="right" if column != "measure" else "left")
    return table


def _add(table: Table, name: str, seconds: list[float]) -> None:
    p50, p95 = np.percentile(seconds, [50, 95]) * 1000
    table.add_row(name, f"{p50:.1f} ms", f"{p95:.1f} ms")
