from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.model.vector import VectorSpace
from iconograph.ingest.stages.text_vectors import TextVectors, text_of
from tests.builders import CLIP_SPACE, TEXT_SPACE, eden_bundle, random_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAFT = eden_bundle(with_vectors=False)


class Counting:
    """Encodes a text as the direction of its length, and remembers what it was asked."""

    def __init__(self, dim: int = TEXT_SPACE.dim) -> None:
        self.asked: list[str] = []
        self._dim = dim

    @property
    def space(self) -> VectorSpace:
        return TEXT_SPACE

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.zeros((len(texts), self._dim), dtype=np.float32)
        rows[:, 0] = [np.cos(len(text)) for text in texts]
        rows[:, 1] = [np.sin(len(text)) for text in texts]
        return rows


def test_each_region_gets_the_vector_of_its_label_and_caption() -> None:
    encoder = Counting()
    (vectors,) = TextVectors(encoder)(DRAFT, None).vectors
    assert text_of(DRAFT.regions[0]) == "Eve; a nude woman with long hair"
    assert vectors.region_ids == tuple(region.id for region in DRAFT.regions)
    expected = Counting().encode([text_of(region) for region in DRAFT.regions])
    assert np.array_equal(vectors.matrix, expected)


def test_equal_texts_are_encoded_once() -> None:
    regions = tuple(dataclasses.replace(r, labels=(), caption="x") for r in DRAFT.regions)
    encoder = Counting()
    (vectors,) = TextVectors(encoder)(dataclasses.replace(DRAFT, regions=regions), None).vectors
    assert encoder.asked == ["x"]
    assert len(vectors.region_ids) == len(regions)


def test_regions_without_words_get_none() -> None:
    silent = dataclasses.replace(DRAFT.regions[0], labels=(), caption="")
    draft = dataclasses.replace(DRAFT, regions=(silent, *DRAFT.regions[1:]))
    (vectors,) = TextVectors(Counting())(draft, None).vectors
    assert vectors.region_ids == tuple(region.id for region in DRAFT.regions[1:])
    nobody = dataclasses.replace(DRAFT, regions=(silent,), edges=())
    assert TextVectors(Counting())(nobody, None).vectors == ()


def test_vectors_of_other_spaces_stay_and_old_ones_are_replaced() -> None:
    clip = random_vectors(CLIP_SPACE, DRAFT.regions)
    old = random_vectors(TEXT_SPACE, DRAFT.regions)
    draft = dataclasses.replace(DRAFT, vectors=(old, clip))
    kept, fresh = TextVectors(Counting())(draft, None).vectors
    assert kept is clip
    assert fresh.space == TEXT_SPACE


def test_an_encoder_that_gives_another_size_is_refused() -> None:
    with pytest.raises(VectorSpaceError, match=r"space text:test need shape"):
        TextVectors(Counting(dim=5))(DRAFT, None)
