"""Model records as TOML: one table a model, its files as an array of tables."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.record import Conversion, ModelFile, ModelRecord

_KINDS: Mapping[str, type] = {
    "dim": int,
    "size_bytes": int,
    "archive_size_bytes": int,
    "free_size": bool,
    "files": list,
    "profiles": list,
    "outputs": list,
    "input_size_px": list,
    "conversion": dict,
}
"""Types of the fields that are not text."""

_MEMBERS: Mapping[str, type] = {
    "files": dict,
    "profiles": str,
    "outputs": str,
    "input_size_px": int,
}


def records_of(text: str, where: str) -> dict[str, ModelRecord]:
    """The records in a text, by name; `where` is what errors call it.

    Raises `InvalidValueError` naming the place, the field, what was found and what was expected.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{where} is not TOML: {error}"
        raise InvalidValueError(message) from error
    try:
        return {name: _record(name, table) for name, table in tables.items()}
    except InvalidValueError as error:
        message = f"{where}: {error}"
        raise InvalidValueError(message) from error


def text_of(record: ModelRecord) -> str:
    """A record as text that `records_of` reads back."""
    lines = [f"[{json.dumps(record.name)}]"]
    lines += _assignments(record, leave_out={"name", "files", "conversion"})
    if record.conversion is not None:
        lines += ["", f"[{json.dumps(record.name)}.conversion]"]
        lines += _assignments(record.conversion, leave_out=set())
    for file in record.files:
        lines += ["", f"[[{json.dumps(record.name)}.files]]"]
        lines += _assignments(file, leave_out=set())
    return "\n".join(lines) + "\n"


def _record(name: str, table: Any) -> ModelRecord:  # noqa: ANN401  as TOML gives it
    given = _typed(name, ModelRecord, table, without={"name"})
    files = tuple(ModelFile(**_typed(f"{name}.files", ModelFile, file)) for file in given["files"])
    if "conversion" in given:
        converted = _typed(f"{name}.conversion", Conversion, given["conversion"])
        given["conversion"] = Conversion(**{**converted, "outputs": _tuple(converted, "outputs")})
    if "input_size_px" in given:
        given["input_size_px"] = _size_px(name, given["input_size_px"])
    given["profiles"] = _tuple(given, "profiles")
    return ModelRecord(**{**given, "name": name, "files": files})


def _typed(
    where: str,
    kind: type[ModelRecord | ModelFile | Conversion],
    table: Any,  # noqa: ANN401  as TOML gives it
    without: frozenset[str] | set[str] = frozenset(),
) -> dict[str, Any]:
    """The fields of a table, each of the type that the value needs."""
    if not isinstance(table, dict):
        message = f"model record: {where} is {table!r}, expected a table"
        raise InvalidValueError(message)
    known = {field.name: field.default is MISSING for field in fields(kind)}
    for name in without:
        del known[name]
    unknown = sorted(set(table) - set(known))
    lacking = sorted(name for name, needed in known.items() if needed and name not in table)
    if unknown or lacking:
        message = (
            f"model record: {where} has unknown fields {unknown} and lacks {lacking}; "
            f"expected {', '.join(known)}"
        )
        raise InvalidValueError(message)
    for name, value in table.items():
        if not _fits(name, value):
            wanted = _KINDS.get(name, str).__name__
            message = f"model record: {where}.{name} is {value!r}, expected {wanted}"
            raise InvalidValueError(message)
    return dict(table)


def _fits(name: str, value: object) -> bool:
    # bool is an int in Python, not in TOML.
    if type(value) is not _KINDS.get(name, str):
        return False
    members = _MEMBERS.get(name)
    return members is None or all(type(member) is members for member in value)  # type: ignore[attr-defined]


def _tuple(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(table.get(name, ()))


def _size_px(name: str, given: list[int]) -> tuple[int, int]:
    match given:
        case [width_px, height_px] if width_px > 0 and height_px > 0:
            return width_px, height_px
    message = f"model record: {name}.input_size_px is {given}, expected [width, height]"
    raise InvalidValueError(message)


def _assignments(value: ModelRecord | ModelFile | Conversion, leave_out: set[str]) -> list[str]:
    """The fields that are not at their defaults; a JSON text or list is a TOML one, too."""
    lines = []
    for field in fields(value):
        content = getattr(value, field.name)
        if field.name not in leave_out and content != field.default:
            written = json.dumps(content, ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{field.name} = {written}")
    return lines
