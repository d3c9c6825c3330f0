"""What the whole suite shares: how hypothesis searches, and one real Neo4j server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from tools.neo4j.server import DEFAULT_VERSION, Neo4jServer, ServerUnavailableError, sweep_homes

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def neo4j_version() -> str:
    """Which server the tests start: ICONOGRAPH_TEST_NEO4J_VERSION, such as 2026.08.1."""
    return os.environ.get("ICONOGRAPH_TEST_NEO4J_VERSION", DEFAULT_VERSION)


@pytest.fixture(scope="session")
def neo4j_url(neo4j_version: str) -> Iterator[str]:
    """A real Neo4j, one for the whole run; every test that uses it may clear it.

    ICONOGRAPH_TEST_NEO4J names a running one, with NEO4J_USER and NEO4J_PASSWORD beside it; what it
    holds is deleted. Otherwise one is started without authentication on a temporary home. Where
    that cannot be, tests skip with the reason; with CI=true they fail.
    """
    running = os.environ.get("ICONOGRAPH_TEST_NEO4J")
    if running:
        yield running
        return
    sweep_homes()
    try:
        server = Neo4jServer(version=neo4j_version).start()
    except ServerUnavailableError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Neo4j to test with: {error}")
    try:
        yield server.bolt_url
    finally:
        server.stop()
