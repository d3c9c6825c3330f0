from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.training.augment import MIRRORED_KEY_POINTS
from iconograph.ingest.training.corpora import read_corpus
from iconograph.ingest.training.pose_crops import (
    HALF_LENGTH,
    KEPT_PX,
    SHOWN,
    SIZE_PX,
    Crops,
    batches,
    covered,
    ended,
    figures_of,
    kept_window,
    moved,
    placed,
    random_map,
    viewed,
)
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def test_figures_are_kept_with_room_around_and_their_key_points(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    crops = Crops.of(pictures, 100, tmp_path / "small.npy")

    assert crops.pixels.shape == (2, KEPT_PX[1], KEPT_PX[0], 3)
    # The box is 60 high and stands in the middle of 1.6 boxes.
    (figure,) = figures_of(pictures[0])
    window = kept_window(figure, 1.0)
    top, bottom = moved(np.array([[35, 20], [35, 80]], np.float32), window.matrix)[:, 1]
    assert (top, bottom) == pytest.approx((30, 130), abs=0.01)
    assert crops.key_points[0] == pytest.approx(placed(figure, 1.0, window))
    assert crops.key_points[0, :, 2].tolist() == [0.0] + [2.0] * 16
    # The robe is red where it is drawn.
    x, y = (int(v) for v in moved(np.array([[35, 60]], np.float32), window.matrix)[0])
    assert crops.pixels[0, y, x].tolist() == pytest.approx([170, 30, 30], abs=12)


def test_kept_crops_are_not_cut_again(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    first = np.array(Crops.of(pictures, 100, tmp_path / "small.npy").pixels)
    (tmp_path / "small.npy").unlink()
    for picture in pictures:
        picture.path.unlink()
    assert np.array_equal(Crops.of(pictures, 100, tmp_path / "small.npy").pixels, first)


@given(seed=st.integers(0, 10_000))
def test_key_points_stay_on_what_they_mark(seed: int) -> None:
    matrix = random_map(np.random.default_rng(seed))
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    assert 0.7 < stretch[1] <= stretch[0] < 3.0
    # What lies in the middle of the figure is seen in most views, and near the middle.
    middle = moved(np.array([[KEPT_PX[0] / 2, KEPT_PX[1] * 0.42]], np.float32), matrix)[0]
    assert (np.abs(middle - np.array(SIZE_PX) / 2) < np.array(SIZE_PX) * 0.4).all()


def the_map(seed: int) -> NDArray[np.float64]:
    """The map that a view of this seed uses."""
    rng = np.random.default_rng(seed)
    shown = float(rng.uniform(*SHOWN)) if rng.random() < HALF_LENGTH else 1.0
    if shown < 1:
        rng.random()
    return random_map(rng, shown)


def test_of_a_half_length_only_the_upper_part_is_asked_for() -> None:
    pixels = np.full((KEPT_PX[1], KEPT_PX[0], 3), 7, np.uint8)
    points = np.array([(60, y, 2) for y in np.linspace(30, 130, 17)], np.float32)
    seen, marked = ended(pixels, points, 0.5)
    # Of the figure's 100 pixels, from 30 to 130, the upper half is left.
    assert (seen[:80] == 7).all()
    assert (seen[80:] == 114).all()
    assert marked[:, 2].tolist() == [2.0] * 8 + [0.0] * 9
    assert (pixels == 7).all()


def test_a_half_length_fills_the_view() -> None:
    head, waist = (
        (moved(np.array([[60, y]], np.float32), random_map(np.random.default_rng(3), 0.5))[0, 1])
        for y in (35, 80)
    )
    whole = random_map(np.random.default_rng(3), 1.0)
    assert (
        waist - head
        > 1.5
        * (
            moved(np.array([[60, 80]], np.float32), whole)
            - moved(np.array([[60, 35]], np.float32), whole)
        )[0, 1]
    )


def test_a_mark_and_its_key_point_move_together_and_sides_swap_in_a_mirror() -> None:
    pixels = np.zeros((KEPT_PX[1], KEPT_PX[0], 3), np.uint8)
    points = np.zeros((17, 3), np.float32)
    left, right = 9, 10
    points[left], points[right] = (50, 70, 2), (75, 90, 2)
    pixels[66:75, 46:55, 0] = 255
    mirrored = 0
    for seed in range(40):
        matrix = the_map(seed)
        _, found = viewed(pixels, points, np.random.default_rng(seed))
        swapped = np.linalg.det(matrix[:, :2]) < 0
        mirrored += bool(swapped)
        at = found[right if swapped else left, :2]
        assert at == pytest.approx(moved(points[left : left + 1, :2], matrix)[0], abs=1e-3)
    assert 8 < mirrored < 32
    assert MIRRORED_KEY_POINTS[left] == right


def test_what_is_cut_off_is_not_asked_for() -> None:
    pixels = np.zeros((KEPT_PX[1], KEPT_PX[0], 3), np.uint8)
    points = np.full((17, 3), (-60.0, 80.0, 2.0), np.float32)
    _, found = viewed(pixels, points, np.random.default_rng(3))
    assert (found[:, 2] == 0).all()


def test_what_is_covered_is_hidden() -> None:
    pixels = np.full((SIZE_PX[1], SIZE_PX[0], 3), 7, np.uint8)
    ys, xs = np.mgrid[: SIZE_PX[1] : 4, : SIZE_PX[0] : 4]
    points = np.stack([xs.ravel(), ys.ravel(), np.full(xs.size, 2)], axis=1).astype(np.float32)
    for seed in range(6):
        seen, marked = covered(pixels, points, np.random.default_rng(seed))
        changed = (seen != pixels).any(axis=2)[points[:, 1].astype(int), points[:, 0].astype(int)]
        assert (marked[changed, 2] == 1).all()
        assert 0 < np.count_nonzero(marked[:, 2] == 1) < len(points) / 2
    assert (pixels == 7).all()


def test_the_same_seed_draws_the_same_batch(tmp_path: Path) -> None:
    crops = Crops.of(read_corpus(write_tiny_corpus(tmp_path)), 100, tmp_path / "small.npy")
    source = batches(crops, 3)
    one, same, other = (source(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one["pixels"].shape == (3, SIZE_PX[1], SIZE_PX[0], 3)
    assert one["places"].shape == (3, 17, 2)
    assert one["visibility"].shape == (3, 17)
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["pixels"], other["pixels"])
