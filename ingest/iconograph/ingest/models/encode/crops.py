"""Crops of any size to the square, normalised pixels that an image tower takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CHANNELS = 3

LARGEST_ASPECT = 50
"""Crops that are longer are cut before they are scaled, which rounds some pixels otherwise."""


class Resize(StrEnum):
    """How a crop becomes a square."""

    SHORTEST = "shortest"
    """The short side fits, the middle is kept."""
    LONGEST = "longest"
    """The long side fits, the rest is filled."""
    SQUASH = "squash"
    """Both sides fit, proportions are lost."""


class Interpolation(StrEnum):
    """How pixels between pixels are made up."""

    BICUBIC = "bicubic"
    BILINEAR = "bilinear"


RESAMPLING = {
    Interpolation.BICUBIC: PillowImage.Resampling.BICUBIC,
    Interpolation.BILINEAR: PillowImage.Resampling.BILINEAR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preprocessing:
    """What an image tower was trained on; `mean` and `std` are of values 0..1, `fill` is 0..255."""

    image_size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: Interpolation = Interpolation.BICUBIC
    resize: Resize = Resize.SHORTEST
    fill: int = 0

    def __post_init__(self) -> None:
        if self.image_size_px < 1 or not all(value > 0 for value in self.std):
            message = (
                "preprocessing needs an image size of at least 1 px and standard deviations above "
                f"0, got {self.image_size_px} px and {self.std}"
            )
            raise InvalidValueError(message)


def pixel_batch(
    crops: Sequence[NDArray[np.uint8]], preprocessing: Preprocessing
) -> NDArray[np.float32]:
    """Normalised pixels, float32, n x 3 x S x S; raises `InvalidValueError` as `require_rgb`."""
    size = preprocessing.image_size_px
    batch = np.empty((len(crops), CHANNELS, size, size), np.float32)
    mean = np.asarray(preprocessing.mean, np.float32)
    std = np.asarray(preprocessing.std, np.float32)
    for row, crop in enumerate(crops):
        require_rgb(crop)
        square = squared(crop, preprocessing).astype(np.float32) / 255
        batch[row] = ((square - mean) / std).transpose(2, 0, 1)
    return batch


def require_rgb(crop: NDArray[np.uint8]) -> None:
    """Raise `InvalidValueError` unless a crop is uint8, height x width x 3, with a pixel."""
    if (
        crop.dtype != np.uint8
        or crop.ndim != CHANNELS
        or crop.shape[2] != CHANNELS
        or not crop.size
    ):
        message = (
            f"a crop needs uint8 of shape height x width x 3 (RGB) with at least one pixel, got "
            f"{crop.dtype} of shape {crop.shape}; turn grey and transparent pictures into RGB first"
        )
        raise InvalidValueError(message)


def squared(crop: NDArray[np.uint8], preprocessing: Preprocessing) -> NDArray[np.uint8]:
    """A crop as a square of the tower's size, height x width x 3.

    Sizes and offsets are rounded as open_clip 3.3 and torchvision 0.28 do it.
    """
    size, resampling = preprocessing.image_size_px, RESAMPLING[preprocessing.interpolation]
    picture = PillowImage.fromarray(crop)
    if preprocessing.resize is Resize.LONGEST:
        return _fitted(picture, preprocessing)
    if preprocessing.resize is Resize.SQUASH:
        return np.asarray(picture.resize((size, size), resampling))
    return _middle(picture, size, resampling)


def _middle(
    picture: PillowImage.Image, size: int, resampling: PillowImage.Resampling
) -> NDArray[np.uint8]:
    """A crop scaled until its short side is `size`, and the middle of that."""
    short = min(picture.size)
    width, height = (int(size * side / short) for side in picture.size)
    left, top = round((width - size) / 2), round((height - size) / 2)
    if max(width, height) <= size * LARGEST_ASPECT:
        scaled = np.asarray(picture.resize((width, height), resampling))
        return scaled[top : top + size, left : left + size]
    # Cut first: a crop of 20000 x 50 px would grow to millions of pixels.
    x_scale, y_scale = picture.width / width, picture.height / height
    window = (left * x_scale, top * y_scale, (left + size) * x_scale, (top + size) * y_scale)
    return np.asarray(picture.resize((size, size), resampling, box=window))


def _fitted(picture: PillowImage.Image, preprocessing: Preprocessing) -> NDArray[np.uint8]:
    size, longest = preprocessing.image_size_px, max(picture.size)
    width, height = (max(1, round(side * size / longest)) for side in picture.size)
    resized = picture.resize((width, height), RESAMPLING[preprocessing.interpolation])
    square = np.full((size, size, CHANNELS), preprocessing.fill, np.uint8)
    left, top = (size - width) // 2, (size - height) // 2
    square[top : top + height, left : left + width] = np.asarray(resized)
    return square
