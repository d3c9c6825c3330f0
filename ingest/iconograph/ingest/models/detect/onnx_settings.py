"""What stands beside an ONNX detector: how it is fed, what its scores mean, and its class list."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.region import RegionKind

if TYPE_CHECKING:
    from pathlib import Path

CHANNEL_ORDERS = ("rgb", "bgr")
INTERPOLATIONS = ("linear", "area")
PADDED_WITH = 114
FAMILIES: dict[str, dict[str, Any]] = {
    "yolox": {"channel_order": "bgr"},
    "rtmdet": {
        "channel_order": "bgr",
        "mean": [103.53, 116.28, 123.675],
        "std": [57.375, 57.12, 58.395],
    },
}
"""How the deploy releases of these families are fed, read from their training settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClass:
    """What a class is called here; nothing below `smallest_confidence` is given."""

    label: str
    kind: RegionKind
    smallest_confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorSettings:
    """The keys of a `detector.toml` with their defaults.

    ==================  =========================================================================
    family              `yolox` or `rtmdet`: how those are fed is then the default
    input_size_px       [width, height], or one number: the long side of a network that takes any
                        size; needed unless the network's own input size is fixed
    size_step_px        sides of a network that takes any size are multiples of this (32)
    letterbox           true (default): the picture keeps its proportions, lies in the upper left
                        corner, and the rest is grey; false: it is stretched
    pad_value           that grey, 0..255 (114)
    interpolation       how it is resized: `linear` (default), or `area`, the mean of what falls
                        into a pixel
    channel_order       `rgb` (default) or `bgr`
    mean, std           per channel, in that order, of values 0..255 (0 and 1): fed is
                        (value - mean) / std
    smallest_score      boxes below are left out (0.05)
    repeat_iou          boxes of a class that share more than this with a surer one are left out;
                        0.65 for grids, none for networks that have done it themselves
    bias, slope         the confidence is 1 / (1 + exp(-(bias + slope * log odds of the score)));
                        0 and 1, the score itself
    ==================  =========================================================================
    """

    family: str = ""
    input_size_px: tuple[int, int] | int | None = None
    size_step_px: int = 32
    letterbox: bool = True
    pad_value: int = PADDED_WITH
    interpolation: str = "linear"
    channel_order: str = "rgb"
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    smallest_score: float = 0.05
    repeat_iou: float | None = None
    bias: float = 0.0
    slope: float = 1.0
    classes: dict[int, ListedClass] = field(default_factory=dict)


def read_detector_settings(settings_path: Path, classes_path: Path) -> DetectorSettings:
    """The settings of a `detector.toml` with the classes of a `classes.toml`.

    The class list is an array of tables `classes`, in the order of the network's classes or each
    with its own `index`: `label` (may be empty), `kind`, perhaps `smallest_confidence`. What is not
    listed is not named. Raises `MissingModelError` for anything that cannot be used.
    """
    record = _toml(settings_path)
    family = record.get("family", "")
    if family and family not in FAMILIES:
        message = f"{settings_path}: family is {family!r}; expected {' or '.join(FAMILIES)}"
        raise MissingModelError(message)
    try:
        settings = DetectorSettings(**_lists_as_tuples(FAMILIES.get(family, {}) | record))
    except TypeError as error:
        message = f"{settings_path} cannot be used: {error}; see DetectorSettings for its keys"
        raise MissingModelError(message) from error
    problem = _problem(settings)
    if problem:
        message = f"{settings_path}: {problem}; mend the file or export the model again"
        raise MissingModelError(message)
    settings.classes.update(_classes(classes_path))
    return settings


def _classes(path: Path) -> dict[int, ListedClass]:
    listed = _toml(path).get("classes") or [{}]
    try:
        return {
            int(entry.pop("index", place)): ListedClass(
                label=str(entry.pop("label", "")), kind=RegionKind(entry.pop("kind")), **entry
            )
            for place, entry in enumerate(listed)
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = f"no {error}" if isinstance(error, KeyError) else str(error)
        message = (
            f"{path} cannot be used: found {found}; expected [[classes]] tables, each with `label` "
            f"and `kind` (one of {', '.join(RegionKind)})"
        )
        raise MissingModelError(message) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read {path}: {error.strerror or error}; it belongs beside the model"
        raise MissingModelError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}; mend the file or export the model again"
        raise MissingModelError(message) from error


def _lists_as_tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in record.items()}


def _problem(settings: DetectorSettings) -> str:
    """What is wrong with the values; empty when nothing is."""
    sizes = np.atleast_1d(() if settings.input_size_px is None else settings.input_size_px)
    if settings.channel_order not in CHANNEL_ORDERS:
        return (
            f"channel_order is {settings.channel_order!r}, expected {' or '.join(CHANNEL_ORDERS)}"
        )
    if settings.interpolation not in INTERPOLATIONS:
        return (
            f"interpolation is {settings.interpolation!r}, expected {' or '.join(INTERPOLATIONS)}"
        )
    if any(len(values) != len(CHANNEL_ORDERS[0]) for values in (settings.mean, settings.std)):
        return f"mean and std are {settings.mean} and {settings.std}, expected three numbers each"
    if not all(value > 0 for value in settings.std):
        return f"std is {settings.std}, expected numbers above 0"
    if len(sizes) > 2 or not all(size > 0 for size in sizes):  # noqa: PLR2004  width, height
        return f"input_size_px is {settings.input_size_px}, expected [width, height] or one number"
    return ""
