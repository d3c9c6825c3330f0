"""What an ingest works through: drafts of images with their pictures, and problems met on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from iconograph.graph.errors import InputError
from iconograph.graph.linked_data.jsonl_reader import read_jsonl
from iconograph.graph.model.bundle import ImageBundle
from iconograph.ingest.pictures import Picture
from iconograph.ingest.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A draft, and its picture where there is one."""

    draft: ImageBundle
    picture: Picture | None = None


def jsonl_items(path: Path) -> Iterator[Item | Problem]:
    """The images of a file that `export --format jsonl` wrote, and what in it cannot be used."""
    problems: list[Problem] = []

    def remember(error: InputError) -> None:
        problems.append(Problem.of(path.name, error))

    try:
        with path.open("rb") as lines:
            for bundle in read_jsonl(lines, on_problem=remember):
                yield from problems
                problems.clear()
                yield Item(draft=bundle)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; check the path"
        remember(InputError(message))
    yield from problems
