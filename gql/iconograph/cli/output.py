"""What commands print: progress and messages for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def people_console() -> Console:
    """Where progress and messages go: standard error, with colours on a terminal only."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def answer_console() -> Console:
    """Where answers for people go: standard output."""
    return Console(highlight=False, soft_wrap=True)


def progress_bar(console: Console) -> Progress:
    """A bar with count, time spent and time left; silent where there is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def print_json(record: Mapping[str, Any]) -> None:
    """One JSON document on standard output."""
    json.dump(record, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
