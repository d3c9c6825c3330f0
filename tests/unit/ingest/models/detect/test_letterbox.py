from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.detect.letterbox import fed_pixels, input_size_px
from iconograph.ingest.models.detect.onnx_settings import DetectorSettings

WIDE = np.full((100, 200, 3), (10, 20, 30), np.uint8)


def test_a_letterboxed_picture_lies_upper_left_on_grey() -> None:
    fed = fed_pixels(WIDE, (64, 96), DetectorSettings())

    assert fed.values.shape == (1, 3, 96, 64)
    assert fed.values.dtype == np.float32
    assert fed.scale == pytest.approx([0.32] * 4)
    assert fed.values[0, :, 31, 63].tolist() == [10, 20, 30]
    assert (fed.values[0, :, 32:] == 114).all()


def test_a_stretched_picture_fills_the_input() -> None:
    fed = fed_pixels(WIDE, (64, 96), DetectorSettings(letterbox=False))

    assert fed.scale == pytest.approx([0.32, 0.96, 0.32, 0.96])
    assert (fed.values[0, 2] == 30).all()


@pytest.mark.parametrize("letterbox", [True, False])
def test_a_free_input_has_sides_of_whole_steps(letterbox: bool) -> None:  # noqa: FBT001
    fed = fed_pixels(WIDE, 150, DetectorSettings(letterbox=letterbox))

    assert fed.values.shape == (1, 3, 96, 160)
    expected = [0.75, 0.75] if letterbox else [160 / 200, 96 / 100]
    assert fed.scale[:2] == pytest.approx(expected)


def test_channels_are_ordered_and_normalised() -> None:
    settings = DetectorSettings(
        channel_order="bgr", mean=(30.0, 10.0, 0.0), std=(1.0, 2.0, 5.0), letterbox=False
    )

    fed = fed_pixels(WIDE, (32, 32), settings)

    assert fed.values[0, :, 0, 0].tolist() == [0, 5, 2]


def test_the_area_mean_sees_what_falls_between_samples() -> None:
    lines = np.zeros((64, 64, 3), np.uint8)
    lines[:, ::4] = 255

    mean = fed_pixels(lines, (16, 16), DetectorSettings(interpolation="area")).values
    samples = fed_pixels(lines, (16, 16), DetectorSettings()).values

    assert np.allclose(mean, 63.75, atol=0.5)
    assert not np.allclose(samples, 63.75, atol=0.5)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 5000, 3), (5000, 2, 3)])
@pytest.mark.parametrize("size_px", [(64, 64), 64])
def test_pictures_of_odd_shapes_are_fed(
    shape: tuple[int, int, int], size_px: tuple[int, int] | int
) -> None:
    fed = fed_pixels(np.zeros(shape, np.uint8), size_px, DetectorSettings())

    assert np.isfinite(fed.values).all()
    assert min(fed.values.shape[2:]) >= 32


@pytest.mark.parametrize(
    ("shape", "said", "expected"),
    [
        ((1, 3, 480, 640), None, (640, 480)),
        ((1, 3, 480, 640), (640, 480), (640, 480)),
        ((1, 3, None, None), 512, 512),
        ((None, 3, None, None), (320, 256), (320, 256)),
    ],
    ids=["fixed", "fixed and said", "long side", "width and height"],
)
def test_the_size_of_the_input(
    shape: tuple[int | None, ...],
    said: tuple[int, int] | int | None,
    expected: tuple[int, int] | int,
) -> None:
    assert input_size_px("m", shape, DetectorSettings(input_size_px=said)) == expected


@pytest.mark.parametrize(
    ("shape", "said", "message"),
    [
        ((1, 3, None, None), None, "m takes pictures of any size; give input_size_px"),
        ((1, 3, 480, 640), (480, 640), "its network takes 640 x 480"),
        ((1, 3, 480, 640), 640, "its network takes 640 x 480"),
    ],
    ids=["nothing said", "another size", "a long side for a fixed size"],
)
def test_a_size_that_cannot_be_is_refused(
    shape: tuple[int | None, ...], said: tuple[int, int] | int | None, message: str
) -> None:
    with pytest.raises(MissingModelError, match=message):
        input_size_px("m", shape, DetectorSettings(input_size_px=said))
