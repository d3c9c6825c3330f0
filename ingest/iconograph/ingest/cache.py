"""What models answered, remembered in files, so that a change runs only what it touches again."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import threading
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from iconograph.graph.errors import IconographError
from iconograph.ingest.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef

T = TypeVar("T")

Arrays = dict[str, "NDArray[Any]"]
"""What an entry holds: plain arrays by name, never objects."""

FORM = "1"
"""Version of the form of entries; another form is another key."""

MOST_BYTES = 4_000_000_000
KEPT_SHARE = 0.8
"""Entries over `MOST_BYTES` in all are taken out, the least lately used first, down to this share."""

WRITES_BETWEEN_SWEEPS = 256
SUFFIX, UNFINISHED = ".npz", ".part"

BROKEN = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, IconographError)
"""What a broken entry raises when it is read: it is made again and replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[T]):
    """How a value is kept as arrays, and made from them again."""

    pack: Callable[[T], Arrays]
    unpack: Callable[[Mapping[str, NDArray[Any]]], T]


def key_of(
    image_sha256: str,
    step: str,
    models: Iterable[ModelRef],
    parameters: Iterable[tuple[str, str]],
    *inputs: NDArray[Any],
) -> str:
    """The key of what a step answers: the same picture, models, parameters and inputs, the same key."""
    told = {
        "form": FORM,
        "image": image_sha256,
        "step": step,
        "models": [(model.name, model.revision, model.sha256) for model in models],
        "parameters": sorted(parameters),
        "inputs": [(str(a.dtype), a.shape, _digest(np.ascontiguousarray(a))) for a in inputs],
    }
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class OutputCache:
    """Model outputs by key in a folder; any threads and processes may share it.

    Entries are npz files without pickle and appear whole or not at all. When the folder cannot be
    written any more, such as on a full disk, work goes on without new entries and `take_notes` says
    so once.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._notes: list[Problem] = []
        self._writes = 0
        self._given_up = False

    def remembered(self, key: str, make: Callable[[], T], form: Form[T]) -> T:
        """The value of a key: read, or else made and kept."""
        path = self._folder / key[:2] / f"{key}{SUFFIX}"
        found = _read(path, form)
        if found is not None:
            return found[0]
        value = make()
        self._keep(path, form.pack(value))
        return value

    def take_notes(self) -> tuple[Problem, ...]:
        """What there is to tell since this was last asked."""
        with self._lock:
            notes, self._notes = tuple(self._notes), []
        return notes

    def _keep(self, path: Path, arrays: Arrays) -> None:
        if self._given_up:
            return
        try:
            _write(path, arrays)
            self._sweep_at_times()
        except OSError as error:
            with self._lock:
                first, self._given_up = not self._given_up, True
            if first:
                message = (
                    f"model outputs are not remembered any more: {error.strerror or error}; free "
                    "the place, or name another with ICONOGRAPH_CACHE; the ingest goes on without"
                )
                note = Problem(
                    where=str(self._folder), code="CACHE", message=message, severity=Severity.NOTE
                )
                with self._lock:
                    self._notes.append(note)

    def _sweep_at_times(self) -> None:
        with self._lock:
            self._writes += 1
            due = self._writes % WRITES_BETWEEN_SWEEPS == 1
        if due:
            sweep(self._folder, most_bytes=self._most_bytes)


def sweep(folder: Path, *, most_bytes: int) -> int:
    """Take out the entries used least lately until the rest fits; the bytes that are left."""
    entries = []
    for path in folder.glob(f"*/*{SUFFIX}"):
        try:
            status = path.stat()
        except OSError:
            continue  # another ingest took it out
        entries.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in entries)
    if total <= most_bytes:
        return total
    for _, size, path in sorted(entries):
        if total <= KEPT_SHARE * most_bytes:
            break
        path.unlink(missing_ok=True)
        total -= size
    return total


def json_array(record: object) -> NDArray[np.uint8]:
    """Plain JSON types as an array of bytes, for an entry."""
    return np.frombuffer(
        json.dumps(record, separators=(",", ":"), default=float).encode(), dtype=np.uint8
    )


def json_of(array: NDArray[Any]) -> Any:  # noqa: ANN401  any JSON
    """What `json_array` was given."""
    return json.loads(array.tobytes())


def _read(path: Path, form: Form[T]) -> tuple[T] | None:
    """The value in an entry, in a tuple since it may be None; None where there is no sound entry."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as entry:
            value = form.unpack({name: entry[name] for name in entry.files})
    except BROKEN:
        return None
    with suppress(OSError):  # a cache that may only be read still serves
        os.utime(path)
    return (value,)


def _write(path: Path, arrays: Arrays) -> None:
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(suffix=UNFINISHED, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content.getbuffer())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _digest(array: NDArray[Any]) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()
