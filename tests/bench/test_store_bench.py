"""Measures the embedded store beside the plain numpy product over the same vectors."""

from __future__ import annotations

import resource
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table

from iconograph.graph.store.candidates import CandidateRequest, LinkRequest, NodeRequest
from iconograph.graph.store.open import open_store
from tests.bench.store_data import EDGE_KINDS, GraphSize, bundles, query_vectors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from iconograph.graph.store.port import GraphStore

REPEATS = 40

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(GraphSize(regions=20_000, dim=512), id="20k"),
        pytest.param(GraphSize(regions=200_000, dim=512), id="200k"),
    ],
)
def test_embedded_store(
    size: GraphSize, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'bench.db'}"
    table = Table(title=f"embedded store, {size.regions:,} regions x {size.dim}")
    table.add_column("measure")
    table.add_column("value", justify="right")
    with open_store(url) as store:
        edges, write_s = fill(store, size)
    table.add_row("edges", f"{edges:,}")
    table.add_row("file", f"{(tmp_path / 'bench.db').stat().st_size / 2**20:,.0f} MiB")
    table.add_row("write", f"{size.regions / write_s:,.0f} regions/s")

    started = time.perf_counter()
    store = open_store(url, read_only=True)
    assert store.info().spaces == (size.space,)
    table.add_row("open and count", f"{time.perf_counter() - started:.3f} s")
    with store:
        requests = [request(pair, size) for pair in pairs(size)]
        started = time.perf_counter()
        store.candidates(requests[0])
        table.add_row("first search", f"{time.perf_counter() - started:.2f} s")
        matrix = np.concatenate([vectors.matrix for b in store.bundles() for vectors in b.vectors])
        asked_s, product_s = [], []
        for pair, asked in zip(pairs(size), requests, strict=True):
            asked_s.append(timed(partial(store.candidates, asked)))
            product_s.append(timed(partial(np.matmul, matrix, pair.T)))
    for name, measured in (("candidates", asked_s), ("numpy product", product_s)):
        p50, p95 = np.percentile(measured, [50, 95]) * 1000
        table.add_row(name, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    table.add_row("ratio of p50", f"{np.median(asked_s) / np.median(product_s):.2f}")
    table.add_row(
        "peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"
    )
    with capsys.disabled():
        Console(width=100).print("", table)


def fill(store: GraphStore, size: GraphSize) -> tuple[int, float]:
    """Write the graph; how many edges it has and the seconds that writing alone took."""
    edges, seconds = 0, 0.0
    for bundle in bundles(size):
        started = time.perf_counter()
        store.write(bundle)
        seconds += time.perf_counter() - started
        edges += len(bundle.edges)
    return edges, seconds


def pairs(size: GraphSize) -> list[NDArray[np.float32]]:
    """Two vectors for each search."""
    return list(query_vectors(size, 2 * REPEATS).reshape(REPEATS, 2, size.dim))


def request(vectors: NDArray[np.float32], size: GraphSize) -> CandidateRequest:
    """A search by words and vectors at both ends of an edge."""
    words = (frozenset({"woman"}), frozenset({"lily"}))
    return CandidateRequest(
        nodes=[
            NodeRequest(tokens=tokens, vectors={size.space.name: vector})
            for tokens, vector in zip(words, vectors, strict=True)
        ],
        links=[LinkRequest(subject=0, object=1, kinds=frozenset(EDGE_KINDS[:3]))],
    )


def timed(call: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
