from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.training.augment import View
from iconograph.ingest.training.corpora import read_corpus, small_picture
from iconograph.ingest.training.gaze_views import (
    IN_FRAME,
    OUTSIDE,
    VIEWER,
    Heads,
    batches,
    moved_and_resized,
    seen,
)
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = View(scale_x=1, scale_y=1, shift_x_px=0, shift_y_px=0, size_px=100)
MIRROR = View(scale_x=-1, scale_y=1, shift_x_px=100, shift_y_px=0, size_px=100)
LEFT_HALF = View(scale_x=2, scale_y=2, shift_x_px=0, shift_y_px=0, size_px=100)


def heads_of(folder: Path, size_px: int = 100) -> Heads:
    return Heads.of(read_corpus(write_tiny_corpus(folder))[0], size_px)


def test_heads_know_what_they_look_at(tmp_path: Path) -> None:
    heads = heads_of(tmp_path, 50)
    assert heads.boxes_px.tolist() == [[12.5, 10, 17.5, 15]]
    assert heads.targets_px == pytest.approx(np.array([[35, 27.5]]))
    assert heads.states.tolist() == [IN_FRAME]
    assert [figure.label for figure in heads.figures] == ["woman"]


@pytest.mark.parametrize(
    ("view", "target", "direction", "state"),
    [
        (WHOLE, (0.7, 0.55), (0.8, 0.6), IN_FRAME),
        (MIRROR, (0.3, 0.55), (-0.8, 0.6), IN_FRAME),
        (LEFT_HALF, (1.4, 1.1), (0.8, 0.6), OUTSIDE),
    ],
    ids=["whole", "mirrored", "target cut off"],
)
def test_a_view_moves_heads_and_looks(
    tmp_path: Path,
    view: View,
    target: tuple[float, float],
    direction: tuple[float, float],
    state: int,
) -> None:
    found = seen(heads_of(tmp_path), view)
    assert found.targets_px[0] == pytest.approx(target)
    assert found.directions[0] == pytest.approx(direction)
    assert found.states.tolist() == [state]


def test_heads_that_a_view_cuts_off_are_left_out(tmp_path: Path) -> None:
    away = View(scale_x=1, scale_y=1, shift_x_px=-60, shift_y_px=0, size_px=100)
    found = seen(heads_of(tmp_path), away)
    assert len(found) == 0
    assert found.figures == ()


def test_looks_at_the_viewer_stay_so_in_every_view() -> None:
    heads = Heads(
        boxes_px=np.array([[10, 10, 20, 20]], np.float32),
        targets_px=np.zeros((1, 2), np.float32),
        directions=np.zeros((1, 2), np.float32),
        states=np.array([VIEWER]),
    )
    away = View(scale_x=1, scale_y=1, shift_x_px=-12, shift_y_px=-12, size_px=50)
    assert seen(heads, away).states.tolist() == [VIEWER]


@given(seed=st.integers(0, 1000))
def test_boxes_somewhat_off_still_hold_the_middle(seed: int) -> None:
    box = np.array([[10, 20, 30, 60]], np.float32)
    (off,) = moved_and_resized(box, np.random.default_rng(seed))
    assert off[0] < 20 < off[2]
    assert off[1] < 40 < off[3]
    assert 0.85 < (off[2] - off[0]) / 20 < 1.15


def test_a_batch_holds_views_with_their_heads(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    squares = [small_picture(picture, 100) for picture in pictures]
    source = batches(pictures, squares, size_px=64, count=12, heads=2)
    one, same = (source(np.random.default_rng(5)) for _ in range(2))

    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert one["pixels"].shape == (12, 64, 64, 3)
    assert one["heads"].shape == (12, 2, 4)
    # One head a picture: the second place is always free.
    assert (one["counts"][:, 1] == 0).all()
    assert 0 < one["counts"][:, 0].sum() <= 12
    there = one["counts"] > 0
    lengths = np.linalg.norm(one["directions"][there], axis=1)
    assert lengths == pytest.approx(np.ones(len(lengths)), abs=1e-4)
    inside = there & (one["states"] == IN_FRAME)
    assert ((one["targets"][inside] >= 0) & (one["targets"][inside] <= 1)).all()
