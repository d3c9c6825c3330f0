from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.errors import VectorSpaceError
from iconograph.graph.store.neo4j.spaces import StoredSpace, place_for, slug
from tests.builders import CLIP_SPACE, TEXT_SPACE


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("clip:ViT-B-32/laion", "clip_vit_b_32_laion", id="clip"),
        pytest.param("text:MiniLM", "text_minilm", id="text"),
        pytest.param("x` MATCH (n) //", "x_match_n", id="nothing that ends a name"),
        pytest.param("Größe", "gr_e", id="other letters"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_new_space_gets_a_property_that_names_it_and_its_size() -> None:
    place = place_for(CLIP_SPACE, {})

    assert place.property == "vector_clip_test_tiny_8"
    assert place.index == "region_vector_clip_test_tiny_8"


def test_a_known_space_keeps_its_place() -> None:
    place = StoredSpace(space=CLIP_SPACE, property="vector_old", index="old")

    assert place_for(CLIP_SPACE, {CLIP_SPACE.name: place}) is place


@pytest.mark.parametrize(
    "space",
    [
        pytest.param(replace(CLIP_SPACE, dim=9), id="another size"),
        pytest.param(replace(CLIP_SPACE, weights_sha256="0" * 64), id="other weights"),
        pytest.param(replace(CLIP_SPACE, name="clip:test-tiny"), id="a name of the same letters"),
    ],
)
def test_a_space_that_would_mix_vectors_is_refused(space: object) -> None:
    known = {s.name: StoredSpace.of(s) for s in (CLIP_SPACE, TEXT_SPACE)}

    with pytest.raises(VectorSpaceError, match="clip:test/tiny"):
        place_for(space, known)  # type: ignore[arg-type]


def test_a_row_of_the_registry_reads_back() -> None:
    place = StoredSpace.of(TEXT_SPACE)
    row = [TEXT_SPACE.name, 4, TEXT_SPACE.weights_sha256, "text", place.property, place.index]

    assert StoredSpace.from_row(row) == place
