"""Makes models known that a user, or our own training, has put into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import InputError, InvalidValueError
from iconograph.ingest.models.pull import pull
from iconograph.ingest.models.record import FORMATS, ModelFile, ModelRecord
from iconograph.ingest.models.record_toml import text_of
from iconograph.ingest.models.registry import (
    RECORD_FILE,
    load_registry,
    model_folder,
    sha256_of,
)

if TYPE_CHECKING:
    from iconograph.ingest.models.sources.port import Report


def model_files(folder: Path) -> tuple[Path, ...]:
    """The files directly in a folder that are read as data, by name; others are left out.

    So is the record of a model that lies there.

    Raises `InputError` when there is no such folder or none of its files is of such a kind.
    """
    if not folder.is_dir():
        message = f"{folder} is not a folder; expected one that holds a model's files"
        raise InputError(message)
    held = sorted(path for path in folder.iterdir() if path.is_file())
    taken = tuple(
        path
        for path in held
        if path.name.endswith(FORMATS)
        and not path.name.startswith(".")
        and path.name != RECORD_FILE
    )
    if not taken:
        names = ", ".join(path.name for path in held) or "nothing"
        message = (
            f"{folder} holds {names}; expected files ending in {', '.join(FORMATS)}. Pickled "
            "weights (.pt, .pth, .bin, .pkl) can run code when read: save them as .safetensors"
        )
        raise InputError(message)
    return taken


def described(folder: Path, *, name: str, source: str = "", **fields: Any) -> ModelRecord:  # noqa: ANN401
    """The record of the files in a folder, with their hashes; `fields` are those of `ModelRecord`.

    The source is the folder unless another is named (`shipped`, for weights inside our wheel).
    Raises `InputError` for a folder or a field that cannot be used.
    """
    files = tuple(
        ModelFile(
            name=path.name,
            path=path.name,
            sha256=sha256_of(path),
            size_bytes=path.stat().st_size,
        )
        for path in model_files(folder)
    )
    from_folder = f"folder:{folder.resolve()}"
    try:
        return ModelRecord(
            name=name, source=source or from_folder, **{"revision": "", **fields}, files=files
        )
    except InvalidValueError as error:
        raise InputError(str(error)) from error


def write_record(record: ModelRecord, folder: Path) -> Path:
    """Write a record beside the model's files, whole or not at all."""
    path = folder / RECORD_FILE
    fresh = path.with_name(f".{RECORD_FILE}.part")
    fresh.write_text(text_of(record), encoding="utf-8")
    return fresh.replace(path)


def add(record: ModelRecord, cache_dir: Path, on_progress: Report = lambda _: None) -> Path:
    """Copy a model from its folder into the cache and make it known; says where it lies.

    A model that was added under the same name before is replaced. Raises `InputError` when the
    name is one of ours, `MissingModelError` when the cache cannot be written.
    """
    if record.name in load_registry():
        message = f"{record.name} is the name of a model that we know; expected another name"
        raise InputError(message)
    pull(record, cache_dir, on_progress)
    target = model_folder(record, cache_dir)
    write_record(record, target)
    return target
