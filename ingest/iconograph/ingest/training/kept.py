"""Pictures made ready once and kept in a file that trainings read row by row."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def kept_rows(
    file: Path, shape: tuple[int, ...], rows: Iterable[NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    """The array of a .npy file, mapped; written first from `rows` unless it is there in this shape.

    `rows` are asked for only when they are to be written. A run that stops midway leaves no file.
    """
    if file.exists():
        known: NDArray[np.uint8] = np.load(file, mmap_mode="r")
        if known.shape == shape:
            return known
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    written = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
    for number, row in enumerate(rows):
        written[number] = row
    written.flush()
    os.replace(unfinished, file)  # noqa: PTH105  the one call that replaces in one step everywhere
    mapped: NDArray[np.uint8] = np.load(file, mmap_mode="r")
    return mapped
