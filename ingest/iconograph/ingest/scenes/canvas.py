"""The picture under the brush: colours, and beside them whose paint each pixel shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.scenes.curves import Points
from iconograph.ingest.scenes.styles import Colour, Style

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rectangle = tuple[int, int, int, int]

SHIFT = 4
"""Binary digits of a pixel's fraction that OpenCV's drawing keeps."""

COVERED = 127
"""From this coverage (0..255) on, a pixel belongs to what was painted last."""

FINEST_BLUR_PX = 2.5


@dataclass(slots=True, eq=False)
class Canvas:
    """Colours (float32, height x width x 3, 0..255) and owners (int16; 0 is nobody).

    `covered` counts the pixels in which a later owner hid an earlier one.
    """

    pixels: NDArray[np.float32]
    owners: NDArray[np.int16]
    covered: Counter[tuple[int, int]] = field(default_factory=Counter)

    @classmethod
    def blank(cls, width_px: int, height_px: int, colour: Colour) -> Canvas:
        """A canvas of one colour that belongs to nobody."""
        pixels = np.empty((height_px, width_px, 3), dtype=np.float32)
        pixels[:] = colour
        return cls(pixels=pixels, owners=np.zeros((height_px, width_px), dtype=np.int16))

    @property
    def width_px(self) -> int:
        """Extent along x."""
        return int(self.owners.shape[1])

    @property
    def height_px(self) -> int:
        """Extent along y."""
        return int(self.owners.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """How a shape takes the light: `round_px` is the radius of its rounded edge, folds are ridges.

    Each fold is a line with a width in px and a height; below zero it is a furrow.
    """

    round_px: float | None = None
    depth: float = 1.0
    folds: tuple[tuple[Points, float, float], ...] = ()
    opacity: float = 1.0
    outline: float = 1.0


PLAIN = Surface()
FLAT = Surface(depth=0.0, outline=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brush:
    """Paints on a canvas in a style on behalf of one owner; owner 0 leaves owners as they are."""

    canvas: Canvas
    style: Style
    rng: np.random.Generator
    owner: int = 0

    def own(self, owner: int) -> Brush:
        """The same brush in another owner's hand."""
        return replace(self, owner=owner)

    def fill(
        self,
        rings: Points | Sequence[Points],
        colour: Colour,
        surface: Surface = PLAIN,
        *,
        holes: Sequence[Points] = (),
    ) -> None:
        """Paint the union of the rings less the holes, lit as a rounded surface."""
        shapes = [rings] if isinstance(rings, np.ndarray) else list(rings)
        roi = _roi(np.vstack(shapes), self.canvas)
        if roi is None:
            return
        alpha = _coverage(shapes, holes, roi)
        colours = self._lit(alpha, colour, surface, roi)
        if surface.outline and self.style.outline:
            self._darken_rim(colours, alpha, surface)
        self._lay(alpha, colours, surface.opacity, roi)

    def line(
        self, points: Points, width_px: float, colour: Colour, *, opacity: float = 1.0
    ) -> None:
        """A line within what the owner already shows: it never changes the owner's outline."""
        import cv2

        roi = _roi(points, self.canvas, margin_px=int(width_px) + 2)
        if roi is None:
            return
        x0, y0, x1, y1 = roi
        alpha = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
        thickness = max(1, round(width_px))
        cv2.polylines(alpha, [_fixed(points, roi)], False, 255, thickness, cv2.LINE_AA, SHIFT)  # noqa: FBT003  OpenCV takes it by place
        thin = min(1.0, width_px)
        self._tint(alpha.astype(np.float32) * (opacity * thin / 255), colour, roi)

    def dab(self, ring: Points, colour: Colour, *, opacity: float, blur_px: float) -> None:
        """A soft patch of colour within what the owner already shows."""
        import cv2

        roi = _roi(ring, self.canvas, margin_px=int(3 * blur_px) + 1)
        if roi is None:
            return
        sharp = _coverage([ring], (), roi).astype(np.float32) / 255
        soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), blur_px), dtype=np.float32)
        self._tint(soft * opacity, colour, roi)

    def _tint(self, alpha: NDArray[np.float32], colour: Colour, roi: Rectangle) -> None:
        x0, y0, x1, y1 = roi
        if self.owner:
            alpha = alpha * (self.canvas.owners[y0:y1, x0:x1] == self.owner)
        below = self.canvas.pixels[y0:y1, x0:x1]
        below += alpha[..., None] * (np.asarray(colour, dtype=np.float32) - below)

    def _lit(
        self, alpha: NDArray[np.uint8], colour: Colour, surface: Surface, roi: Rectangle
    ) -> NDArray[np.float32]:
        base = np.asarray(colour, dtype=np.float32)
        if surface.depth == 0:
            return np.broadcast_to(base, (*alpha.shape, 3)).copy()
        tone = _tone(alpha, surface, self.style.light, roi) * (surface.depth * self.style.contrast)
        up, down = np.clip(tone, 0, 1)[..., None], np.clip(-tone, 0, 1)[..., None]
        light, shadow = self.style.lit(colour), self.style.shaded(colour)
        return np.asarray(base + up * (light - base) + down * (shadow - base), dtype=np.float32)

    def _darken_rim(
        self, colours: NDArray[np.float32], alpha: NDArray[np.uint8], surface: Surface
    ) -> None:
        import cv2

        width = max(1, round(self.canvas.height_px * self.style.outline_width))
        rim = alpha - cv2.erode(alpha, np.ones((2 * width + 1, 2 * width + 1), dtype=np.uint8))
        share = rim[..., None].astype(np.float32) * (self.style.outline * surface.outline / 255)
        colours += share * (np.asarray(self.style.ink, dtype=np.float32) - colours)

    def _lay(
        self,
        alpha: NDArray[np.uint8],
        colours: NDArray[np.float32],
        opacity: float,
        roi: Rectangle,
    ) -> None:
        x0, y0, x1, y1 = roi
        below = self.canvas.pixels[y0:y1, x0:x1]
        below += (alpha[..., None].astype(np.float32) * (opacity / 255)) * (colours - below)
        if not self.owner:
            return
        owners = self.canvas.owners[y0:y1, x0:x1]
        inside = alpha > COVERED
        hidden = np.bincount(owners[inside])
        for other in np.flatnonzero(hidden):
            if other not in (0, self.owner):
                self.canvas.covered[self.owner, int(other)] += int(hidden[other])
        owners[inside] = self.owner


def _roi(points: Points, canvas: Canvas, *, margin_px: int = 2) -> Rectangle | None:
    low = np.floor(points.min(axis=0)).astype(int) - margin_px
    high = np.ceil(points.max(axis=0)).astype(int) + margin_px + 1
    x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
    x1, y1 = min(canvas.width_px, int(high[0])), min(canvas.height_px, int(high[1]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _fixed(points: Points, roi: Rectangle) -> NDArray[np.int32]:
    return np.round((points - (roi[0], roi[1])) * (1 << SHIFT)).astype(np.int32)


def _coverage(
    rings: Sequence[Points], holes: Sequence[Points], roi: Rectangle
) -> NDArray[np.uint8]:
    import cv2

    x0, y0, x1, y1 = roi
    alpha = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
    for ring in rings:
        cv2.fillPoly(alpha, [_fixed(ring, roi)], 255, cv2.LINE_AA, SHIFT)
    for hole in holes:
        cv2.fillPoly(alpha, [_fixed(hole, roi)], 0, cv2.LINE_AA, SHIFT)
    return alpha


def _tone(
    alpha: NDArray[np.uint8],
    surface: Surface,
    light: tuple[float, float, float],
    roi: Rectangle,
) -> NDArray[np.float32]:
    """Light (above 0) and shadow (below 0) on a height field of blurred shape and folds (Lambert)."""
    import cv2

    height, width = alpha.shape
    radius = surface.round_px or max(1.0, 0.16 * min(height, width))
    coarse = max(1, int(radius / FINEST_BLUR_PX))
    size = (max(2, width // coarse), max(2, height // coarse))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    field_px = cv2.GaussianBlur(small, (0, 0), radius / coarse) * (2.0 * radius / coarse)
    slope_x, slope_y = (
        np.asarray(cv2.resize(part, (width, height)), dtype=np.float32)
        for part in _slopes(np.asarray(field_px, dtype=np.float32))
    )
    if surface.folds:
        across, down = _slopes(_ridges(alpha.shape, surface.folds, roi))
        slope_x, slope_y = slope_x + across, slope_y + down
    lx, ly, lz = light
    lambert = (lz - slope_x * lx - slope_y * ly) / np.sqrt(1 + slope_x**2 + slope_y**2)
    tone = lambert - lz
    return np.asarray(np.where(tone > 0, tone / (1 - lz), tone / lz), dtype=np.float32)


def _slopes(heights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rise per pixel along x and along y (Sobel)."""
    import cv2

    across, down = cv2.Sobel(heights, -1, 1, 0) / 8, cv2.Sobel(heights, -1, 0, 1) / 8
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def _ridges(
    shape: tuple[int, ...], folds: Sequence[tuple[Points, float, float]], roi: Rectangle
) -> NDArray[np.float32]:
    import cv2

    heights = np.zeros(shape, dtype=np.float32)
    widest = max(width for _, width, _ in folds)
    for sign in (1.0, -1.0):
        drawn = np.zeros(shape, dtype=np.uint8)
        for line, width, height in folds:
            if height * sign > 0:
                level = int(min(255.0, abs(height) * 100))
                thickness = max(1, round(width))
                corners = [_fixed(line, roi)]
                cv2.polylines(drawn, corners, False, level, thickness, cv2.LINE_AA, SHIFT)  # noqa: FBT003  OpenCV takes it by place
        heights += drawn.astype(np.float32) * (sign * widest / 100)
    return np.asarray(cv2.GaussianBlur(heights, (0, 0), max(0.8, widest * 0.45)), dtype=np.float32)
