"""Crops of figures with their key points, kept small, and random views of them as batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS
from iconograph.ingest.models.pose.crops import GREY, cut
from iconograph.ingest.models.pose.simcc import PADDING, padded_window
from iconograph.ingest.training.augment import MIRRORED_KEY_POINTS, repainted
from iconograph.ingest.training.corpora import (
    TruePicture,
    TrueRegion,
    small_extent,
    small_pictures,
    small_scale,
)
from iconograph.ingest.training.kept import kept_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.pose.crops import Window

    Pixels = NDArray[np.uint8]
    Floats = NDArray[np.float32]

SIZE_PX = (96, 128)
"""Width and height of the network's input."""

KEPT_PX = (120, 160)
"""Width and height of a kept crop."""

MARGIN = 1.6 / PADDING
"""Sides of what is kept in sides of what the network would see: room for random views."""

TURN_DEG, LARGEST_TURN_DEG = 12.0, 40.0
ZOOMS = (0.8, 1.2)
SHIFT_FRACTION, STRETCH = 0.07, 0.12
RECOLOURED, REPAINTED = 0.3, 0.7
"""How often colours change at all, and how strongly pictures are repainted."""

HALF_LENGTH, ENDED, COVERED, TURNED = 0.35, 0.6, 0.35, 0.6
"""How often a figure is shown half-length, and the picture then ends there; how often something lies
before a figure, and it is turned."""

SHOWN, BREADTH = (0.35, 0.75), 0.6
"""How much of a figure's height a half-length shows; below what share its breadth sets the scale."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crops:
    """Crops (n x 160 x 120 x RGB) and their key points (n x 17 x 3: x, y, visibility) within them."""

    pixels: Pixels
    key_points: Floats

    @classmethod
    def of(cls, pictures: Sequence[TruePicture], square_px: int, squares_file: Path) -> Crops:
        """All figures of the pictures, cut from their small squares and kept beside these."""
        rows = [
            (n, figure, kept_window(figure, small_scale(picture, square_px)))
            for n, picture in enumerate(pictures)
            for figure in figures_of(picture)
        ]
        key_points = np.zeros((len(rows), len(COCO_KEY_POINTS), 3), np.float32)
        for row, (n, figure, window) in enumerate(rows):
            key_points[row] = placed(figure, small_scale(pictures[n], square_px), window)

        def cuts() -> Iterator[Pixels]:
            squares = small_pictures(pictures, square_px, squares_file)
            for n, _, window in rows:
                wide, high = small_extent(pictures[n], square_px)
                yield cut(squares[n, :high, :wide], window)

        file = squares_file.with_name(f"figures-{KEPT_PX[1]}.npy")
        shape = (len(rows), KEPT_PX[1], KEPT_PX[0], 3)
        return cls(pixels=kept_rows(file, shape, cuts()), key_points=key_points)


def figures_of(picture: TruePicture) -> tuple[TrueRegion, ...]:
    """The regions of a picture that have key points."""
    return tuple(region for region in picture.regions if region.key_points is not None)


def kept_window(figure: TrueRegion, scale: float) -> Window:
    """What is kept of a figure in a picture seen at a scale."""
    box = figure.box_px * scale
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * MARGIN
    return padded_window(np.concatenate([middle - half, middle + half]), KEPT_PX)


def placed(figure: TrueRegion, scale: float, window: Window) -> Floats:
    """A figure's key points in a window of its picture seen at a scale."""
    points = np.array(figure.key_points, np.float32)
    points[:, :2] = moved(points[:, :2] * scale, window.matrix)
    return points


def moved(points_px: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Points (... x 2) under an affine map (2 x 3)."""
    return np.asarray(points_px @ matrix[:, :2].T + matrix[:, 2], np.float32)


def batches(crops: Crops, count: int) -> Callable[[np.random.Generator], dict[str, NDArray[Any]]]:
    """A source of batches of random views of crops.

    `pixels` count x 128 x 96 x RGB, `places` count x 17 x 2 in pixels, `visibility` count x 17 as COCO's.
    """

    def source(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        rows = rng.integers(len(crops.pixels), size=count)
        views = [viewed(crops.pixels[row], crops.key_points[row], rng) for row in rows]
        points = np.stack([view[1] for view in views])
        return {
            "pixels": np.stack([view[0] for view in views]),
            "places": np.ascontiguousarray(points[:, :, :2]),
            "visibility": np.ascontiguousarray(points[:, :, 2]),
        }

    return source


def viewed(pixels: Pixels, key_points: Floats, rng: np.random.Generator) -> tuple[Pixels, Floats]:
    """A random view of a kept crop as input, and its key points (17 x 3) in there.

    What the view cuts off has visibility 0; what is covered by something put before it, 1.
    """
    import cv2

    shown = float(rng.uniform(*SHOWN)) if rng.random() < HALF_LENGTH else 1.0
    if shown < 1 and rng.random() < ENDED:
        pixels, key_points = ended(pixels, key_points, shown)
    matrix = random_map(rng, shown)
    warped = cv2.warpAffine(np.asarray(pixels), matrix, SIZE_PX, borderValue=(GREY,) * 3)
    points = np.concatenate([moved(key_points[:, :2], matrix), key_points[:, 2:]], axis=1)
    if np.linalg.det(matrix[:, :2]) < 0:
        points = points[list(MIRRORED_KEY_POINTS)]
    seen = np.asarray(warped, np.uint8)
    if rng.random() < COVERED:
        seen, points = covered(seen, points, rng)
    outside = ((points[:, :2] < 0) | (points[:, :2] >= SIZE_PX)).any(axis=1)
    points[outside, 2] = 0
    keep_hue = rng.random() >= RECOLOURED
    return repainted(seen, rng, keep_hue=keep_hue, strength=REPAINTED), points


def ended(pixels: Pixels, key_points: Floats, shown: float) -> tuple[Pixels, Floats]:
    """A kept crop whose picture ends below so much of the figure's height; key points there go."""
    height = KEPT_PX[1] / (MARGIN * PADDING)
    end = round((KEPT_PX[1] - height) / 2 + shown * height)
    result, marked = np.array(pixels), key_points.copy()
    result[end:] = GREY
    marked[marked[:, 1] >= end, 2] = 0
    return result, marked


def random_map(rng: np.random.Generator, shown: float = 1.0) -> NDArray[np.float64]:
    """A random affine map (2 x 3) from places of a kept crop to places of the input.

    Of the figure so much of its height, from above, is the box.
    """
    turn = float(np.clip(rng.normal(0, TURN_DEG), -LARGEST_TURN_DEG, LARGEST_TURN_DEG))
    turn = np.radians(turn) if rng.random() < TURNED else 0.0
    zoom = SIZE_PX[1] / KEPT_PX[1] * MARGIN * float(np.exp(rng.uniform(*np.log(ZOOMS))))
    shift = rng.uniform(-SHIFT_FRACTION, SHIFT_FRACTION, 2) * max(shown, BREADTH)
    centre = np.array(KEPT_PX) * (0.5 + shift)
    if shown < 1:
        height = KEPT_PX[1] / (MARGIN * PADDING)
        zoom /= max(shown, BREADTH)
        centre[1] -= (1 - shown) / 2 * height
    ratio = float(np.exp(rng.uniform(-STRETCH, STRETCH) / 2))
    cosine, sine = np.cos(turn), np.sin(turn)
    linear = zoom * np.array([[cosine * ratio, -sine], [sine, cosine / ratio]])
    if rng.random() < 0.5:  # noqa: PLR2004  one in two
        linear[:, 0] = -linear[:, 0]
    return np.column_stack([linear, np.array(SIZE_PX) / 2 - linear @ centre])


def covered(pixels: Pixels, points: Floats, rng: np.random.Generator) -> tuple[Pixels, Floats]:
    """Something of one colour, or of the picture's own, before a part of the input."""
    size = (np.array(SIZE_PX) * rng.uniform(0.12, 0.4, 2)).astype(int)
    low = (rng.random(2) * (np.array(SIZE_PX) - size)).astype(int)
    (x0, y0), (x1, y1) = low, low + size
    result, marked = pixels.copy(), points.copy()
    if rng.random() < 0.5:  # noqa: PLR2004  one in two
        x, y = (rng.random(2) * (np.array(SIZE_PX) - size)).astype(int)
        result[y0:y1, x0:x1] = pixels[y : y + size[1], x : x + size[0]]
    else:
        result[y0:y1, x0:x1] = rng.integers(0, 256, 3)
    within = ((points[:, :2] >= low) & (points[:, :2] < low + size)).all(axis=1)
    marked[within & (points[:, 2] > 0), 2] = 1
    return result, marked
