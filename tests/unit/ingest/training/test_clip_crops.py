from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.training.clip_batches import edges_seen, seen_through, varied_crop
from iconograph.ingest.training.clip_crops import (
    STORED_PX,
    faded,
    padded,
    region_crop,
    stored_box,
    stored_crops,
)
from iconograph.ingest.training.clip_facts import FactRegion
from iconograph.ingest.training.corpora import TruePicture
from tests.unit.ingest.training.clip_scenes import labelled

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")

Drawn = tuple[tuple[TruePicture, ...], tuple[FactRegion, ...]]


@given(
    x0=st.floats(-50, 250), y0=st.floats(-50, 250), width=st.floats(0, 300), height=st.floats(0, 300),
    share=st.floats(0, 0.5),
)  # fmt: skip
def test_a_crop_is_inside_the_picture_and_never_empty(
    x0: float, y0: float, width: float, height: float, share: float
) -> None:
    pixels = np.zeros((120, 200, 3), np.uint8)
    mask = np.ones((120, 200), np.uint8)
    crop = region_crop(pixels, (x0, y0, x0 + width, y0 + height), mask, padding_share=share)
    assert 1 <= crop.shape[0] <= 120
    assert 1 <= crop.shape[1] <= 200


def test_padding_grows_with_the_root_of_the_area() -> None:
    assert padded((10, 10, 20, 100), 0.1) == pytest.approx((7, 7, 23, 103))


@pytest.mark.parametrize(("fading", "outside"), [(0.0, 200), (0.5, 157), (1.0, 114)])
def test_only_what_is_outside_the_mask_fades(fading: float, outside: int) -> None:
    crop = np.full((2, 2, 3), 200, np.uint8)
    mask = np.array([[255, 0], [255, 0]], np.uint8)
    result = faded(crop, mask, fading)
    assert (result[:, 0] == 200).all()
    assert (result[:, 1] == outside).all()


def test_stored_squares_hold_the_region_where_they_say(
    drawn_pictures: Drawn, tmp_path: Path
) -> None:
    pictures, regions = drawn_pictures
    stored = stored_crops(pictures, regions, tmp_path / "crops.npy")
    assert stored.shape == (len(regions), STORED_PX, STORED_PX, 4)
    for region, square in zip(regions, stored, strict=True):
        x0, y0, x1, y1 = (round(v) for v in stored_box(region))
        mask = square[..., 3]
        inside = mask[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1]
        assert inside.sum(dtype=float) >= 0.98 * mask.sum(dtype=float)


def test_a_cache_is_used_again(drawn_pictures: Drawn, tmp_path: Path) -> None:
    pictures, regions = drawn_pictures
    first = stored_crops(pictures, regions[:3], tmp_path / "crops.npy")
    written = (tmp_path / "crops.npy").stat().st_mtime_ns
    assert np.array_equal(stored_crops(pictures, regions[:3], tmp_path / "crops.npy"), first)
    assert (tmp_path / "crops.npy").stat().st_mtime_ns == written


def test_varied_crops_keep_the_colour_of_the_thing(drawn_pictures: Drawn, tmp_path: Path) -> None:
    pictures, regions = drawn_pictures
    blue = labelled(regions, "blue mantle")
    stored = stored_crops(pictures, [blue], tmp_path / "crops.npy")[0]
    rng = np.random.default_rng(4)
    means = []
    for _ in range(20):
        crop = varied_crop(stored, blue, rng)
        assert crop.shape == (64, 64, 3)
        means.append(crop[24:40, 24:40].reshape(-1, 3).mean(axis=0))
    red, _, value = np.mean(means, axis=0)
    assert value > red + 10


def test_a_view_without_padding_shows_the_box_alone(drawn_pictures: Drawn, tmp_path: Path) -> None:
    pictures, regions = drawn_pictures
    lily = labelled(regions, "lily")
    stored = stored_crops(pictures, [lily], tmp_path / "crops.npy")[0]
    layers, inside = seen_through(stored, lily, edges_seen(lily, 0.0), letterbox=False)
    mask = layers[..., 3] > 127
    assert inside.all()
    assert all(side.any() for side in (mask[:3], mask[-3:], mask[:, :3], mask[:, -3:]))
    assert 0.1 < mask.mean() < 0.9
