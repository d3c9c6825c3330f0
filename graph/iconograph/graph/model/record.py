"""Values as JSON records and back: one form for files, stores and digests.

A record is a `dict` of plain JSON types whose keys are the field names, with these turns:

- an outline is a list of polygons, each a list of rings (outer ring first, then holes), each a list
  of `[x, y]`; a box is `[x0, y0, x1, y1]`; a point `[x, y]`; a key point `[x, y, confidence]`;
- pairs of name and value are an object; evidence is an object of its numbers, with `lacked` beside;
- fields at their default are left out;
- a region has `outline_px` and, for readers only, `box_px`; an edge has `subject` and `object`.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from iconograph.graph.errors import InputError, InvalidValueError
from iconograph.graph.model.axis import Axis
from iconograph.graph.model.concept import Concept
from iconograph.graph.model.edge import Edge, Evidence
from iconograph.graph.model.geometry import Box, Outline, Point, Polygon
from iconograph.graph.model.pose import KeyPoint
from iconograph.graph.model.region import Region
from iconograph.graph.model.run import Run
from iconograph.graph.model.work import Image, Work

Record = dict[str, Any]
T = TypeVar("T")

RECORD_TYPES: dict[str, type] = {
    "work": Work,
    "image": Image,
    "run": Run,
    "concept": Concept,
    "region": Region,
    "axis": Axis,
    "edge": Edge,
}
"""The values that stand alone as a record, by the name in their `type` key."""

RENAMED = {
    Region: {"outline": "outline_px"},
    Edge: {"subject_id": "subject", "object_id": "object"},
}
PAIRS = tuple[tuple[str, str], ...]
PLAIN_TYPES = frozenset({str, float, int, bool, type(None)})


def to_record(value: object) -> Record:
    """The value as a record with its `type` and `id` first."""
    name = next(name for name, cls in RECORD_TYPES.items() if cls is type(value))
    record = {"type": name, "id": value.id, **encoded(value)}  # type: ignore[attr-defined]
    if isinstance(value, Region):
        record["box_px"] = list(value.box.corners_px)
    return record


def from_record(cls: type[T], record: Record) -> T:
    """The value that a record describes; raises `InputError` naming what is wrong with it."""
    if not isinstance(record, dict):
        message = f"a {cls.__name__} record must be an object, got {type(record).__name__}"
        raise InputError(message)
    try:
        return typing.cast("T", _decode(cls, record))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidValueError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        message = f"the record of {cls.__name__} {record.get('id', '')!r} cannot be used: {what}"
        raise InputError(message) from error


def encoded(value: Any) -> Any:  # noqa: ANN401, PLR0911  one branch for each JSON form
    """Any value of the model as plain JSON types."""
    if type(value) in PLAIN_TYPES:
        return value
    match value:
        case Enum():
            return value.value
        case Outline():
            return [
                [[list(xy) for xy in ring] for ring in (part.exterior, *part.holes)]
                for part in value.parts
            ]
        case Box():
            return list(value.corners_px)
        case Point():
            return [value.x_px, value.y_px]
        case KeyPoint():
            return [value.x_px, value.y_px, value.confidence]
        case Evidence():
            lacked = {"lacked": list(value.lacked)} if value.lacked else {}
            return {**dict(value.numbers), **lacked}
        case tuple():
            return [encoded(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return _encode_fields(value)
    return value


def _encode_fields(value: Any) -> Record:  # noqa: ANN401  any of the model's dataclasses
    cls: Any = type(value)
    record: Record = {}
    for name, key, default, is_pairs in _columns(cls):
        item = getattr(value, name)
        if item is not default and item != default:
            record[key] = dict(item) if is_pairs else encoded(item)
    return record


def _decode(hint: Any, data: Any) -> Any:  # noqa: ANN401  the hint decides
    if hint in _DECODERS:
        return _DECODERS[hint](data)
    if isinstance(hint, types.UnionType):
        inner = next(h for h in typing.get_args(hint) if h is not types.NoneType)
        return None if data is None else _decode(inner, data)
    if typing.get_origin(hint) is tuple:
        return _decode_tuple(typing.get_args(hint), data)
    if dataclasses.is_dataclass(hint):
        return _decode_fields(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    return data


def _decode_tuple(inner: tuple[Any, ...], data: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if inner[-1] is Ellipsis:
        return tuple(_decode(inner[0], item) for item in data)
    return tuple(_decode(hint, item) for hint, item in zip(inner, data, strict=True))


def _decode_fields(cls: Any, data: Record) -> Any:  # noqa: ANN401  a dataclass
    hints, arguments = _hints(cls), {}
    for field in _fields(cls):
        key = _key(cls, field.name)
        if key in data:
            arguments[field.name] = _decode(hints[field.name], data[key])
        elif field.default is dataclasses.MISSING:
            raise KeyError(key)
    return cls(**arguments)


def _outline(data: Any) -> Outline:  # noqa: ANN401  nested lists of numbers
    parts = []
    for rings in data:
        corners = [tuple((float(x), float(y)) for x, y in ring) for ring in rings]
        parts.append(Polygon(exterior=corners[0], holes=tuple(corners[1:])))
    return Outline(parts=tuple(parts))


def _box(data: Any) -> Box:  # noqa: ANN401  four numbers
    x0_px, y0_px, x1_px, y1_px = data
    return Box(x0_px=x0_px, y0_px=y0_px, x1_px=x1_px, y1_px=y1_px)


def _evidence(data: Any) -> Evidence:  # noqa: ANN401  an object of numbers
    numbers = tuple(sorted((k, float(v)) for k, v in data.items() if k != "lacked"))
    return Evidence(numbers=numbers, lacked=tuple(data.get("lacked", ())))


_DECODERS: dict[Any, Callable[[Any], Any]] = {
    Outline: _outline,
    Box: _box,
    Point: lambda data: Point(x_px=data[0], y_px=data[1]),
    KeyPoint: lambda data: KeyPoint(x_px=data[0], y_px=data[1], confidence=data[2]),
    Evidence: _evidence,
    PAIRS: lambda data: tuple(data.items()),
}


def _key(cls: type, field_name: str) -> str:
    return RENAMED.get(cls, {}).get(field_name, field_name)


@functools.cache
def _columns(cls: type) -> tuple[tuple[str, str, Any, bool], ...]:
    """Of each field its name, key and default, and whether it holds pairs of name and value."""
    hints = _hints(cls)
    return tuple(
        (field.name, _key(cls, field.name), field.default, hints[field.name] == PAIRS)
        for field in _fields(cls)
    )


@functools.cache
def _fields(cls: Any) -> tuple[dataclasses.Field[Any], ...]:  # noqa: ANN401  a dataclass
    return dataclasses.fields(cls)


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:  # noqa: ANN401  a dataclass
    hints = typing.get_type_hints(cls)
    return {name: getattr(hint, "__supertype__", hint) for name, hint in hints.items()}
