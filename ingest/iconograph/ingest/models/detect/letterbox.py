"""Pictures as a network's input: resized, padded, normalised, and the way back for its boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import MissingModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.detect.onnx_settings import DetectorSettings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fed:
    """`values` (float32, 1 x 3 x height x width) and how many of its pixels a picture's one is.

    `scale` is (x, y, x, y): boxes of the network divided by it are boxes of the picture.
    """

    values: NDArray[np.float32]
    scale: NDArray[np.float64]


def input_size_px(
    model: str, shape: tuple[int | None, ...], settings: DetectorSettings
) -> tuple[int, int] | int:
    """Width and height to feed, or the long side where the network takes any size.

    Raises `MissingModelError` when the settings say nothing of it, or another size than the network.
    """
    height, width = shape[2:]
    said = settings.input_size_px
    if width is not None and height is not None:
        if said not in (None, (width, height)):
            message = (
                f"input_size_px of {model} is {said}, its network takes {width} x {height}; "
                "expected the same, or no input_size_px"
            )
            raise MissingModelError(message)
        return width, height
    if said is None:
        message = f"{model} takes pictures of any size; give input_size_px in its detector.toml"
        raise MissingModelError(message)
    return said


def fed_pixels(
    pixels: NDArray[np.uint8], size_px: tuple[int, int] | int, settings: DetectorSettings
) -> Fed:
    """A picture (uint8, height x width x RGB) as the network takes it."""
    import cv2

    height_px, width_px = pixels.shape[:2]
    canvas_px = _canvas_px(width_px, height_px, size_px, settings)
    ratios = np.array(canvas_px) / (width_px, height_px)
    if settings.letterbox:
        ratios[:] = (
            ratios.min() if isinstance(size_px, tuple) else size_px / max(width_px, height_px)
        )
    width, height = (max(1, round(side)) for side in ratios * (width_px, height_px))
    how = cv2.INTER_AREA if settings.interpolation == "area" else cv2.INTER_LINEAR
    resized = cv2.resize(pixels, (width, height), interpolation=how)
    canvas = np.full((canvas_px[1], canvas_px[0], 3), settings.pad_value, np.float32)
    canvas[:height, :width] = resized
    if settings.channel_order == "bgr":
        canvas = canvas[..., ::-1]
    values = (canvas - np.array(settings.mean)) / np.array(settings.std)
    return Fed(
        values=np.ascontiguousarray(values.transpose(2, 0, 1)[None], np.float32),
        scale=np.tile(ratios, 2),
    )


def _canvas_px(
    width_px: int, height_px: int, size_px: tuple[int, int] | int, settings: DetectorSettings
) -> tuple[int, int]:
    """Width and height of the input."""
    if isinstance(size_px, tuple):
        return size_px
    step = settings.size_step_px
    scale = size_px / max(width_px, height_px)
    width, height = (
        max(1, -(-round(side * scale) // step)) * step for side in (width_px, height_px)
    )
    return width, height
