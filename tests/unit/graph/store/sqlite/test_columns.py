"""What a search reads: products of vectors, and words in captions."""

from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.store.candidates import CandidateRequest, NodeRequest
from iconograph.graph.store.sqlite.columns import FEW_VECTORS, VectorColumns, products
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import CLIP_SPACE, eden_bundle

DIM = 16


@pytest.mark.parametrize("count", [0, 1, 50])
@pytest.mark.parametrize("asked", [1, FEW_VECTORS, FEW_VECTORS + 1])
def test_products_are_those_of_the_whole_matrices(asked: int, count: int) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(asked, DIM)).astype(np.float32)
    matrix = rng.normal(size=(count, DIM)).astype(np.float32)

    found = products(vectors, matrix)

    assert found == pytest.approx(vectors @ matrix.T, abs=1e-5)
    assert found.flags.c_contiguous


@pytest.mark.parametrize("token", ["well-known", 'a"b', "caption:goat", "NEAR(", "*", "\u202e"])
def test_a_token_is_never_read_as_a_query_language(token: str) -> None:
    with SqliteStore.in_memory() as store:
        store.write(eden_bundle())

        found = store.candidates(CandidateRequest(nodes=[NodeRequest(tokens=frozenset({token}))]))

    assert found.caption_hits[token].tolist() == []


def test_regions_without_a_vector_have_no_cosine() -> None:
    matrix = np.eye(2, CLIP_SPACE.dim, dtype=np.float32)
    columns = VectorColumns(space=CLIP_SPACE, rows=np.array([1, 3], np.int32), matrix=matrix)

    cosines = columns.cosines(matrix[:1], 5)

    assert np.isnan(cosines[0, [0, 2, 4]]).all()
    assert cosines[0, [1, 3]].tolist() == [1, 0]
