"""What commands print: progress and messages for people, JSON for programs."""

from __future__ import annotations

import json
import os
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

from iconograph.graph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


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


def require_writable(path: Path, *, endings: Collection[str] = ()) -> None:
    """Raise `InputError` where a file cannot be written, before the work that it is to hold is done.

    With `endings`, all in lower case, its name must have one of them.
    """
    folder = path.absolute().parent
    if path.is_dir():
        message = f"{path} is a folder; expected the name of a file to write"
    elif not folder.is_dir():
        message = f"{path} cannot be written: there is no folder {folder}; create it first"
    elif not os.access(path if path.exists() else folder, os.W_OK):
        message = f"{path} cannot be written: it may not be; give another path"
    elif endings and path.suffix.lower() not in endings:
        message = (
            f"{path} ends in {path.suffix or 'nothing'}; expected {', '.join(sorted(endings))}"
        )
    else:
        return
    raise InputError(message)
