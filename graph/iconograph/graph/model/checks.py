"""Checks that values make once, at construction."""

from __future__ import annotations

import math

from iconograph.graph.errors import InvalidValueError


def require_finite(owner: str, **numbers: float) -> None:
    """Raise `InvalidValueError` unless every number is finite."""
    for name, number in numbers.items():
        if not math.isfinite(number):
            message = f"{owner}.{name} must be a finite number, got {number!r}"
            raise InvalidValueError(message)


def require_fraction(owner: str, **numbers: float) -> None:
    """Raise `InvalidValueError` unless every number lies in 0..1."""
    for name, number in numbers.items():
        if not 0.0 <= number <= 1.0:
            message = f"{owner}.{name} must lie between 0 and 1, got {number!r}"
            raise InvalidValueError(message)


def require_text(owner: str, **texts: str) -> None:
    """Raise `InvalidValueError` unless every text holds something other than white space."""
    for name, text in texts.items():
        if not text.strip():
            message = f"{owner}.{name} must not be empty, got {text!r}"
            raise InvalidValueError(message)
