"""Pictures joined by file name with annotations and with a table of works."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from iconograph.graph.errors import AnnotationError, InputError, MetadataError, PictureError
from iconograph.ingest.drafts import Testimony, draft_of
from iconograph.ingest.items import Item
from iconograph.ingest.names import PictureNames
from iconograph.ingest.pictures import LARGEST_PICTURE_PX, read_picture
from iconograph.ingest.problems import Problem, Severity
from iconograph.ingest.runs import run_now
from iconograph.ingest.sources.annotation import AnnotationFile
from iconograph.ingest.sources.coco import read_coco
from iconograph.ingest.sources.folder import FoundPicture, find_pictures
from iconograph.ingest.sources.metadata_csv import WorkRow, read_metadata_csv
from iconograph.ingest.sources.regions_csv import read_regions_csv

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedItems:
    """The problems of joining, then an item or a problem for each picture, read one at a time.

    Its length is the number of pictures.
    """

    pictures: tuple[FoundPicture, ...]
    testimonies: dict[Path, list[Testimony]]
    rows: dict[Path, WorkRow]
    problems: tuple[Problem, ...]
    verify: bool
    largest_px: int

    def __len__(self) -> int:
        return len(self.pictures)

    def __iter__(self) -> Iterator[Item | Problem]:
        yield from self.problems
        for found in self.pictures:
            yield from self._item(found)

    def _item(self, found: FoundPicture) -> Iterator[Item | Problem]:
        try:
            picture = read_picture(found.path, verify=self.verify, largest_px=self.largest_px)
        except PictureError as error:
            yield Problem.of(found.name, error)
            return
        for note in picture.notes:
            yield Problem(
                where=found.name, code=PictureError.code, message=note, severity=Severity.NOTE
            )
        testimonies = self.testimonies.get(found.path, [])
        draft, problems = draft_of(picture, self.rows.get(found.path), testimonies)
        yield from problems
        yield Item(draft=draft, picture=picture)


def annotated_items(  # noqa: PLR0913  one argument for each source and limit
    paths: Sequence[Path],
    *,
    annotations: Sequence[Path] = (),
    regions_csv: Sequence[Path] = (),
    metadata: Path | None = None,
    verify: bool = True,
    largest_px: int = LARGEST_PICTURE_PX,
    now: datetime | None = None,
) -> AnnotatedItems:
    """Pictures at and below `paths`, with what COCO files, tables of regions and of works say.

    A file is joined by its path relative to the folder named, else by its own name where only one
    picture has it; upper and lower case count only where they must. A file that cannot be read is
    a problem, and the pictures are ingested without it. What joins no picture is reported: each
    annotated picture, and the number of rows of works. Pictures that something is known of come
    first, so that of two equal files the known one is kept. `now` is when the runs started, which
    is the present where it is left out.
    """
    pictures, problems = find_pictures(paths)
    join = _Join(names=PictureNames(pictures), now=now, problems=list(problems))
    for path in annotations:
        join.take_annotations(path, read_coco)
    for path in regions_csv:
        join.take_annotations(path, read_regions_csv)
    if metadata:
        join.take_metadata(metadata)
    return AnnotatedItems(
        pictures=tuple(sorted(pictures, key=lambda found: not join.knows(found.path))),
        testimonies=join.testimonies,
        rows=join.rows,
        problems=tuple(join.problems),
        verify=verify,
        largest_px=largest_px,
    )


@dataclass(slots=True, kw_only=True)
class _Join:
    """Pictures' names, and what was joined to them so far."""

    names: PictureNames
    now: datetime | None
    problems: list[Problem]
    testimonies: dict[Path, list[Testimony]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[Path, WorkRow] = field(default_factory=dict)

    def take_annotations(self, path: Path, read: Callable[[Path], AnnotationFile]) -> None:
        """Join the pictures of a file of annotations."""
        file = self._readable(path, read)
        if file is None:
            return
        self.problems += file.problems
        run = run_now(f"annotations:{file.name}", now=self.now)
        joined: set[Path] = set()
        for annotated in file.pictures:
            try:
                found = self.names.find(annotated.file)
            except PictureError as error:
                self.problems.append(Problem.of(annotated.where, error))
                continue
            if found in joined:
                message = f"{annotated.file} is listed twice; the first is kept"
                self.problems.append(Problem.of(annotated.where, AnnotationError(message)))
                continue
            joined.add(found)
            self.testimonies[found].append(Testimony(run=run, annotated=annotated))

    def take_metadata(self, path: Path) -> None:
        """Join the rows of a table of works."""
        table = self._readable(path, read_metadata_csv)
        if table is None:
            return
        self.problems += table.problems
        unused: list[str] = []
        for row in table.rows:
            try:
                self.rows[self.names.find(row.file)] = row
            except PictureError:
                unused.append(row.file)
        if unused:
            message = f"{len(unused)} rows belong to none of the pictures, such as {unused[0]}"
            note = Problem.of(table.name, MetadataError(message))
            self.problems.append(dataclasses.replace(note, severity=Severity.NOTE))

    def knows(self, path: Path) -> bool:
        """Whether anything was joined to a picture."""
        return path in self.testimonies or path in self.rows

    def _readable(self, path: Path, read: Callable[[Path], T]) -> T | None:
        try:
            return read(path)
        except InputError as error:
            self.problems.append(Problem.of(str(path), error))
            return None
