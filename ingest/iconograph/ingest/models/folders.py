"""Folders that hold a model: the files it needs and the settings beside its weights."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def files_in(folder: Path, names: Iterable[str], *, model: str) -> dict[str, Path]:
    """The named files of a folder; raises `MissingModelError` naming those that are not there."""
    files = {name: folder / name for name in names}
    missing = [name for name, path in files.items() if not path.is_file()]
    if missing:
        message = (
            f"the folder of {model} lacks {', '.join(missing)}: {folder}; expected "
            f"{', '.join(files)}; copy the model's files there"
        )
        raise MissingModelError(message)
    return files


def weights_in(folder: Path, *, model: str) -> Path:
    """The one .safetensors file of a folder.

    Raises `MissingModelError` when there is none or more than one; pickled weights beside it are
    never looked at.
    """
    found = sorted(folder.glob("*.safetensors"))
    if len(found) == 1:
        return found[0]
    others = sorted(path.name for path in folder.glob("*.*") if path.suffix in PICKLED)
    seen = [path.name for path in found] or others or ["no weights"]
    message = (
        f"the folder of {model} holds {', '.join(seen)}: {folder}; expected one .safetensors file; "
        "pickled weights can run code and are not loaded, convert them to safetensors"
    )
    raise MissingModelError(message)


PICKLED = frozenset({".bin", ".ckpt", ".pkl", ".pt", ".pth"})
"""Endings of weights that are pickles."""


def toml_settings(path: Path, keys: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """A model's TOML file; raises `MissingModelError` unless each key is there with its type."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}; export the model again"
        raise MissingModelError(message) from error
    wrong = [key for key, kind in keys.items() if not isinstance(settings.get(key), kind)]
    if wrong:
        message = (
            f"{path} lacks {', '.join(wrong)}, or has another type there; expected "
            f"{', '.join(keys)}; export the model again"
        )
        raise MissingModelError(message)
    return settings


def json_settings(path: Path) -> dict[str, Any]:
    """A model's JSON object; raises `MissingModelError` for anything else."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not JSON: {error}; copy the model's files again"
        raise MissingModelError(message) from error
    if not isinstance(settings, dict):
        message = f"{path} holds no object; expected the model's settings; copy its files again"
        raise MissingModelError(message)
    return settings


def three(values: Sequence[float]) -> tuple[float, float, float]:
    """One number for each of red, green and blue; raises `ValueError` for any other count."""
    red, green, blue = (float(value) for value in values)
    return red, green, blue
