"""What both stores keep of a value as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from iconograph.graph.model.record import from_record, to_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iconograph.graph.model.region import Region

T = TypeVar("T")


def record_text(value: object) -> str:
    """The value as compact JSON."""
    return json.dumps(to_record(value), ensure_ascii=False, separators=(",", ":"))


def value_of(cls: type[T], text: str) -> T:
    """The value that `record_text` wrote."""
    return from_record(cls, json.loads(text))


def values_of(cls: type[T], rows: Iterable[Sequence[str]]) -> list[T]:
    """The values of rows that hold a record alone."""
    return [value_of(cls, text) for (text,) in rows]


def label_confidences(region: Region) -> dict[str, float]:
    """Each text that labels the region, once, with the greatest confidence in it."""
    surest: dict[str, float] = {}
    for label in region.labels:
        surest[label.text] = max(label.confidence, surest.get(label.text, 0.0))
    return surest
