from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from iconograph.evaluation.pixels import pixels_at_hand
from iconograph.graph.errors import PictureError
from iconograph.graph.model.ids import image_id, work_id
from iconograph.graph.model.work import Image


def image_of(path: Path, *, uri: str = "") -> Image:
    content = path.read_bytes() if path.is_file() else b""
    return Image(
        id=image_id(hashlib.sha256(content).hexdigest()),
        work_id=work_id("eden"),
        uri=uri or path.as_uri(),
        width_px=4,
        height_px=2,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "the garden.png"
    PillowImage.new("RGB", (4, 2), "red").save(path)
    return path


def test_a_picture_at_hand_is_read(path: Path) -> None:
    pixels = pixels_at_hand(image_of(path))

    assert pixels is not None
    assert pixels[1, 3].tolist() == [255, 0, 0]


def test_pictures_elsewhere_are_not(path: Path) -> None:
    assert pixels_at_hand(image_of(path.with_name("none.png"))) is None
    assert pixels_at_hand(image_of(path, uri="https://example.org/eden.png")) is None


def test_another_picture_of_the_same_name_is_not_taken(path: Path) -> None:
    image = image_of(path)
    PillowImage.new("RGB", (4, 2), "blue").save(path)

    assert pixels_at_hand(image) is None


def test_a_broken_file_is_told(path: Path) -> None:
    path.write_bytes(b"no picture")

    with pytest.raises(PictureError):
        pixels_at_hand(image_of(path))
