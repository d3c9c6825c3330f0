"""What segmenters of the SAM family share: prompts in their frame, and masks out of logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from PIL import Image as PillowImage

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.ingest.models.batches import in_batches
from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.regions.mask import Mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

BATCH_SIZE = 64
"""Prompts at a time."""

BOX_MARGIN_FRACTION = 0.25
"""How far a mask may reach out of the box that it was asked for, in box sides, on each side."""

STRIPE_PX = 512
"""Rows that are scaled up at a time, so that a mask costs little more memory than its own bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture inside the S x S square that a model sees; scales are frame px per picture px."""

    width_px: int
    height_px: int
    size_px: int
    x_scale: float
    y_scale: float

    @classmethod
    def fitted(cls, width_px: int, height_px: int, size_px: int) -> Self:
        """The longest side fits; the rest, right or below, stays empty."""
        scale = size_px / max(width_px, height_px)
        width, height = (max(1, int(side * scale + 0.5)) for side in (width_px, height_px))
        return cls(
            width_px=width_px,
            height_px=height_px,
            size_px=size_px,
            x_scale=width / width_px,
            y_scale=height / height_px,
        )

    @classmethod
    def squashed(cls, width_px: int, height_px: int, size_px: int) -> Self:
        """Both sides fit."""
        return cls(
            width_px=width_px,
            height_px=height_px,
            size_px=size_px,
            x_scale=size_px / width_px,
            y_scale=size_px / height_px,
        )

    @property
    def filled_px(self) -> tuple[int, int]:
        """Width and height of the square's part that the picture fills."""
        return round(self.width_px * self.x_scale), round(self.height_px * self.y_scale)

    @property
    def scales(self) -> NDArray[np.float32]:
        """Frame px per picture px: x, y."""
        return np.array([self.x_scale, self.y_scale], np.float32)


def framed_pixels(
    pixels: NDArray[np.uint8],
    frame: Frame,
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
) -> NDArray[np.float32]:
    """A picture scaled into its frame, normalised, float32, 1 x 3 x S x S; empty parts are 0.

    `mean` and `std` are of values 0..255.
    """
    width, height = frame.filled_px
    small = PillowImage.fromarray(pixels).resize((width, height), PillowImage.Resampling.BILINEAR)
    normal = np.asarray(small, np.float32) - np.asarray(mean, np.float32)
    normal /= np.asarray(std, np.float32)
    square = np.zeros((1, 3, frame.size_px, frame.size_px), np.float32)
    square[0, :, :height, :width] = normal.transpose(2, 0, 1)
    return square


class PromptDecoder(Protocol):
    """Prompts in the frame to `logits` (float32, n x m x h x w) and `scores` (float32, n x m)."""

    def of_boxes(
        self, boxes_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of boxes, n x 4 (x0, y0, x1, y1)."""
        ...

    def of_points(
        self, points_px: NDArray[np.float32], /
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of points that lie on a thing, n x 2 (x, y)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptedPicture:
    """A `SegmentedPicture` whose embedding a decoder holds."""

    frame: Frame
    decoder: PromptDecoder
    mask_threshold: float
    batch_size: int = BATCH_SIZE

    def in_boxes(self, boxes_px: NDArray[np.float32], /) -> Segments:
        """The main thing in each box; a mask ends `BOX_MARGIN_FRACTION` outside of its box."""
        boxes = _checked(boxes_px, columns=4)
        scales = np.tile(self.frame.scales, 2)
        return self._segments(boxes, lambda batch: self.decoder.of_boxes(batch * scales))

    def at_points(self, points_px: NDArray[np.float32], /) -> Segments:
        """The thing at each point."""
        points = _checked(points_px, columns=2)
        scales = self.frame.scales
        return self._segments(points, lambda batch: self.decoder.of_points(batch * scales))

    def _segments(
        self,
        prompts: NDArray[np.float32],
        decode: Callable[[NDArray[np.float32]], tuple[NDArray[np.float32], NDArray[np.float32]]],
    ) -> Segments:
        def decoded(part: slice) -> list[tuple[Mask | None, float]]:
            return list(self._best(prompts[part], *decode(prompts[part])))

        batches = in_batches(len(prompts), self.batch_size, decoded)
        found = [best for batch in batches for best in batch]
        return Segments(
            masks=tuple(mask for mask, _ in found),
            confidences=np.array([score for _, score in found], np.float32),
        )

    def _best(
        self,
        prompts: NDArray[np.float32],
        logits: NDArray[np.float32],
        scores: NDArray[np.float32],
    ) -> Iterator[tuple[Mask | None, float]]:
        """The best mask of each prompt by score, which is a predicted IoU."""
        _require_finite(len(prompts), logits, scores)
        for prompt, candidates, of_candidates in zip(prompts, logits, scores, strict=True):
            best = int(of_candidates.argmax())
            near = neighbourhood(prompt) if len(prompt) == 4 else None  # noqa: PLR2004  a box
            mask = mask_of(candidates[best], self.frame, self.mask_threshold, near)
            yield mask, float(np.clip(of_candidates[best], 0.0, 1.0))


def neighbourhood(box_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """A box grown by `BOX_MARGIN_FRACTION` of its sides on each side."""
    margin = (box_px[2:] - box_px[:2]) * BOX_MARGIN_FRACTION
    return np.concatenate([box_px[:2] - margin, box_px[2:] + margin])


def mask_of(
    logits: NDArray[np.float32],
    frame: Frame,
    threshold: float,
    near_px: NDArray[np.float32] | None = None,
) -> Mask | None:
    """The picture's pixels whose logit, between the cells of h x w, is above a threshold.

    Only the part that can hold such pixels is scaled up. With `near_px` (x0, y0, x1, y1 in the
    picture) pixels outside of it do not count. None when no pixel is left.
    """
    rows = np.flatnonzero((logits > threshold).any(axis=1))
    columns = np.flatnonzero((logits > threshold).any(axis=0))
    if not rows.size:
        return None
    cells = np.array([frame.size_px / logits.shape[1], frame.size_px / logits.shape[0]])
    # A pixel can exceed the threshold only if one of its four neighbouring cells does.
    start = (np.array([columns[0], rows[0]]) - 0.5) * cells / frame.scales
    stop = (np.array([columns[-1], rows[-1]]) + 1.5) * cells / frame.scales
    if near_px is not None:
        start, stop = np.maximum(start, near_px[:2]), np.minimum(stop, near_px[2:])
    x0, y0 = (int(edge) for edge in np.maximum(0, np.floor(start)))
    x1 = min(frame.width_px, int(np.ceil(stop[0])))
    y1 = min(frame.height_px, int(np.ceil(stop[1])))
    if x0 >= x1 or y0 >= y1:
        return None
    bits = np.empty((y1 - y0, x1 - x0), np.bool_)
    x_cells = (np.arange(x0, x1) + 0.5) * frame.x_scale / cells[0] - 0.5
    for top in range(y0, y1, STRIPE_PX):
        below = min(y1, top + STRIPE_PX)
        y_cells = (np.arange(top, below) + 0.5) * frame.y_scale / cells[1] - 0.5
        bits[top - y0 : below - y0] = _between(logits, y_cells, x_cells) > threshold
    return Mask.of(bits, x0_px=x0, y0_px=y0) if bits.any() else None


def grid(width_px: int, height_px: int, per_side: int) -> NDArray[np.float32]:
    """The middles of per_side x per_side equal parts of a picture: points, n x 2 (x, y).

    What SAM's authors prompt a whole picture with, 32 on a side; see Kirillov et al., "Segment
    Anything" (2023), section 5.
    """
    steps = (np.arange(per_side, dtype=np.float32) + 0.5) / per_side
    xs, ys = np.meshgrid(steps * width_px, steps * height_px)
    return np.stack([xs.ravel(), ys.ravel()], axis=1)


def _between(
    logits: NDArray[np.float32], y_cells: NDArray[np.float64], x_cells: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Bilinear values at fractional rows and columns; beyond the edge the edge's value."""
    y0, y1, y_part = _neighbours(y_cells, logits.shape[0])
    x0, x1, x_part = _neighbours(x_cells, logits.shape[1])
    along = logits[:, x0] + (logits[:, x1] - logits[:, x0]) * x_part
    between: NDArray[np.float32] = along[y0] + (along[y1] - along[y0]) * y_part[:, None]
    return between


def _neighbours(
    cells: NDArray[np.float64], count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    inside = np.clip(cells, 0, count - 1)
    first = np.floor(inside).astype(np.intp)
    return first, np.minimum(first + 1, count - 1), (inside - first).astype(np.float32)


def require_prompts(prompts_px: NDArray[np.floating], *, columns: int) -> None:
    """Raise `InvalidValueError` unless these are finite numbers, n x columns."""
    if prompts_px.ndim != 2 or prompts_px.shape[1] != columns:  # noqa: PLR2004
        message = f"prompts need shape n x {columns}, got {prompts_px.shape}"
        raise InvalidValueError(message)
    if not np.isfinite(prompts_px).all():
        message = f"prompts need finite numbers of pixels, n x {columns}, got others"
        raise InvalidValueError(message)


def _checked(prompts_px: NDArray[np.float32], *, columns: int) -> NDArray[np.float32]:
    require_prompts(prompts_px, columns=columns)
    return np.asarray(prompts_px, np.float32)


def _require_finite(count: int, logits: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
    shapes_fit = logits.ndim == 4 and scores.shape == logits.shape[:2]  # noqa: PLR2004
    if not shapes_fit or len(logits) != count or not scores.shape[1]:
        message = (
            f"a segmenter answered logits of shape {logits.shape} and scores of {scores.shape} "
            f"for {count} prompts; expected n x m x h x w and n x m"
        )
        raise ModelOutputError(message)
    if not (np.isfinite(logits).all() and np.isfinite(scores).all()):
        message = "a segmenter answered numbers that are not finite; its files may be damaged"
        raise ModelOutputError(message)
