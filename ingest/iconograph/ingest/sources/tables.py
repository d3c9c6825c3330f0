"""Tables of comma-separated values as museums' programs write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from iconograph.graph.errors import InputError

DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its columns' own names; `number` counts rows, the header being 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's column names, in order, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, *, error: type[InputError]) -> Table:
    """The table in a file; raises `error`, which says what is wrong with it.

    UTF-8 with or without byte order mark, UTF-16 with one, else Latin-1 (Windows-1252); separated by
    commas, semicolons, tabs or bars, whichever the header has most of.
    """
    text = _text(path, error=error)
    header = next((line for line in text.splitlines() if line.strip()), "")
    if not header:
        message = f"{path.name} is empty; expected a header line and one line for each row"
        raise error(message)
    delimiter = max(DELIMITERS, key=header.count)
    try:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        columns = tuple(cell.strip() for cell in next(cells for cells in lines if any(cells)))
        rows = tuple(_rows(lines, columns))
    except (csv.Error, StopIteration) as cause:
        message = f"{path.name} is not a table of comma-separated values: {cause}"
        raise error(message) from cause
    return Table(columns=columns, rows=rows)


def plain_name(column: str) -> str:
    """A column's name for comparison: `File Name` and `file-name` are both `file_name`."""
    return re.sub(r"[\s\-./]+", "_", column.strip().lower()).strip("_")


def _text(path: Path, *, error: type[InputError]) -> str:
    try:
        data = path.read_bytes()
    except OSError as cause:
        message = f"{path} cannot be read: {cause.strerror}; check the path"
        raise error(message) from cause
    if b"\x00" in data and not data.startswith(BYTE_ORDER_MARKS):
        message = f"{path.name} is not text; expected a table of comma-separated values"
        raise error(message)
    encoding = "utf-16" if data.startswith(BYTE_ORDER_MARKS) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _rows(lines: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Row]:
    for number, cells in enumerate(lines, 2):
        if any(cell.strip() for cell in cells):
            # Missing cells are empty; surplus ones have no column, and so no place.
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            named = {column: cell.strip() for column, cell in zip(columns, padded, strict=False)}
            yield Row(number=number, cells=named)
