from __future__ import annotations

import pytest

from iconograph.graph.errors import StoreVersionError
from iconograph.graph.store.neo4j.server import ServerVersion


@pytest.mark.parametrize(
    ("text", "search_clause", "expansion"),
    [
        pytest.param("5.23.0", False, False, id="oldest"),
        pytest.param("5.26.30", False, False, id="long-term"),
        pytest.param("5.27-aura", False, False, id="hosted"),
        pytest.param("2025.10.1", False, False, id="before SEARCH"),
        pytest.param("2026.01.0", True, False, id="with SEARCH"),
        pytest.param("2026.08.1", True, True, id="calendar"),
    ],
)
def test_what_a_version_can_do(text: str, *, search_clause: bool, expansion: bool) -> None:
    version = ServerVersion.parse(text)

    assert version.has_search_clause is search_clause
    assert ("vector.default_search_expansion_factor" in version.vector_options) is expansion
    assert version.vector_options["vector.quantization.enabled"] is False


@pytest.mark.parametrize("text", ["5.22.9", "4.4.40", "", "unknown"])
def test_a_version_that_is_too_old_is_refused(text: str) -> None:
    with pytest.raises(StoreVersionError, match=r"5\.23 or later.*update"):
        ServerVersion.parse(text)
