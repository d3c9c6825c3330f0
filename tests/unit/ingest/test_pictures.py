from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from iconograph.graph.errors import PictureError
from iconograph.ingest.pictures import read_picture
from tests.unit.ingest.bad_pictures import (
    save_animated,
    save_half_and_half,
    save_huge,
    save_picture,
    save_truncated,
)


def test_a_picture_has_the_hash_of_its_file_and_its_size(tmp_path: Path) -> None:
    path = save_picture(tmp_path / "a.png")
    picture = read_picture(path)
    assert picture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (picture.width_px, picture.height_px) == (40, 20)
    assert picture.pixels.shape == (20, 40, 3)
    assert picture.notes == ()


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize(
    ("orientation", "size_px", "red_at", "blue_at"),
    [
        pytest.param(1, (40, 20), (10, 5), (10, 35), id="upright"),
        pytest.param(3, (40, 20), (10, 35), (10, 5), id="half-turn"),
        pytest.param(6, (20, 40), (5, 10), (35, 10), id="quarter-turn"),
        pytest.param(8, (20, 40), (35, 10), (5, 10), id="quarter-turn-back"),
    ],
)
def test_the_exif_orientation_is_applied(
    *,
    tmp_path: Path,
    orientation: int,
    size_px: tuple[int, int],
    red_at: tuple[int, int],
    blue_at: tuple[int, int],
    verify: bool,
) -> None:
    path = save_half_and_half(tmp_path / "a.jpg", orientation=orientation)
    picture = read_picture(path, verify=verify)
    assert (picture.width_px, picture.height_px) == size_px
    assert picture.pixels[red_at].argmax() == 0
    assert picture.pixels[blue_at].argmax() == 2


@pytest.mark.parametrize(
    ("mode", "colour", "suffix", "expected"),
    [
        pytest.param("L", 120, ".png", (120, 120, 120), id="grey"),
        pytest.param("1", 1, ".png", (255, 255, 255), id="black-and-white"),
        pytest.param("I;16", 65535, ".png", (255, 255, 255), id="16-bit-white"),
        pytest.param("I;16", 257 * 100, ".png", (100, 100, 100), id="16-bit-grey"),
        pytest.param("F", 0.5, ".tif", (128, 128, 128), id="float-fraction"),
        pytest.param("RGBA", (0, 0, 255, 255), ".png", (0, 0, 255), id="opaque"),
        pytest.param("RGBA", (0, 0, 255, 0), ".png", (255, 255, 255), id="transparent"),
        pytest.param("LA", (0, 128), ".png", (127, 127, 127), id="half-transparent-grey"),
        pytest.param("CMYK", (0, 255, 255, 0), ".tif", (255, 0, 0), id="cmyk"),
        pytest.param("P", 0, ".gif", (0, 0, 0), id="palette"),
    ],
)
def test_every_colour_mode_becomes_rgb(
    tmp_path: Path, mode: str, colour: Any, suffix: str, expected: tuple[int, int, int]
) -> None:
    path = save_picture(tmp_path / f"a{suffix}", mode=mode, colour=colour)
    pixels = read_picture(path).pixels
    assert pixels.dtype == np.uint8
    assert pixels[5, 5].tolist() == pytest.approx(expected, abs=1)


def test_a_palette_with_a_transparent_entry_lies_on_white(tmp_path: Path) -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    picture.save(tmp_path / "a.png", transparency=1)
    assert read_picture(tmp_path / "a.png").pixels[0, 0].tolist() == [255, 255, 255]


def test_of_an_animated_picture_the_first_frame_is_used_and_that_is_said(tmp_path: Path) -> None:
    picture = read_picture(save_animated(tmp_path / "a.gif"))
    assert picture.pixels[0, 0].argmax() == 0
    assert "2 frames" in picture.notes[0]


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp", "a.gif", "a.bmp"])
def test_a_truncated_picture_is_refused(tmp_path: Path, name: str) -> None:
    path = save_truncated(tmp_path / name)
    with pytest.raises(PictureError, match=r"copy or export the picture again|is not a picture"):
        read_picture(path)


def test_without_verifying_a_broken_picture_is_found_when_its_pixels_are_wanted(
    tmp_path: Path,
) -> None:
    picture = read_picture(save_truncated(tmp_path / "a.jpg"), verify=False)
    assert (picture.width_px, picture.height_px) == (200, 200)
    with pytest.raises(PictureError, match=r"a\.jpg cannot be read"):
        _ = picture.pixels


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    with pytest.raises(PictureError, match="is empty"):
        read_picture(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"hello", id="text"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="postscript"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\x00" * 40, id="jpeg-head-only"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, id="png-head-only"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(PictureError, match=r"a\.jpg"):
        read_picture(tmp_path / "a.jpg")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is not there"):
        read_picture(tmp_path / "a.jpg")


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize(
    ("width_px", "height_px"),
    [
        pytest.param(10_001, 10_000, id="just-over-the-limit"),
        pytest.param(60_000, 60_000, id="over-pillows-guard"),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused_undecoded(
    tmp_path: Path,
    width_px: int,
    height_px: int,
    verify: bool,  # noqa: FBT001  a parameter of the table
) -> None:
    path = save_huge(tmp_path / "a.png", width_px=width_px, height_px=height_px)
    with pytest.raises(PictureError, match="smaller copy"):
        read_picture(path, verify=verify)


def test_the_limit_is_a_parameter(tmp_path: Path) -> None:
    path = save_picture(tmp_path / "a.png")
    assert read_picture(path, largest_px=800).width_px == 40
    with pytest.raises(PictureError, match=r"40 x 20 px.*at most 0\.000799"):
        read_picture(path, largest_px=799)


def test_pixels_are_decoded_once_and_cannot_be_changed(tmp_path: Path) -> None:
    path = save_picture(tmp_path / "a.png")
    lazy = read_picture(path, verify=False)
    eager = read_picture(path)
    first = lazy.pixels
    path.unlink()
    assert lazy.pixels is first
    assert eager.pixels.shape == (20, 40, 3)
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0
