"""Small areas of one colour, and how they border on each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from numpy.typing import NDArray

THINNEST_PX = 8
"""Pictures thinner than this are cut into squares: SLIC needs room for its seeds."""

SMOOTHNESS = 12.0
"""How much SLIC weighs nearness against Lab distance; higher gives rounder areas."""

ROUNDS = 6
"""Passes of SLIC; more move no border that matters."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Superpixels:
    """n areas: `labels` (int32, h x w, 0..n-1), pixel counts `areas` and sums of Lab (n x 3).

    `borders` (m x 2, first < second) are the pairs that touch, with their number of touching pixel
    pairs and the sum of Lab distances across these.
    """

    labels: NDArray[np.int32]
    areas: NDArray[np.float64]
    lab_sums: NDArray[np.float64]
    borders: NDArray[np.int64]
    border_lengths: NDArray[np.float64]
    border_contrasts: NDArray[np.float64]


def require_picture(pixels: NDArray[np.uint8]) -> None:
    """Raise `InvalidValueError` unless the array is height x width x 3 in uint8 with a pixel."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:  # noqa: PLR2004
        message = (
            f"a picture needs pixels of height x width x 3 in uint8, got {pixels.shape} "
            f"in {pixels.dtype}; decode it as RGB"
        )
        raise InvalidValueError(message)


def superpixels_of(pixels: NDArray[np.uint8], *, count: int) -> Superpixels:
    """About `count` superpixels of a picture (h x w x RGB).

    SLIC (Achanta et al. 2012) in Lab. Raises `InvalidValueError` for another array.
    """
    import cv2

    require_picture(pixels)
    # Grain and craquelure are no borders.
    thin = min(pixels.shape[:2]) <= THINNEST_PX
    smooth = pixels if thin else np.asarray(cv2.medianBlur(pixels, 3), np.uint8)
    scaled = smooth.astype(np.float32) / 255
    lab = np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), np.float32)
    labels = _labels(smooth, count)
    n = int(labels.max()) + 1
    flat = labels.ravel()
    areas = np.bincount(flat, minlength=n).astype(np.float64)
    sums = [np.bincount(flat, weights=lab[..., c].ravel(), minlength=n) for c in range(3)]
    borders, lengths, contrasts = _borders(labels, lab, n)
    return Superpixels(
        labels=labels, areas=areas, lab_sums=np.stack(sums, axis=1), borders=borders,
        border_lengths=lengths, border_contrasts=contrasts,
    )  # fmt: skip


def _labels(pixels: NDArray[np.uint8], count: int) -> NDArray[np.int32]:
    import cv2

    height, width = pixels.shape[:2]
    side_px = max(1, round((height * width / count) ** 0.5))
    if min(height, width) < max(THINNEST_PX, 2 * side_px):
        across = -(-width // side_px)
        rows, columns = np.arange(height) // side_px, np.arange(width) // side_px
        return np.asarray(rows[:, None] * across + columns, np.int32)
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    slic = cv2.ximgproc.createSuperpixelSLIC(lab, cv2.ximgproc.SLIC, side_px, SMOOTHNESS)
    slic.iterate(ROUNDS)
    slic.enforceLabelConnectivity(25)
    _, dense = np.unique(slic.getLabels(), return_inverse=True)
    return dense.reshape(height, width).astype(np.int32)


def _borders(
    labels: NDArray[np.int32], lab: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Touching pairs, the lengths of their borders, and the contrast along these."""
    codes, steps = [], []
    for here, there in (((slice(None), slice(-1)), (slice(None), slice(1, None))),
                        ((slice(-1), slice(None)), (slice(1, None), slice(None)))):  # fmt: skip
        a, b = labels[here], labels[there]
        edge = a != b
        low, high = np.minimum(a, b)[edge].astype(np.int64), np.maximum(a, b)[edge]
        codes.append(low * count + high)
        steps.append(np.linalg.norm(lab[here][edge] - lab[there][edge], axis=1))
    pairs, place = np.unique(np.concatenate(codes), return_inverse=True)
    lengths = np.bincount(place, minlength=len(pairs)).astype(np.float64)
    contrasts = np.bincount(place, weights=np.concatenate(steps), minlength=len(pairs)).astype(
        np.float64
    )
    return np.stack([pairs // count, pairs % count], axis=1).astype(np.int64), lengths, contrasts
