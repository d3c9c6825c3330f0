from __future__ import annotations

import numpy as np
import pytest

from iconograph.ingest.models.detect.peaks import Peaks, peaks_of


def peaks(heat: np.ndarray, **changes: float) -> Peaks:
    reach = np.tile(np.array([4, 8, 12, 16], np.float32), (*heat.shape[:2], 1))
    asked = {"stride_px": 4.0, "smallest_score": 0.1, "most": 10} | changes
    return peaks_of(heat.astype(np.float32), reach, **asked)  # type: ignore[arg-type]


def test_a_peak_has_the_box_that_its_cell_reaches() -> None:
    heat = np.zeros((5, 6, 2))
    heat[3, 2, 1] = 0.5
    heat[3, 3, 1] = 0.4

    found = peaks(heat)

    assert found.boxes.tolist() == [[8 - 4, 12 - 8, 8 + 12, 12 + 16]]
    assert found.scores == pytest.approx([0.5])
    assert found.maps.tolist() == [1]


def test_each_map_has_peaks_of_its_own_the_surest_first() -> None:
    heat = np.zeros((4, 4, 2))
    heat[1, 1] = (0.3, 0.6)
    heat[0, 3, 0] = 0.4

    found = peaks(heat)

    assert found.scores == pytest.approx([0.6, 0.4, 0.3])
    assert found.maps.tolist() == [1, 0, 0]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_corners_can_be_peaks(row: int, column: int) -> None:
    heat = np.zeros((4, 4, 1))
    heat[row, column] = 0.9

    assert len(peaks(heat).scores) == 1


def test_low_peaks_and_too_many_are_left_out() -> None:
    heat = np.zeros((9, 9, 1))
    heat[0::4, 0::4, 0] = np.linspace(0.1, 0.9, 9).reshape(3, 3)

    assert len(peaks(heat, smallest_score=0.55).scores) == 4
    assert peaks(heat, most=2).scores == pytest.approx([0.9, 0.8])


def test_nothing_is_found_where_nothing_is_hot() -> None:
    found = peaks(np.zeros((4, 4, 3)))

    assert (found.boxes.shape, found.scores.shape, found.maps.shape) == ((0, 4), (0,), (0,))
