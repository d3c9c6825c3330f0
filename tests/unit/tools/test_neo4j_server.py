"""What the launcher says when it cannot start a server; that it can is shown by all who use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tools.neo4j.server import Neo4jServer, ServerUnavailableError, jars_of, java_for

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Neither Java nor Maven, and an empty cache."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("version", "wanted"), [("5.26.30", "17 or 21"), ("2026.08.1", "21 or 25")]
)
@pytest.mark.usefixtures("bare_machine")
def test_without_java_it_says_which_is_needed(version: str, wanted: str) -> None:
    with pytest.raises(ServerUnavailableError, match=rf"Neo4j {version} needs a JDK .*{wanted}"):
        java_for(version)


@pytest.mark.usefixtures("bare_machine")
def test_without_maven_and_a_cached_list_it_says_so() -> None:
    with pytest.raises(ServerUnavailableError, match="Maven is needed once"):
        jars_of("5.26.30")


def test_a_cached_list_is_used_while_its_jars_are_there(bare_machine: Path) -> None:
    jar = bare_machine / "neo4j-5.26.30.jar"
    listing = bare_machine / "iconograph" / "neo4j" / "5.26.30" / "classpath.txt"
    listing.parent.mkdir(parents=True)
    listing.write_text(f"{jar}\n")
    with pytest.raises(ServerUnavailableError):
        jars_of("5.26.30")

    jar.touch()

    assert jars_of("5.26.30") == (jar,)


@pytest.mark.usefixtures("bare_machine")
def test_a_failed_start_leaves_no_home_behind() -> None:
    server = Neo4jServer()
    folder = server.folder

    with pytest.raises(ServerUnavailableError):
        server.start()

    assert not folder.exists()


def test_the_password_is_not_shown() -> None:
    server = Neo4jServer(password="secret-word")
    server.stop()

    assert "secret-word" not in repr(server)
