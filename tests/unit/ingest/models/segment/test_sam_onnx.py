from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, MissingModelError
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter, SamSettings

SETTINGS = SamSettings(
    name="t", image_size_px=16, mean=(0, 0, 0), std=(1, 1, 1), mask_threshold=0.0
)
TEXT = """
name = "t"
image_size_px = 16
mean = [1.0, 2.0, 3.0]
std = [4, 5, 6]
mask_threshold = 0
resize = "longest side"
"""


class Recorder:
    """A session that keeps what it was given and gives one answer."""

    inputs: Mapping[str, tuple[int | None, ...]] = {}

    def __init__(self) -> None:
        self.feeds: dict[str, Any] = {}
        self.runs = 0

    def run(self, feeds: Mapping[str, Any], /) -> dict[str, Any]:
        self.feeds = dict(feeds)
        self.runs += 1
        count = len(next(iter(feeds.values()))) if "pixels" in feeds else len(feeds["point_coords"])
        return {
            "embedding": np.zeros((1, 2, 4, 4), np.float32),
            "masks": np.ones((count, 1, 4, 4), np.float32),
            "scores": np.ones((count, 1), np.float32),
        }


def segmenter() -> tuple[SamOnnxSegmenter, Recorder, Recorder]:
    encoder, decoder = Recorder(), Recorder()
    made = SamOnnxSegmenter(
        encoder=encoder, decoder=decoder, settings=SETTINGS, models=(ModelRef(name="t"),)
    )
    return made, encoder, decoder


def test_a_box_is_two_corners_in_the_square() -> None:
    made, _, decoder = segmenter()
    made(np.zeros((16, 32, 3), np.uint8)).in_boxes(np.array([[2, 4, 20, 16]], np.float32))

    assert decoder.feeds["point_coords"].tolist() == [[[1, 2], [10, 8]]]
    assert decoder.feeds["point_labels"].tolist() == [[2, 3]]
    assert decoder.feeds["point_labels"].dtype == np.float32


def test_a_point_is_padded() -> None:
    made, _, decoder = segmenter()
    made(np.zeros((16, 32, 3), np.uint8)).at_points(np.array([[2, 4]], np.float32))

    assert decoder.feeds["point_coords"].tolist() == [[[1, 2], [0, 0]]]
    assert decoder.feeds["point_labels"].tolist() == [[1, -1]]


def test_a_picture_is_embedded_once() -> None:
    made, encoder, decoder = segmenter()
    picture = made(np.full((16, 32, 3), 9, np.uint8))
    for _ in range(3):
        picture.at_points(np.array([[2, 4]], np.float32))

    assert encoder.runs == 1
    assert decoder.runs == 3
    assert (encoder.feeds["pixels"][0, :, :8] == 9).all()
    assert (encoder.feeds["pixels"][0, :, 8:] == 0).all()


def test_grey_is_refused() -> None:
    made, _, _ = segmenter()
    with pytest.raises(InvalidValueError, match="RGB"):
        made(np.zeros((16, 32), np.uint8))


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "sam.toml"
    path.write_text(TEXT)

    read = SamSettings.read(path)
    assert (read.mean, read.std, read.mask_threshold) == ((1, 2, 3), (4, 5, 6), 0.0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"longest side"', '"squash"', "'longest side'", id="resize"),
        pytest.param("[4, 5, 6]", "[4, 5]", "three numbers", id="std"),
        pytest.param("mask_threshold = 0", "", "lacks mask_threshold", id="key"),
    ],
)
def test_wrong_settings(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "sam.toml"
    path.write_text(TEXT.replace(old, new))

    with pytest.raises(MissingModelError, match=message):
        SamSettings.read(path)


def test_incomplete_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"lacks encoder\.onnx, decoder\.onnx, sam\.toml"):
        SamOnnxSegmenter.load(tmp_path)
