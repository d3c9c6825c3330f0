"""The direction of a head from the mesh of its face, and eyes within their openings.

Axes: x to the right, y down, z into the picture. A head has an axis across (towards the figure's left
ear), one down (towards the chin), and one to the front.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.ingest.models.face.mesh import EYES, LIDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.ingest.models.face.mesh import Eye

ACROSS = ((33, 263), (61, 291), (234, 454))
"""From the figure's right to its left: outer corners of the eyes, of the mouth, sides of the face."""

DOWN = (10, 152)
"""From the top of the forehead to the chin."""

SMALLEST_HALF_PX = 1e-6
OUTER, INNER = 0, 8
UPPER_RIM, LOWER_RIM = slice(11, 14), slice(3, 6)
"""Of an eye's contour: its corners, and the middles of the lids' rims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAngles:
    """How a head is turned; 0, 0, 0 looks at the viewer, upright.

    `yaw_deg` > 0 is turned towards the picture's right edge, `pitch_deg` > 0 down, `roll_deg` > 0
    tilted from x towards y.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def head_angles(points_px: NDArray[np.float64]) -> HeadAngles:
    """The angles of a face mesh, 468 x 3, by its own depths.

    The mesh of a symmetric face is symmetric, so that three pairs of points give the axis across;
    what of the line from forehead to chin is square to it gives the axis down.
    """
    pairs = np.array(ACROSS)
    across = unit(unit_rows(points_px[pairs[:, 1]] - points_px[pairs[:, 0]]).sum(axis=0))
    long = points_px[DOWN[1]] - points_px[DOWN[0]]
    down = unit(long - across * (across @ long))
    return angles_of(np.stack([across, down, -np.cross(across, down)]))


def angles_of(axes: NDArray[np.float64]) -> HeadAngles:
    """The angles of a head with these axes (across, down, front), 3 x 3, in rows."""
    across, _, front = axes
    yaw = math.atan2(front[0], -front[2])
    pitch = math.asin(min(1.0, max(-1.0, float(front[1]))))
    level, below = _unrolled(yaw, front)
    roll = math.atan2(across @ below, across @ level)
    return HeadAngles(
        yaw_deg=math.degrees(yaw), pitch_deg=math.degrees(pitch), roll_deg=math.degrees(roll)
    )


def axes_of(angles: HeadAngles) -> NDArray[np.float64]:
    """The axes (across, down, front) of a head, 3 x 3, in rows."""
    yaw, pitch = math.radians(angles.yaw_deg), math.radians(angles.pitch_deg)
    roll = math.radians(angles.roll_deg)
    front = np.array(
        [math.sin(yaw) * math.cos(pitch), math.sin(pitch), -math.cos(yaw) * math.cos(pitch)]
    )
    level, below = _unrolled(yaw, front)
    cos, sin = math.cos(roll), math.sin(roll)
    return np.stack([cos * level + sin * below, cos * below - sin * level, front])


def eye_offset(eye: Eye, side: int) -> tuple[float, float]:
    """The iris within the opening: 0 in the middle of the corners, and of the lids, -1..1.

    Both in half widths of the opening, along the line of its corners (towards the figure's left)
    and square to it (down). `side` is 0 for the figure's left eye, 1 for its right one.
    """
    middle, along, square, half_px = _opening(eye, side)
    lids = (eye.contour_px[UPPER_RIM].mean(axis=0) + eye.contour_px[LOWER_RIM].mean(axis=0)) / 2
    iris = eye.iris_px[0]
    x, y = (iris - middle) @ along / half_px, (iris - lids) @ square / half_px
    return float(np.clip(x, -1.0, 1.0)), float(np.clip(y, -1.0, 1.0))


def opening_ratio(eye: Eye, points_px: NDArray[np.float64], side: int) -> float:
    """How far the lids are apart, in widths of the eye: what iris network or mesh sees more open.

    `side` is 0 for the figure's left eye, 1 for its right one.
    """
    _, _, square, half_px = _opening(eye, side)
    rims = eye.contour_px[LOWER_RIM].mean(axis=0) - eye.contour_px[UPPER_RIM].mean(axis=0)
    (upper, lower), (first, last) = LIDS[side], EYES[side]
    apart = np.linalg.norm(points_px[lower] - points_px[upper])
    wide = np.linalg.norm(points_px[last] - points_px[first])
    tiny = np.finfo(np.float64).tiny
    return max(0.0, float(rims @ square / (2 * half_px)), float(apart / max(wide, tiny)))


def unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """A vector brought to length 1; one without length stays."""
    return np.asarray(vector / max(np.linalg.norm(vector), np.finfo(np.float64).tiny))


def unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows brought to length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float64).tiny))


def _unrolled(
    yaw: float, front: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The axes across and down that a head of this front has without roll."""
    level = np.array([math.cos(yaw), 0.0, math.sin(yaw)])
    return level, np.cross(level, front)


def _opening(
    eye: Eye, side: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """Middle of the corners, unit vectors along them and square to them, half the width."""
    first, last = eye.contour_px[[INNER, OUTER] if side == 0 else [OUTER, INNER]]
    half_px = max(float(np.linalg.norm(last - first)) / 2, SMALLEST_HALF_PX)
    along = (last - first) / (2 * half_px)
    return (first + last) / 2, along, np.array([-along[1], along[0]]), half_px
