"""Reads lines of JSON written by `jsonl.write_jsonl` as a stream of whole images."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from iconograph.graph.errors import IconographError, InputError
from iconograph.graph.linked_data.jsonl import VECTORS, vectors_from
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.record import RECORD_TYPES, Record, from_record
from iconograph.graph.model.work import Image, Work

OnProblem = Callable[[InputError], None]

HELD_TYPES = ("region", "axis", "edge", VECTORS)
"""What an image announces; the other types are what it names."""


def read_jsonl(
    lines: Iterable[str | bytes], *, on_problem: OnProblem | None = None
) -> Iterator[ImageBundle]:
    """The images of a file, each as soon as its last line was read; memory is that of one image.

    An image is given only when all its lines are there and fit together. Otherwise `InputError`
    names the line and what is wrong with it: it is raised, or, when there is an `on_problem`, handed
    to it, and reading goes on with the next image, which begins with the next line of type `work`.
    """
    reader = _Reader(on_problem or _raise)
    for number, line in enumerate(lines, 1):
        if line.strip():
            bundle = reader.read(line, number)
            if bundle is not None:
                yield bundle
    reader.end()


class _Reader:
    """The place in the file: the image being gathered, or none, and whether to skip to the next."""

    def __init__(self, on_problem: OnProblem) -> None:
        self._on_problem = on_problem
        self._gathered: _Gathered | None = None
        self._skipping = False
        self._number = 0

    def read(self, line: str | bytes, number: int) -> ImageBundle | None:
        """Take one line; gives the image that it completes, if any."""
        self._number = number
        try:
            record = _parsed(line)
        except InputError as error:
            self._give_up(error)
            return None
        if record["type"] == "work":
            self._end_image("another work begins")
        elif self._skipping:
            return None
        try:
            return self._take(record)
        except IconographError as error:
            self._give_up(error)
        return None

    def end(self) -> None:
        """Report an image that the file leaves unfinished."""
        self._end_image("the file is cut off: it ends")

    def _take(self, record: Record) -> ImageBundle | None:
        if record["type"] == "work":
            self._gathered = _Gathered(record)
            return None
        if self._gathered is None:
            message = (
                f"the {record['type']} {record['id']!r} belongs to no image; expected a line of "
                "type 'work', with which the lines of each image begin"
            )
            raise InputError(message)
        self._gathered.add(record)
        bundle = self._gathered.bundle()
        if bundle is not None:
            self._gathered = None
        return bundle

    def _end_image(self, why: str) -> None:
        unfinished, self._gathered, self._skipping = self._gathered, None, False
        if unfinished is not None:
            self._report(f"{why} in the middle of {unfinished}")

    def _give_up(self, error: IconographError) -> None:
        known = self._skipping
        self._gathered, self._skipping = None, True
        if not known:
            self._report(str(error), error)

    def _report(self, what: str, cause: Exception | None = None) -> None:
        problem = InputError(f"line {self._number}: {what}")
        problem.__cause__ = cause
        self._on_problem(problem)


class _Gathered:
    """The lines of one image so far, by type."""

    def __init__(self, work: Record) -> None:
        self._parts: defaultdict[str, list[Any]] = defaultdict(list)
        self._work = from_record(Work, work)
        self._image: Image | None = None
        self._awaited: Counter[str] = Counter()

    def __str__(self) -> str:
        if self._image is None:
            return f"work {self._work.id!r}, before its image"
        lacking = ", ".join(f"{n} of type {name!r}" for name, n in self._awaited.items() if n > 0)
        return f"image {self._image.uri!r}, which still lacks lines: {lacking}"

    def add(self, record: Record) -> None:
        """Take the next line; raises `InputError` when it does not belong here."""
        name = record["type"]
        if name == "image":
            self._begin(record)
            return
        if name in HELD_TYPES:
            self._require_place(record)
            self._awaited[name] -= 1
        value = vectors_from(record) if name == VECTORS else from_record(RECORD_TYPES[name], record)
        self._parts[name].append(value)

    def bundle(self) -> ImageBundle | None:
        """The image with everything on it, once complete.

        Raises `InvalidValueError` when the parts do not fit together.
        """
        if self._image is None or any(self._awaited.values()):
            return None
        return ImageBundle(
            work=self._work,
            image=self._image,
            runs=tuple(self._parts["run"]),
            concepts=tuple(self._parts["concept"]),
            regions=tuple(self._parts["region"]),
            axes=tuple(self._parts["axis"]),
            edges=tuple(self._parts["edge"]),
            vectors=tuple(self._parts[VECTORS]),
        )

    def _begin(self, record: Record) -> None:
        if self._image is not None:
            message = f"the image {record['id']!r} comes in the middle of {self}"
            raise InputError(message)
        holds = record.get("holds")
        if not _is_counts(holds):
            message = (
                f"the image {record['id']!r} needs 'holds', the number of lines that follow by "
                f"type ({', '.join(HELD_TYPES)}), got {holds!r}"
            )
            raise InputError(message)
        self._image = from_record(Image, record)
        self._awaited.update(holds)

    def _require_place(self, record: Record) -> None:
        name = record["type"]
        if self._image is None or record.get("image_id") != self._image.id:
            here = "no image so far" if self._image is None else f"image {self._image.id!r}"
            message = (
                f"the {name} {record['id']!r} is of image {record.get('image_id')!r}, "
                f"but stands among the lines of {here}"
            )
            raise InputError(message)
        if not self._awaited[name]:
            message = f"the {name} {record['id']!r} is more than image {self._image.id!r} announced"
            raise InputError(message)


def _parsed(line: str | bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        found = line[:60]
        message = f"expected one whole JSON object, got {found!r} ({error}); is the line cut off?"
        raise InputError(message) from error
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        message = f"expected a JSON object with 'type' and 'id', got {line[:60]!r}"
        raise InputError(message)
    if record.get("type") not in (*RECORD_TYPES, VECTORS):
        known = ", ".join((*RECORD_TYPES, VECTORS))
        message = f"unknown type {record.get('type')!r}; expected one of {known}"
        raise InputError(message)
    return record


def _is_counts(holds: object) -> bool:
    return isinstance(holds, dict) and all(
        name in HELD_TYPES and type(count) is int and count >= 0 for name, count in holds.items()
    )


def _raise(problem: InputError) -> None:
    raise problem
