from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from iconograph.ingest.training.kept import kept_rows

SHAPE = (3, 2)


class StoppedError(Exception):
    pass


def rows(asked: list[int], stop: int = 3) -> Iterator[np.ndarray]:
    for number in range(3):
        if number == stop:
            raise StoppedError
        asked.append(number)
        yield np.full(2, number, np.uint8)


def test_rows_are_written_once_and_read_back(tmp_path: Path) -> None:
    asked: list[int] = []
    file = tmp_path / "new" / "rows.npy"

    first = kept_rows(file, SHAPE, rows(asked))
    again = kept_rows(file, SHAPE, rows(asked))

    assert first.tolist() == again.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert asked == [0, 1, 2]
    assert [path.name for path in file.parent.iterdir()] == ["rows.npy"]


def test_another_shape_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "rows.npy"
    kept_rows(file, (1, 2), iter([np.full(2, 9, np.uint8)]))

    assert kept_rows(file, SHAPE, rows([])).tolist() == [[0, 0], [1, 1], [2, 2]]


def test_what_stopped_midway_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "rows.npy"
    with pytest.raises(StoppedError):
        kept_rows(file, SHAPE, rows([], stop=1))

    assert not file.exists()
    assert kept_rows(file, SHAPE, rows([])).tolist() == [[0, 0], [1, 1], [2, 2]]
