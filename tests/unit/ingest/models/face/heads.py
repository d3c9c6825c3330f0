"""Heads turned as one likes: their meshes, faces, and sessions that see them as discs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.model.geometry import Box, Point
from iconograph.ingest.models.face.angles import HeadAngles, axes_of
from iconograph.ingest.models.face.port import Face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

UPRIGHT = {
    33: (-45, -30, 0),
    133: (-18, -28, -5),
    362: (18, -28, -5),
    263: (45, -30, 0),
    159: (-31, -35, -6),
    145: (-31, -23, -6),
    386: (31, -35, -6),
    374: (31, -23, -6),
    61: (-25, 40, -4),
    291: (25, 40, -4),
    234: (-70, 0, 60),
    454: (70, 0, 60),
    10: (0, -90, 5),
    152: (0, 90, 5),
    1: (0, 10, -30),
}
"""Points of a face mesh that looks at the viewer: x, y, z from the middle of the head."""


def a_mesh(
    angles: HeadAngles = HeadAngles(yaw_deg=0, pitch_deg=0, roll_deg=0),  # noqa: B008  a frozen value
    *,
    at: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> NDArray[np.float64]:
    """468 points; those not named lie in the middle."""
    points = np.zeros((468, 3))
    points[list(UPRIGHT)] = list(UPRIGHT.values())
    across, down, front = axes_of(angles)
    turned = points @ np.stack([across, down, -front]) * scale
    return np.asarray(turned + np.array([*at, 0.0]), dtype=np.float64)


def a_face(
    yaw_deg: float = 0.0,
    pitch_deg: float = 0.0,
    roll_deg: float = 0.0,
    *,
    eye_offsets: tuple[tuple[float, float], tuple[float, float]] | None = None,
    lids_open_fraction: float | None = 1.0,
    confidence: float = 1.0,
) -> Face:
    return Face(
        box=Box(x0_px=50, y0_px=50, x1_px=150, y1_px=150),
        confidence=confidence,
        eyes=(Point(x_px=120, y_px=90), Point(x_px=80, y_px=90)),
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        roll_deg=roll_deg,
        eye_offsets=eye_offsets,
        lids_open_fraction=lids_open_fraction,
    )


def a_picture(
    *heads: tuple[float, float, float], size_px: tuple[int, int] = (400, 300)
) -> NDArray[np.uint8]:
    """Green discs (x, y, radius) on black."""
    pixels = np.zeros((size_px[1], size_px[0], 3), dtype=np.uint8)
    rows, columns = np.mgrid[: size_px[1], : size_px[0]]
    for x, y, radius in heads:
        pixels[(columns - x) ** 2 + (rows - y) ** 2 <= radius**2] = (0, 255, 0)
    return pixels


def _disc(green: NDArray[Any]) -> tuple[float, float, float] | None:
    """Middle and radius of the brightness that is green alone."""
    rows, columns = np.nonzero(green > 0.8)
    if rows.size < 12:
        return None
    radius = float(np.sqrt(rows.size / np.pi))
    return float(columns.mean()), float(rows.mean()), radius


class DiscDetector:
    """Answers as the face detector does, with the one disc of its input."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input_1": (1, 192, 192, 3)}

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        seen = feeds["input_1"][0]
        assert seen.min() >= -1
        numbers = np.zeros((1, 2304, 16), dtype=np.float32)
        logits = np.full((1, 2304, 1), -20.0, dtype=np.float32)
        disc = _disc((seen[..., 1] - seen[..., 0]) / 2)
        if disc:
            x, y, radius = disc
            column, row = int(x // 4), int(y // 4)
            anchor = row * 48 + column
            away = np.array([x - (column + 0.5) * 4, y - (row + 0.5) * 4])
            points = [(-0.4, -0.3), (0.4, -0.3), (0, 0.1), (0, 0.4), (-0.8, -0.1), (0.8, -0.1)]
            placed = [away + radius * np.array(point) for point in points]
            numbers[0, anchor] = np.concatenate([away, [2 * radius, 2 * radius], *placed])
            logits[0, anchor] = 3.0
        return {"boxes": numbers, "scores": logits}


class DiscMesh:
    """Answers as the face mesh does: an upright frontal face as large as the disc."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input_1": (1, 192, 192, 3)}

    def __init__(
        self,
        angles: HeadAngles = HeadAngles(yaw_deg=0, pitch_deg=0, roll_deg=0),  # noqa: B008
        logit: float = 4.0,
    ) -> None:
        self.angles = angles
        self.logit = logit
        self.runs = 0

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        seen = feeds["input_1"][0]
        self.runs += 1
        disc = _disc(seen[..., 1] - seen[..., 0])
        x, y, radius = disc or (96.0, 96.0, 1.0)
        mesh = a_mesh(self.angles, at=(x, y), scale=radius / 90)
        logit = self.logit if disc else -9.0
        return {
            "points": mesh.astype(np.float32).reshape(1, 1, 1, 1404),
            "presence": np.full((1, 1, 1, 1), logit, dtype=np.float32),
        }


class MiddleIris:
    """Answers as the iris network does: an open eye with its iris aside in the input."""

    inputs: Mapping[str, tuple[int | None, ...]] = {"input_1": (1, 64, 64, 3)}

    def __init__(self, aside_px: float = 0.0) -> None:
        self.aside_px = aside_px
        self.seen: list[NDArray[Any]] = []

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        assert feeds["input_1"].dtype == np.float32
        self.seen.append(feeds["input_1"][0])
        contour, iris = np.full((71, 3), 32.0), np.full((5, 3), 32.0)
        contour[0, 0], contour[8, 0] = 18, 46
        contour[3:6, 1], contour[11:14, 1] = 36, 28
        iris[:, 0] += self.aside_px
        return {
            "contour": contour.astype(np.float32).reshape(1, 213),
            "iris": iris.astype(np.float32).reshape(1, 15),
        }
