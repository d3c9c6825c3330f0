from __future__ import annotations

from typing import Any

import pytest
import typer.main

from iconograph.cli.main import app


def commands(group: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """Every command with its words and its help."""
    inner = getattr(group, "commands", None)
    if inner is None:
        return [(path, group.help or "")]
    return [found for name, command in inner.items() for found in commands(command, (*path, name))]


COMMANDS = commands(typer.main.get_command(app))


@pytest.mark.parametrize(("words", "text"), COMMANDS, ids=[" ".join(w) for w, _ in COMMANDS])
def test_each_command_explains_itself_with_an_example(words: tuple[str, ...], text: str) -> None:
    assert f"Example: iconograph {' '.join(words)}" in " ".join(text.split())
