from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.gaze.gaze_lle import GazeLleGazes
from iconograph.ingest.models.gaze.gaze_lle_layers import head_maps

GRID = 8


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        ((0.25, 0.5, 0.5, 1.0), range(4, 8), range(2, 4)),
        ((0.26, 0.45, 0.52, 0.55), range(4, 5), range(2, 4)),
        ((0.3, 0.3, 0.31, 0.31), range(2, 3), range(2, 3)),
        ((-0.4, -0.2, 0.26, 0.26), range(2), range(2)),
        ((0.99, 0.99, 1.4, 1.4), range(7, 8), range(7, 8)),
        ((0.0, 0.0, 1.0, 1.0), range(8), range(8)),
    ],
    ids=["on the lines", "nearest lines", "small", "across a corner", "just within", "all"],
)
def test_patches_under_a_head(
    box: tuple[float, float, float, float], rows: range, columns: range
) -> None:
    (found,) = head_maps(np.array([box]), GRID)

    expected = np.zeros((GRID, GRID))
    expected[np.ix_(rows, columns)] = 1.0
    assert np.array_equal(found, expected)


corner = st.floats(-0.5, 1.4)
side = st.floats(0.001, 1.0)


@given(st.lists(st.tuples(corner, corner, side, side), max_size=4))
def test_every_head_is_seen(boxes: list[tuple[float, float, float, float]]) -> None:
    heads = np.array([(x, y, x + w, y + h) for x, y, w, h in boxes]).reshape(-1, 4)
    maps = head_maps(heads, GRID)

    assert maps.shape == (len(boxes), GRID, GRID)
    assert set(np.unique(maps)) <= {0.0, 1.0}
    assert (maps.sum(axis=(1, 2)) >= 1).all()


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"lacks config\.json, model\.safetensors"):
        GazeLleGazes.open_folder(tmp_path, name="mine")
    for file in ("config.json", "model.safetensors"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(MissingModelError, match=r"lacks the decoder.*gaze_lle\.safetensors"):
        GazeLleGazes.open_folder(tmp_path, name="mine")
