"""Finds the picture that a source means by a file name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from iconograph.graph.errors import PictureError
from iconograph.ingest.sources.folder import FoundPicture


class PictureNames:
    """Pictures by their names: the path relative to the folder searched, then the base name."""

    def __init__(self, pictures: Sequence[FoundPicture]) -> None:
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        for picture in pictures:
            for name in _forms(picture.name):
                self._by_name[name].append(picture.path)

    def find(self, file: str) -> Path:
        """The picture meant by `file`; raises `PictureError` for none, or for several.

        Case and the composition of accents count only where they tell two files apart.
        """
        for name in _forms(file):
            found = self._by_name.get(name, [])
            if len(found) == 1:
                return found[0]
            if found:
                both = " and ".join(str(path) for path in found[:2])
                message = f"{file} may be {both}; name the file by its path in the folder"
                raise PictureError(message)
        message = f"no picture is named {file}; add the file, or take it out of the table"
        raise PictureError(message)


def _forms(file: str) -> tuple[str, ...]:
    """Forms of a file's name, the most exact first."""
    path = PurePosixPath(unicodedata.normalize("NFC", file.strip().replace("\\", "/")))
    name = path.name
    return (
        f"=path {path}",
        f"~path {path}".casefold(),
        f"=name {name}",
        f"~name {name}".casefold(),
    )
