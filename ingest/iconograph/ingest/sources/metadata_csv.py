"""Works in a table: one row for each picture file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from iconograph.graph.errors import MetadataError
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.ids import work_id
from iconograph.graph.model.work import Maker, Source, Text, Work
from iconograph.ingest.problems import Problem
from iconograph.ingest.sources.dates import date_span
from iconograph.ingest.sources.tables import Row, plain_name, read_table

COLUMNS: dict[str, tuple[str, ...]] = {
    "file": ("file", "file_name", "filename", "image", "image_file", "picture"),
    "id": ("id", "work_id", "inventory_number", "accession_number", "object_number"),
    "title": ("title", "name", "object_title", "titel"),
    "maker": ("maker", "artist", "creator", "painter", "author", "artist_display_name"),
    "date": ("date", "year", "dating", "object_date", "datierung"),
    "medium": ("medium", "technique", "material", "materials"),
    "dimensions": ("dimensions", "size", "measurements"),
    "collection": ("collection", "museum", "repository", "institution", "owner"),
    "rights": ("rights", "rights_uri", "licence", "license", "rights_statement", "copyright"),
    "subjects": ("subjects", "subject", "keywords", "tags"),
    "iconclass": ("iconclass", "iconclass_notation"),
    "source": ("source", "source_uri", "url", "uri", "page_url"),
}
"""Our fields with the column names that stand for them, the likeliest first."""

CREATIVE_COMMONS = "https://creativecommons.org/"
RIGHTS_URIS = {
    "cc0": f"{CREATIVE_COMMONS}publicdomain/zero/1.0/",
    "cc0 1.0": f"{CREATIVE_COMMONS}publicdomain/zero/1.0/",
    "public domain": f"{CREATIVE_COMMONS}publicdomain/mark/1.0/",
    "cc by 4.0": f"{CREATIVE_COMMONS}licenses/by/4.0/",
    "cc by-sa 4.0": f"{CREATIVE_COMMONS}licenses/by-sa/4.0/",
}
"""Short names of rights; any other text that is no URI is kept as an extra column."""

WEB_ADDRESS = re.compile(r"https?://\S+")
SEVERAL = re.compile(r"\s*[;|]\s*")
QUALIFIER = re.compile(
    r"^(attributed to|workshop of|studio of|circle of|follower of|school of|manner of|after"
    r"|copy after|possibly|probably)\s+(.+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """What a table says of the work in a picture file, with the concepts that it names.

    Where the table gives no id, `has_id` is false and `work.id` stands in for one that follows from
    the picture.
    """

    file: str
    work: Work
    has_id: bool
    concepts: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataTable:
    """The rows of a table of works, and what in it could not be used."""

    name: str
    rows: tuple[WorkRow, ...]
    problems: tuple[Problem, ...] = ()


def read_metadata_csv(path: Path) -> MetadataTable:
    """The works of a table; unknown columns are kept in `Work.extra`.

    Raises `MetadataError` when the file is no table or has no column of file names; a row without
    a file, or with the file of another row, becomes a problem.
    """
    table = read_table(path, error=MetadataError)
    names = _columns(path, table.columns)
    rows: dict[str, WorkRow] = {}
    problems: list[Problem] = []
    for row in table.rows:
        file = row.cells[names["file"]]
        where = f"{path.name} row {row.number}"
        if not file:
            wrong = "it names no file; fill in the column " + names["file"]
        elif file in rows:
            wrong = f"{file} has a row already; keep one row for each file"
        else:
            rows[file] = _work_row(row, names)
            continue
        problems.append(Problem(where=where, code=MetadataError.code, message=wrong))
    return MetadataTable(name=path.name, rows=tuple(rows.values()), problems=tuple(problems))


def _columns(path: Path, columns: tuple[str, ...]) -> dict[str, str]:
    """Our fields that are there, with the table's own name of the column; the likeliest wins."""
    plain = {plain_name(column): column for column in columns}
    names = {
        field: plain[next(alias for alias in aliases if alias in plain)]
        for field, aliases in COLUMNS.items()
        if any(alias in plain for alias in aliases)
    }
    if "file" not in names:
        message = (
            f"{path.name} has no column of file names; found {', '.join(columns)}; "
            f"expected one named {' or '.join(COLUMNS['file'])}"
        )
        raise MetadataError(message)
    return names


def _work_row(row: Row, names: dict[str, str]) -> WorkRow:
    cells = {field: row.cells[column] for field, column in names.items()}
    file, identifier = cells["file"], cells.get("id", "")
    concepts = tuple(
        Concept(scheme=Scheme.ICONCLASS, notation=notation)
        for notation in _several(cells.get("iconclass", ""))
    )
    rights = cells.get("rights", "")
    rights_uri = _rights_uri(rights)
    source = cells.get("source", "")
    source_uri = source if WEB_ADDRESS.fullmatch(source) else ""
    used = set(names.values())
    if rights and not rights_uri:
        used.discard(names["rights"])
    if source and not source_uri:
        used.discard(names["source"])
    work = Work(
        id=work_id(identifier or file),
        titles=(Text(text=cells.get("title") or Path(file).stem),),
        makers=tuple(_maker(name) for name in _several(cells.get("maker", ""))),
        date=date_span(cells.get("date", "")),
        medium=cells.get("medium", ""),
        dimensions=cells.get("dimensions", ""),
        collection=cells.get("collection", ""),
        rights_uri=rights_uri,
        concepts=tuple(concept.id for concept in concepts),
        subjects=_several(cells.get("subjects", "")),
        source=Source(uri=source_uri),
        extra=tuple((c, value) for c, value in row.cells.items() if c not in used and c and value),
    )
    return WorkRow(file=file, work=work, has_id=bool(identifier), concepts=concepts)


def _rights_uri(rights: str) -> str:
    if WEB_ADDRESS.fullmatch(rights):
        return rights
    return RIGHTS_URIS.get(rights.strip().lower(), "")


def _maker(name: str) -> Maker:
    found = QUALIFIER.match(name)
    return Maker(name=found[2], qualifier=found[1].lower()) if found else Maker(name=name)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in SEVERAL.split(cell) if part.strip()))
