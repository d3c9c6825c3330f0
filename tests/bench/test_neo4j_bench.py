"""Measures a search on Neo4j beside the exact answer over the same vectors."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table
from tools.neo4j.server import Neo4jServer

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.candidates import CandidateRequest, LinkRequest, NodeRequest
from iconograph.graph.store.neo4j.store import Neo4jStore
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.bench.store_data import GraphSize
from tests.bench.test_store_bench import fill, pairs, timed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.store.candidates import Candidates

WANTED = 20
WARM_UP = 15
SIZE = GraphSize(regions=int(os.environ.get("ICONOGRAPH_BENCH_REGIONS", "100000")), dim=512)

pytestmark = [pytest.mark.bench, pytest.mark.neo4j, pytest.mark.timeout(1800)]


@pytest.fixture
def url(tmp_path: Path, neo4j_version: str) -> Iterator[str]:
    """A server that is kept running long enough for its compiler, with room for the vectors."""
    home = tmp_path / "neo4j"
    with Neo4jServer(version=neo4j_version, home=home, heap="1g", page_cache="1g") as server:
        yield server.bolt_url


def test_neo4j_store(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(title=f"Neo4j, {SIZE.regions:,} regions x {SIZE.dim}, best {WANTED} pairs")
    for column in ("seeds", "recall", "lowest", "p50 ms", "p95 ms"):
        table.add_column(column, justify="right")
    with Neo4jStore.open(url) as store, SqliteStore.in_memory() as exact:
        fill(exact, SIZE)
        edges, write_s = fill(store, SIZE)
        table.caption = f"{edges:,} edges, written at {SIZE.regions / write_s:,.0f} regions/s"
        for seeds in (500, 1000):
            requests = [asked(pair, seeds) for pair in pairs(SIZE)]
            for request in requests[:WARM_UP]:
                store.candidates(request)
            times = [timed(partial(store.candidates, request)) for request in requests]
            recalls = [
                len(best(store.candidates(request)) & best(exact.candidates(request))) / WANTED
                for request in requests
            ]
            p50, p95 = np.percentile(times, [50, 95]) * 1000
            lowest = f"{min(recalls):.2f}"
            table.add_row(f"{seeds}", f"{np.mean(recalls):.3f}", lowest, f"{p50:.0f}", f"{p95:.0f}")
    with capsys.disabled():
        Console(width=100).print("", table)


def asked(vectors: NDArray[np.float32], seeds: int) -> CandidateRequest:
    return CandidateRequest(
        nodes=[NodeRequest(vectors={SIZE.space.name: vector}) for vector in vectors],
        links=[LinkRequest(subject=0, object=1, kinds=frozenset({EdgeKind.HOLDS}))],
        seeds=seeds,
    )


def best(columns: Candidates) -> set[str]:
    """The edges with the largest sums of cosines."""
    first, second = columns.cosines[SIZE.space.name]
    edges = columns.edges[EdgeKind.HOLDS]
    sums = first[edges.subject] + second[edges.object]
    return {edges.ids[place] for place in np.argsort(-sums, kind="stable")[:WANTED]}
