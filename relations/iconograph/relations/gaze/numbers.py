"""The numbers of what draws eyes, from `data/gaze.toml`."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, fields
from importlib import resources

from iconograph.graph.errors import InvalidValueError
from iconograph.relations.logistic import Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class GazePull:
    """How much places and kinds draw eyes, and how sure that makes; `gaze.toml` says what each number is."""

    distance_power: float
    off_centre_pull: float
    animal_weight: float
    thing_weight: float
    background_weight: float
    target_spread_heads: float
    nothing_weight: float
    closed_words: frozenset[str]
    confidence: Logistic


@functools.cache
def read_gaze_pull() -> GazePull:
    """The shipped numbers; raises `InvalidValueError` on other names."""
    file = resources.files("iconograph.relations").joinpath("data/gaze.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    weights = {name: float(value) for name, value in tables.pop("confidence", {}).items()}
    words = frozenset(tables.pop("closed", {}).get("words", ()))
    numbers = {name: value for table in tables.values() for name, value in table.items()}
    expected = {field.name for field in fields(GazePull)} - {"confidence", "closed_words"}
    if set(numbers) != expected or "bias" not in weights or not words:
        message = (
            f"gaze.toml needs {sorted(expected)} , a confidence with a bias and closed words, "
            f"got {sorted(numbers)} {sorted(weights)} {sorted(words)}"
        )
        raise InvalidValueError(message)
    return GazePull(
        **numbers,
        closed_words=words,
        confidence=Logistic(bias=weights.pop("bias"), weights=weights),
    )
