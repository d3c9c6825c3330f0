"""How benches measure and print: processor time, the middle of several tries, tables of one width."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

T = TypeVar("T")


def cpu_timed(work: Callable[[], T]) -> tuple[T, float]:
    """What work gives, and the seconds of processor time that it took, of all threads."""
    started_s = time.process_time()
    return work(), time.process_time() - started_s


def cpu_s(work: Callable[[], object], *, tries: int) -> float:
    """The middle of the processor seconds of several tries, after one that does not count."""
    work()
    return statistics.median(cpu_timed(work)[1] for _ in range(tries))


def table_of(title: str, columns: Sequence[str]) -> Table:
    """An empty table: the first column of words, the others of numbers."""
    table = Table(title=title)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def show(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    """Print a table past pytest's capture."""
    with capsys.disabled():
        Console(width=110).print("", table)
