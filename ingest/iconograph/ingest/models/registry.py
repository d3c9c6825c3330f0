"""Which models there are, where their files should be, and whether they are whole."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata, resources
from pathlib import Path

from iconograph.graph.errors import MissingExtraError, MissingModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A model's file: `file` inside the wheel of a Python package, pinned by version and hash.

    With `extra` the package comes with that extra of ours; without, the file is pulled into the
    cache. `space` and `dim` are those of an encoder's vectors, empty and 0 for other models.
    """

    name: str
    task: str
    package: str
    version: str
    file: str
    sha256: str
    size_bytes: int
    licence: str
    extra: str = ""
    space: str = ""
    dim: int = 0


class ModelState(StrEnum):
    """Whether a model's file is there, and is the one that was pinned."""

    READY = "ready"
    MISSING = "missing"
    BROKEN = "broken"


def load_registry() -> dict[str, ModelRecord]:
    """All models by name."""
    text = resources.files(__package__).joinpath("registry.toml").read_text(encoding="utf-8")
    return {name: ModelRecord(name=name, **fields) for name, fields in tomllib.loads(text).items()}


def record_named(name: str) -> ModelRecord:
    """The record of a model; raises `MissingModelError` for an unknown name."""
    registry = load_registry()
    if name not in registry:
        message = f"no model is named {name!r}; there are {', '.join(sorted(registry))}"
        raise MissingModelError(message)
    return registry[name]


def expected_path(record: ModelRecord, cache_dir: Path) -> Path:
    """Where the model's file should be; raises `MissingExtraError` when its package is missing."""
    if not record.extra:
        return cache_dir / "models" / record.name / Path(record.file).name
    try:
        distribution = metadata.distribution(record.package)
    except metadata.PackageNotFoundError as error:
        needed_by = f"the model {record.name}"
        raise MissingExtraError(needed_by, package=record.package, extra=record.extra) from error
    return Path(str(distribution.locate_file(record.file)))


def state_of(record: ModelRecord, cache_dir: Path) -> ModelState:
    """Whether the file is there and has the pinned hash."""
    try:
        path = expected_path(record, cache_dir)
    except MissingExtraError:
        return ModelState.MISSING
    if not path.is_file():
        return ModelState.MISSING
    return ModelState.READY if sha256_of(path) == record.sha256 else ModelState.BROKEN


def located(record: ModelRecord, cache_dir: Path) -> Path:
    """The model's file, its hash checked; raises `MissingModelError` or `MissingExtraError`."""
    path = expected_path(record, cache_dir)
    state = state_of(record, cache_dir)
    if state is ModelState.READY:
        return path
    found = "is not there" if state is ModelState.MISSING else "is not the pinned one"
    cure = (
        f"pip install --force-reinstall {record.package}=={record.version}"
        if record.extra
        else f"iconograph models pull {record.name}"
    )
    message = (
        f"the file of model {record.name} {found}: {path} "
        f"({record.size_bytes / 1e6:.1f} MB, licence {record.licence}, SHA-256 {record.sha256}); "
        f"get it with: {cure}"
    )
    raise MissingModelError(message)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
