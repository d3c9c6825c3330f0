from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.gql.search_tools import SearchTools, find_picture_spaces, find_search_tools
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.vector import Modality, TextEncoder
from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle
from tests.unit.ingest.small_models import ColourVectors


class Opening:
    """Opens an encoder, and counts how often."""

    def __init__(self, encoder: TextEncoder | None) -> None:
        self.times = 0
        self._encoder = encoder

    def __call__(self) -> TextEncoder | None:
        self.times += 1
        return self._encoder


@pytest.mark.parametrize(
    ("space", "opened"), [("clip:test/tiny", 1), ("clip:test/other", 0)], ids=["held", "not held"]
)
def test_an_encoder_of_pictures_is_opened_for_a_store_that_holds_its_space(
    space: str, opened: int
) -> None:
    encoder = ColourVectors()
    opening = Opening(encoder)
    tools = SearchTools(lexicon=load_lexicon(), openers={space: opening})
    with open_store("memory:") as store:
        assert tools.encoders_for(store) == ()
        store.write(eden_bundle())
        assert tools.encoders_for(store) == (encoder,) * opened
    assert opening.times == opened


def test_a_model_that_cannot_be_opened_is_left_out_and_the_search_says_so() -> None:
    tools = SearchTools(lexicon=load_lexicon(), openers={"clip:test/tiny": Opening(None)})
    with open_store("memory:") as store:
        store.write(eden_bundle())
        answer = tools.ask(store, "Eve next to a goat")
    assert answer.hits


def test_spaces_of_texts_are_not_opened_for_pictures(tmp_path: Path) -> None:
    tools = find_search_tools(tmp_path)
    assert all(encoder.space.modality is Modality.TEXT for encoder in tools.encoders)
    assert all(name.startswith("clip:") for name in find_picture_spaces(tmp_path))
