"""Which models there are, where their files should be, and whether they are whole.

Records come from three places: `registry.toml` here, a `model.toml` beside weights that ship with
us (`weights/NAME/`), and a `model.toml` beside files placed by hand (`CACHE/models/NAME/`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from iconograph.graph.errors import InvalidValueError, MissingExtraError, MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.record import PROFILES, ModelRecord
from iconograph.ingest.models.record_toml import records_of

RECORD_FILE = "model.toml"
CONVERTED_FILE = "converted.json"
"""Beside a converted file: its hash, and the hash of the model that it was made of."""


class ModelState(StrEnum):
    """Whether a model's files are there, and are the ones that were pinned."""

    READY = "ready"
    MISSING = "missing"
    BROKEN = "broken"


def load_registry(cache_dir: Path | None = None) -> dict[str, ModelRecord]:
    """All models by name, with those placed by hand in a cache folder.

    Raises `InvalidValueError` for a record that cannot be used; it names the file and the field.
    """
    ours = Path(str(resources.files(__package__)))
    records = _read(ours / "registry.toml")
    folders = [ours / "weights"] + ([] if cache_dir is None else [cache_dir / "models"])
    for folder in folders:
        for path in sorted(folder.glob(f"[!.]*/{RECORD_FILE}")):
            records = {**_beside_its_files(path), **records}
    return records


def record_named(name: str, cache_dir: Path | None = None) -> ModelRecord:
    """The record of a model; raises `MissingModelError` for an unknown name.

    With a cache folder, models that were placed there by hand are known, too.
    """
    registry = load_registry(cache_dir)
    if name not in registry:
        message = (
            f"no model is named {name!r}; there are {', '.join(sorted(registry))}; "
            "one of your own is made known with: iconograph models add"
        )
        raise MissingModelError(message)
    return registry[name]


def model_ref(record: ModelRecord) -> ModelRef:
    """The model, for the runs that it takes part in."""
    revision = record.revision or record.sha256[:12]
    return ModelRef(name=record.name, revision=revision, sha256=record.sha256)


def expected_paths(record: ModelRecord, cache_dir: Path) -> dict[str, Path]:
    """Where the files that are run should be, by file name: the converted one where it is made.

    Raises `MissingExtraError` when the package that holds them is not installed.
    """
    if record.conversion is not None:
        name = record.conversion.to
        return {name: model_folder(record, cache_dir) / name}
    if record.source_kind == "installed":
        distribution = _distribution(record)
        return {file.name: Path(str(distribution.locate_file(file.path))) for file in record.files}
    folder = model_folder(record, cache_dir)
    return {file.name: folder / file.name for file in record.files}


def model_folder(record: ModelRecord, cache_dir: Path) -> Path:
    """Where the files of a model that is not installed belong: in our wheel, or in the cache."""
    if record.source_kind == "shipped":
        return Path(str(resources.files(__package__))) / "weights" / record.name
    return cache_dir / "models" / record.name


def located(record: ModelRecord, cache_dir: Path) -> Mapping[str, Path]:
    """The files that are run, by name, their hashes checked.

    Raises `MissingModelError` when one is not there or has another hash, with what to do about it;
    `MissingExtraError` when the package that holds them is not installed.
    """
    paths = expected_paths(record, cache_dir)
    for name, path in paths.items():
        problem = _problem(record, name, path)
        if problem:
            raise MissingModelError(_cure(record, path, problem, cache_dir))
    return paths


def located_folder(name: str, cache_dir: Path) -> tuple[Path, ModelRef]:
    """The folder of a model that libraries open as a whole, its files' hashes checked, and its ref.

    Raises as `record_named` and `located` do.
    """
    record = record_named(name, cache_dir)
    located(record, cache_dir)
    return model_folder(record, cache_dir), model_ref(record)


def state_of(record: ModelRecord, cache_dir: Path) -> ModelState:
    """Whether all files are there and have the hashes they should have."""
    try:
        paths = expected_paths(record, cache_dir)
    except MissingExtraError:
        return ModelState.MISSING
    if not all(path.is_file() for path in paths.values()):
        return ModelState.MISSING
    broken = any(_problem(record, name, path) for name, path in paths.items())
    return ModelState.BROKEN if broken else ModelState.READY


def working_profile(cache_dir: Path, *, without: str = "") -> str | None:
    """The largest profile whose files are all there, without a model; None when none is."""
    registry = load_registry()
    for profile in reversed(PROFILES):
        members = [record for record in registry.values() if profile in record.profiles]
        if members and all(
            record.name != without and _is_there(record, cache_dir) for record in members
        ):
            return profile
    return None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> dict[str, ModelRecord]:
    return records_of(path.read_text(encoding="utf-8"), str(path))


def _beside_its_files(path: Path) -> dict[str, ModelRecord]:
    """The one record in a `model.toml`, named like the folder that it lies in."""
    records = _read(path)
    if list(records) != [path.parent.name]:
        message = f"{path} describes {', '.join(records) or 'nothing'}, "
        message += f"expected one model named {path.parent.name} like its folder"
        raise InvalidValueError(message)
    return records


def _distribution(record: ModelRecord) -> metadata.Distribution:
    try:
        return metadata.distribution(record.source_place)
    except metadata.PackageNotFoundError as error:
        needed_by = f"the model {record.name}"
        raise MissingExtraError(
            needed_by, package=record.source_place, extra=record.extra
        ) from error


def _is_there(record: ModelRecord, cache_dir: Path) -> bool:
    try:
        return all(path.is_file() for path in expected_paths(record, cache_dir).values())
    except MissingExtraError:
        return False


def _problem(record: ModelRecord, name: str, path: Path) -> str:
    """What is wrong with a file, empty when nothing is."""
    if not path.is_file():
        return "is not there"
    if record.conversion is not None:
        made = _converted(path.with_name(CONVERTED_FILE))
        if made.get("made_from") != record.sha256:
            return f"was made of {made.get('made_from')}, expected {record.sha256}"
        expected = made.get("sha256")
    else:
        expected = next(file.sha256 for file in record.files if file.name == name)
    found = sha256_of(path)
    return "" if found == expected else f"has SHA-256 {found}, expected {expected}"


def _converted(path: Path) -> Mapping[str, Any]:
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def _cure(record: ModelRecord, path: Path, problem: str, cache_dir: Path) -> str:
    """The message of a missing or broken file: what it is, where it belongs, how to get it."""
    match record.source_kind:
        case "installed":
            package = f"{record.source_place}=={record.revision}"
            cure = f"pip install --force-reinstall {package}"
        case "shipped":
            cure = "pip install --force-reinstall iconograph"
        case _:
            cure = f"iconograph models pull {record.name}"
    profile = working_profile(cache_dir, without=record.name)
    now = f"--models {profile} works now" if profile else "no profile works without a pull now"
    return (
        f"a file of model {record.name} ({record.task}) {problem}: it belongs at {path} "
        f"({record.size_bytes / 1e6:.1f} MB, licence {record.licence}); get it with: {cure}; {now}"
    )
