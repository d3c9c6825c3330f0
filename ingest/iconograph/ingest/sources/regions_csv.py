"""Regions in a table: file, label, x0, y0, x1, y1, and if wanted kind, level, caption, id."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from iconograph.graph.errors import AnnotationError, InvalidValueError
from iconograph.graph.model.geometry import Box, Outline
from iconograph.graph.model.region import Label, Level, RegionKind
from iconograph.ingest.problems import Problem
from iconograph.ingest.sources.annotation import AnnotatedPicture, Annotation, AnnotationFile
from iconograph.ingest.sources.tables import Row, Table, plain_name, read_table

CORNERS = ("x0", "y0", "x1", "y1")
REQUIRED = ("file", "label", *CORNERS)
OPTIONAL = ("kind", "level", "caption", "id")


def read_regions_csv(path: Path) -> AnnotationFile:
    """The regions of a table, by picture file, in the order of the rows.

    Corners are pixels of the upright picture. Raises `AnnotationError` when the file is not such a
    table; a row that cannot be used becomes a problem.
    """
    table = read_table(path, error=AnnotationError)
    names = _columns(path, table)
    by_file: dict[str, list[Annotation]] = defaultdict(list)
    problems: list[Problem] = []
    ids: set[str] = set()
    for row in table.rows:
        cells = {name: row.cells[column] for name, column in names.items()}
        where = f"{path.name} row {row.number}"
        try:
            annotation = _annotation(cells, row, where)
            _require_new(annotation.source_id, ids)
        except (AnnotationError, InvalidValueError) as error:
            problems.append(Problem(where=where, code=AnnotationError.code, message=str(error)))
            continue
        ids.add(annotation.source_id)
        by_file[cells["file"]].append(annotation)
    pictures = tuple(
        AnnotatedPicture(where=f"{path.name} file {file}", file=file, annotations=tuple(regions))
        for file, regions in by_file.items()
    )
    return AnnotationFile(name=path.name, pictures=pictures, problems=tuple(problems))


def _columns(path: Path, table: Table) -> dict[str, str]:
    """Our names of the columns that are there, with the table's own."""
    names = {plain_name(column): column for column in table.columns}
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        message = (
            f"{path.name} lacks the columns {', '.join(missing)}; found "
            f"{', '.join(table.columns)}; expected {', '.join(REQUIRED)} and perhaps "
            f"{', '.join(OPTIONAL)}"
        )
        raise AnnotationError(message)
    return {name: names[name] for name in (*REQUIRED, *OPTIONAL) if name in names}


def _require_new(source_id: str, ids: set[str]) -> None:
    if source_id in ids:
        message = f"the id {source_id!r} is used twice; the first is kept, ids must differ"
        raise AnnotationError(message)


def _annotation(cells: dict[str, str], row: Row, where: str) -> Annotation:
    if not cells["file"] or not cells["label"]:
        message = f"a row needs a file and a label, got {cells['file']!r} and {cells['label']!r}"
        raise AnnotationError(message)
    try:
        x0_px, y0_px, x1_px, y1_px = (float(cells[name]) for name in CORNERS)
        kind = RegionKind(cells.get("kind", "").lower() or RegionKind.UNKNOWN)
        level = Level(cells.get("level", "").lower() or Level.ENTITY)
    except ValueError as error:
        message = f"{error}; expected numbers for {', '.join(CORNERS)} and a known kind and level"
        raise AnnotationError(message) from error
    box = Box(x0_px=x0_px, y0_px=y0_px, x1_px=x1_px, y1_px=y1_px)
    return Annotation(
        where=where,
        source_id=cells.get("id") or f"row-{row.number}",
        outline=Outline.from_box(box),
        labels=(Label(text=cells["label"]),),
        kind=kind,
        level=level,
        caption=cells.get("caption", ""),
    )
