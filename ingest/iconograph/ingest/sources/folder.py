"""Finds picture files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from iconograph.graph.errors import PictureError
from iconograph.ingest.pictures import SUFFIXES
from iconograph.ingest.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPicture:
    """A file, and its name as a table of works would have it: relative to the folder named."""

    path: Path
    name: str


def find_pictures(paths: Iterable[Path]) -> tuple[tuple[FoundPicture, ...], tuple[Problem, ...]]:
    """The picture files among `paths` and below those that are folders, sorted by name in each.

    Links to folders are followed, each folder once; hidden files and folders are passed over. A
    file that is named itself is taken whatever its ending.
    """
    found: dict[Path, FoundPicture] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            below = [
                FoundPicture(path=file, name=file.relative_to(path).as_posix())
                for file in sorted(_files_below(path, seen=set(), problems=problems))
            ]
            if not below:
                problems.append(_problem(path, "no picture is in this folder; check the path"))
            found.update((picture.path, picture) for picture in below)
        elif path.exists():
            found[path] = FoundPicture(path=path, name=path.name)
        else:
            problems.append(_problem(path, "no such file or folder; check the path"))
    return tuple(found.values()), tuple(problems)


def _files_below(
    folder: Path, *, seen: set[tuple[int, int]], problems: list[Problem]
) -> Iterator[Path]:
    """Files below a folder; `seen` holds device and inode of folders, against loops of links."""
    status = folder.stat()
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    try:
        with os.scandir(folder) as entries:
            visible = sorted(Path(entry) for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        problems.append(_problem(folder, f"the folder cannot be read: {error.strerror}"))
        return
    for path in visible:
        if path.is_dir():
            yield from _files_below(path, seen=seen, problems=problems)
        elif path.suffix.lower() in SUFFIXES:
            yield path


def _problem(path: Path, message: str) -> Problem:
    return Problem(where=str(path), code=PictureError.code, message=message)
