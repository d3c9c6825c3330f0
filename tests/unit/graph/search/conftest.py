"""The built-in lexicon, read once."""

from __future__ import annotations

import pytest

from iconograph.graph.iconography.lexicon import Lexicon, load_lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()
