from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.training.corpora import mask_of, read_corpus
from iconograph.ingest.training.segment_owners import Owners, owner_map, tables_of
from iconograph.ingest.training.segment_windows import (
    Shape,
    batches,
    box_of,
    window_of,
)
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path


def test_a_map_of_owners_gives_back_every_mask(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    owners, tables = owner_map(pictures[0]), tables_of(pictures[0])

    # The sky was drawn before the woman, who hides a part of it.
    for number, region in enumerate(pictures[0].entities[1:], start=1):
        assert np.array_equal(tables[number][owners], mask_of(pictures[0], region) > 0)


def test_maps_are_kept(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    cache = tmp_path / "owners.npz"

    made, kept = Owners.of(pictures, cache), Owners.of(pictures, cache)

    assert len(kept) == 2
    for number, picture in enumerate(pictures):
        assert np.array_equal(made[number], owner_map(picture))
        assert np.array_equal(kept[number], owner_map(picture))
    assert len(Owners.of(pictures[:1], cache)) == 1


def test_a_window_holds_the_thing_and_what_is_around_it() -> None:
    pixels = np.zeros((200, 300, 3), np.uint8)
    mask = np.zeros((200, 300), np.bool_)
    mask[50:90, 100:120] = True
    pixels[mask] = (250, 10, 10)

    for seed in range(12):
        window = window_of(np.random.default_rng(seed), pixels, mask, 64)

        red = window.pixels[:, :, 0] > 125
        assert np.count_nonzero(red ^ (window.mask > 0.5)) <= 0.05 * np.count_nonzero(red)
        assert 0.15 < window.mask.mean() < 0.35
        near = box_of(window.mask > 0.5).reshape(2, 2)
        assert np.abs(window.corners_px - near).max() < 8


def test_a_window_of_half_the_seeds_is_mirrored() -> None:
    pixels = np.zeros((200, 300, 3), np.uint8)
    pixels[:, 110:] = 255
    mask = np.zeros((200, 300), np.bool_)
    mask[50:90, 100:120] = True

    bright_right = [
        window_of(np.random.default_rng(seed), pixels, mask, 64).pixels[32, 60, 0] > 125
        for seed in range(40)
    ]

    assert 10 < sum(bright_right) < 30


def test_batches_hold_windows_of_things_that_are_large_enough(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    owners = Owners.of(pictures, tmp_path / "owners.npz")
    source = batches(
        [(picture, owners, n) for n, picture in enumerate(pictures)],
        Shape(pictures=2, windows=2, size_px=32),
    )

    batch = source(np.random.default_rng(1))

    assert batch["pixels"].shape == (4, 32, 32, 3)
    assert batch["masks"].shape == (4, 32, 32)
    assert batch["corners"].shape == (4, 2, 2)
    assert (batch["masks"].max(axis=(1, 2)) > 0.5).all()
