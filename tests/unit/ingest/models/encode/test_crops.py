from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.encode.crops import (
    Preprocessing,
    Resize,
    pixel_batch,
    squared,
)

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


def preprocessing(**options: Any) -> Preprocessing:
    return Preprocessing(**{"image_size_px": 8, **PLAIN, **options})


def bands(height_px: int, width_px: int) -> np.ndarray:
    """Red left third, green middle, blue right."""
    pixels = np.zeros((height_px, width_px, 3), np.uint8)
    thirds = np.minimum(2, np.arange(width_px) * 3 // width_px)
    pixels[:, np.arange(width_px), thirds] = 255
    return pixels


def test_normalised() -> None:
    crop = np.full((8, 8, 3), (255, 0, 51), np.uint8)
    batch = pixel_batch([crop], preprocessing(mean=(0.5, 0.5, 0.1), std=(0.5, 0.25, 0.1)))

    assert batch.dtype == np.float32
    assert batch.shape == (1, 3, 8, 8)
    assert batch[0, :, 3, 3] == pytest.approx([1.0, -2.0, 1.0], abs=1e-6)


def test_shortest_keeps_the_middle() -> None:
    square = squared(bands(8, 24), preprocessing(resize=Resize.SHORTEST))

    assert (square[:, 1:-1] == (0, 255, 0)).all()


def test_longest_fills_the_rest() -> None:
    square = squared(bands(8, 24), preprocessing(resize=Resize.LONGEST, fill=7))

    assert (square[:2] == 7).all()
    assert (square[-3:] == 7).all()
    assert square[3, 0, 0] > 200
    assert square[3, -1, 2] > 200


def test_squash_keeps_all() -> None:
    square = squared(bands(8, 24), preprocessing(resize=Resize.SQUASH))

    assert square[4, 0, 0] > 200
    assert square[4, 4, 1] > 200
    assert square[4, -1, 2] > 200


def test_a_very_long_crop_is_cut_first() -> None:
    long = squared(bands(4, 30_000), preprocessing(resize=Resize.SHORTEST))

    assert (long == (0, 255, 0)).all()


@settings(max_examples=60)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(Resize))
def test_any_size_becomes_a_square(height_px: int, width_px: int, resize: Resize) -> None:
    crop = np.full((height_px, width_px, 3), 90, np.uint8)

    batch = pixel_batch([crop], preprocessing(resize=resize, fill=90))
    assert batch == pytest.approx(90 / 255, abs=1e-6)


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((5, 5), np.uint8), id="grey"),
        pytest.param(np.zeros((5, 5, 1), np.uint8), id="one channel"),
        pytest.param(np.zeros((5, 5, 4), np.uint8), id="alpha"),
        pytest.param(np.zeros((0, 5, 3), np.uint8), id="empty"),
        pytest.param(np.zeros((5, 5, 3), np.float32), id="float"),
    ],
)
def test_refused(crop: Any) -> None:
    with pytest.raises(InvalidValueError, match=r"needs uint8 .* into RGB"):
        pixel_batch([crop], preprocessing())


@pytest.mark.parametrize(
    "options",
    [{"image_size_px": 0}, {"std": (0.0, 1.0, 1.0)}],
    ids=["no size", "no deviation"],
)
def test_impossible_settings(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError, match="at least 1 px"):
        preprocessing(**options)
