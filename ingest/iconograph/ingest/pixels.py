"""Pixels of any colour mode and orientation, as upright RGB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageOps

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORIENTATION_TAG = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})
"""EXIF orientations whose upright picture swaps width and height."""

DEEP_GREY_MODES = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})
ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
PEAKS = (1.0, 255.0, 65535.0)
"""Values that stand for white in pictures of one deep channel."""


def upright_rgb(file: PillowImage.Image) -> NDArray[np.uint8]:
    """Height x width x 3, read-only: EXIF orientation applied, transparency laid on white."""
    upright = ImageOps.exif_transpose(file)
    pixels = np.array(_rgb(upright), dtype=np.uint8)
    pixels.setflags(write=False)
    return pixels


def upright_size_px(file: PillowImage.Image) -> tuple[int, int]:
    """Width and height with the EXIF orientation applied, without decoding a pixel."""
    # PNG's own `getexif` decodes the whole picture; this reads the head alone.
    sideways = PillowImage.Image.getexif(file).get(ORIENTATION_TAG) in SIDEWAYS
    return (file.height, file.width) if sideways else file.size


def _rgb(image: PillowImage.Image) -> PillowImage.Image:
    if image.mode in DEEP_GREY_MODES:
        return PillowImage.fromarray(_eight_bit(np.asarray(image))).convert("RGB")
    if image.mode in ALPHA_MODES or "transparency" in image.info:
        picture = image.convert("RGBA")
        ground = PillowImage.new("RGBA", picture.size, "white")
        return PillowImage.alpha_composite(ground, picture).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _eight_bit(grey: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Deep grey brought to 0..255; white is 65535 for 16 bits, else the least peak that fits."""
    values = np.nan_to_num(np.asarray(grey, dtype=np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    sixteen = grey.dtype.itemsize == 2  # noqa: PLR2004  bytes
    peak = PEAKS[-1] if sixteen else next((p for p in PEAKS if top <= p), top)
    scaled = np.clip(values, 0.0, peak) * (255.0 / peak)
    return np.asarray(np.rint(scaled), dtype=np.uint8)
