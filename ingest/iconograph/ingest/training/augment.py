"""Variety for training: surfaces, colours and views that no drawn style has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.pose import COCO_KEY_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Points = NDArray[np.float32]

MIRRORED_KEY_POINTS = tuple(
    COCO_KEY_POINTS.index(
        name.replace("left", "right") if "left" in name else name.replace("right", "left")
    )
    for name in COCO_KEY_POINTS
)
"""For each COCO key point the index of its counterpart in a mirror."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a picture is seen: x' = scale_x * x + shift_x_px, y' = scale_y * y + shift_y_px.

    A negative `scale_x` is a mirror. The result is a square of `size_px`.
    """

    scale_x: float
    scale_y: float
    shift_x_px: float
    shift_y_px: float
    size_px: int

    @property
    def mirrored(self) -> bool:
        """Whether left and right change places."""
        return self.scale_x < 0

    def pixels(self, picture: Pixels, ground: int = 114) -> Pixels:
        """The picture (height x width x 3) in this view; what lies outside of it is grey."""
        import cv2

        return self._moved(picture, cv2.INTER_LINEAR, ground)

    def numbers(self, numbers: Pixels) -> Pixels:
        """A map of numbers (height x width of the picture) in this view, none mixed; 0 outside."""
        import cv2

        return self._moved(numbers, cv2.INTER_NEAREST, 0)

    def mask(self, mask: Pixels) -> Pixels:
        """A mask (height x width of the picture, 0 or 1) in this view."""
        return (self.pixels(mask * np.uint8(255), ground=0) > 127).astype(np.uint8)  # noqa: PLR2004  half

    def _moved(self, picture: Pixels, flags: int, ground: int) -> Pixels:
        import cv2

        # Pixel centres lie at half units, as in every other coordinate here.
        matrix = np.array([
            [self.scale_x, 0, self.shift_x_px + (self.scale_x - 1) / 2],
            [0, self.scale_y, self.shift_y_px + (self.scale_y - 1) / 2],
        ])  # fmt: skip
        size = (self.size_px, self.size_px)
        moved = cv2.warpAffine(picture, matrix, size, flags=flags, borderValue=(ground,) * 3)
        return np.asarray(moved, np.uint8)

    def points(self, points_px: Points) -> Points:
        """Points (n x 2) in this view."""
        scale, shift = (self.scale_x, self.scale_y), (self.shift_x_px, self.shift_y_px)
        return (points_px * scale + shift).astype(np.float32)

    def boxes(self, boxes_px: Points) -> Points:
        """Boxes (n x 4: x0, y0, x1, y1) in this view, neither clipped nor left out."""
        ends = self.points(boxes_px.reshape(-1, 2)).reshape(-1, 2, 2)
        return np.concatenate([ends.min(axis=1), ends.max(axis=1)], axis=1)

    def key_points(self, key_points: Points) -> Points:
        """Key points (17 x 3) in this view, left and right swapped in a mirror.

        What the view cuts off has visibility 0, and so has what had it before.
        """
        seen = np.concatenate([self.points(key_points[:, :2]), key_points[:, 2:]], axis=1)
        outside = (seen[:, :2] < 0).any(axis=1) | (seen[:, :2] >= self.size_px).any(axis=1)
        seen[outside | (key_points[:, 2] == 0), 2] = 0
        return seen[list(MIRRORED_KEY_POINTS)] if self.mirrored else seen

    def direction(self, direction: tuple[float, float]) -> tuple[float, float]:
        """A unit vector in this view."""
        x, y = direction[0] * self.scale_x, direction[1] * self.scale_y
        length = float(np.hypot(x, y))
        return (x / length, y / length)


def random_view(  # noqa: PLR0913  each is a range of its own
    rng: np.random.Generator,
    *,
    width_px: float,
    height_px: float,
    size_px: int,
    zoom: tuple[float, float] = (0.75, 1.35),
    stretch: float = 0.12,
    mirror: float = 0.5,
) -> View:
    """A random view of a picture of the given extent in a square.

    `zoom` is the range of scales relative to the one at which the picture just fits, `stretch` how
    much the sides' ratio changes, `mirror` how often left and right change places. At zooms
    above 1 a random part is cut out; below, the picture lies anywhere in the square.
    """
    fitting = size_px / max(width_px, height_px)
    scale = fitting * float(np.exp(rng.uniform(np.log(zoom[0]), np.log(zoom[1]))))
    ratio = float(np.exp(rng.uniform(-stretch, stretch) / 2))
    scale_x, scale_y = scale * ratio, scale / ratio
    # Room to the sides; negative where the view cuts.
    left = float(rng.random() * (size_px - scale_x * width_px))
    top = float(rng.random() * (size_px - scale_y * height_px))
    if rng.random() < mirror:
        scale_x, left = -scale_x, left + scale_x * width_px
    return View(scale_x=scale_x, scale_y=scale_y, shift_x_px=left, shift_y_px=top, size_px=size_px)


def repainted(
    picture: Pixels, rng: np.random.Generator, *, keep_hue: bool = True, strength: float = 1.0
) -> Pixels:
    """The same picture (height x width x RGB) as another hand might have painted it.

    Light, contrast and saturation always vary; strokes, canvas, blur, noise, posterising and JPEG
    now and then. With `keep_hue` the names of colours stay true: hues move by a few degrees only
    and grey pictures do not occur.
    """
    result = _lit(picture, rng, strength)
    result = _coloured(result, rng, keep_hue=keep_hue, strength=strength)
    if rng.random() < 0.25 * strength:
        result = _stroked(result, rng)
    if rng.random() < 0.15 * strength:
        result = _posterised(result, rng)
    if rng.random() < 0.25 * strength:
        result = _blurred(result, rng)
    if rng.random() < 0.4 * strength:
        result = _grained(result, rng)
    if rng.random() < 0.2 * strength:
        result = _compressed(result, rng)
    return result


def _lit(picture: Pixels, rng: np.random.Generator, strength: float) -> Pixels:
    """Brightness, contrast and gamma by one table."""
    import cv2

    gamma = float(np.exp(rng.normal(0, 0.3 * strength)))
    contrast = float(np.exp(rng.normal(0, 0.2 * strength)))
    shift = float(rng.normal(0, 0.06 * strength))
    levels = (np.arange(256) / 255) ** gamma
    table = np.clip(255 * ((levels - 0.45) * contrast + 0.45 + shift), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def _coloured(
    picture: Pixels, rng: np.random.Generator, *, keep_hue: bool, strength: float
) -> Pixels:
    """Saturation, warmth and hue, or grey, by one matrix on RGB."""
    import cv2

    saturation = float(np.clip(rng.normal(1.0, 0.25 * strength), 0.45 if keep_hue else 0.0, 1.7))
    turn = float(rng.uniform(-0.07, 0.07) if keep_hue else rng.uniform(-np.pi, np.pi)) * strength
    if not keep_hue and rng.random() < 0.25:  # noqa: PLR2004  a quarter are grey
        saturation = 0.0
    warmth = np.diag(np.exp(rng.normal(0, 0.05 * strength, 3)))
    matrix = warmth @ _hue_turn(turn) @ _saturated(saturation)
    return np.asarray(cv2.transform(picture, matrix), np.uint8)


def _saturated(share: float) -> NDArray[np.float64]:
    grey = np.tile([0.299, 0.587, 0.114], (3, 1))
    return share * np.eye(3) + (1 - share) * grey


def _hue_turn(angle_rad: float) -> NDArray[np.float64]:
    """Rotation about the grey axis of RGB (Rodrigues' formula)."""
    axis = np.full(3, 1 / np.sqrt(3))
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    turned: NDArray[np.float64] = (
        cosine * np.eye(3) + sine * cross + (1 - cosine) * np.outer(axis, axis)
    )
    return turned


def _stroked(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Contours drawn in, dark or light."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    slope = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (3, 3), 0), cv2.CV_32F, ksize=3))
    line = np.clip(slope / 40.0, 0, 1)[:, :, None] * float(rng.uniform(0.3, 0.9))
    ink = float(rng.choice([20, 60, 235], p=[0.6, 0.25, 0.15]))
    return (picture * (1 - line) + ink * line).astype(np.uint8)


def _posterised(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Few levels a channel."""
    step = 256 // int(rng.integers(4, 10))
    return np.clip(picture // step * step + step // 2, 0, 255).astype(np.uint8)


def _blurred(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Soft, or with flat patches as from a broad brush."""
    import cv2

    if rng.random() < 0.3:  # noqa: PLR2004  the dearer one is the rarer
        return np.asarray(cv2.medianBlur(picture, int(rng.choice([3, 5]))), np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.4, 1.4))), np.uint8)


def _grained(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Grain of the paint, threads of a canvas, or patches of age."""
    import cv2

    height, width = picture.shape[:2]
    kind, amount = rng.integers(3), float(rng.uniform(3, 16))
    if kind == 0:
        field = rng.standard_normal((height, width), np.float32) * amount
    elif kind == 1:
        pitch = float(rng.uniform(2.5, 6))
        rows = np.sin(np.arange(height) * (2 * np.pi / pitch))[:, None]
        field = amount * 0.7 * (rows + np.sin(np.arange(width) * (2 * np.pi / pitch))[None])
    else:
        coarse = rng.standard_normal((max(2, height // 24), max(2, width // 24)), np.float32)
        field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * amount
    return np.clip(picture + field[:, :, None].astype(np.float32), 0, 255).astype(np.uint8)


def _compressed(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Through JPEG at a poor quality."""
    import cv2

    quality = int(rng.integers(25, 85))
    _, stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)
