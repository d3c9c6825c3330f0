"""The 468 points of a face and its irises, by the networks of MediaPipe's face mesh."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.pose.crops import Window, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session

FACE_SIZE_PX, IRIS_SIZE_PX = 192, 64
MESH_POINTS, IRIS_POINTS, CONTOUR_POINTS = 468, 5, 71
FACE_PAD, IRIS_PAD = 1.5, 2.3
"""Sides of the windows, in longer sides of the mesh and in widths of the eye, as in training."""

EYES = ((362, 263), (33, 133))
"""Corners of the left and of the right eye of the figure, each from the picture's left to its right."""

EYE_CORNERS = (33, 263)
"""The outer corners of the right and of the left eye."""

LIDS = ((386, 374), (159, 145))
"""Middles of the upper and the lower lid of the left and the right eye."""

RIGHT_EYE, LEFT_EYE = 0, 1
"""Places of the eyes among the detector's points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceMesh:
    """468 points, 468 x 3 (x, y in the picture, z in the same unit, smaller nearer), and presence."""

    points_px: NDArray[np.float64]
    presence: float

    @property
    def box_px(self) -> NDArray[np.float64]:
        """The rectangle (x0, y0, x1, y1) around the mesh."""
        places = self.points_px[:, :2]
        return np.concatenate([places.min(axis=0), places.max(axis=0)])

    def less_sure(self, presence: float) -> FaceMesh:
        """The same mesh with the lower of its presence and this one."""
        return FaceMesh(points_px=self.points_px, presence=min(self.presence, presence))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Eye:
    """An eye by the iris network: contour, 71 x 2, of which the first 16 are the lids' rims, and iris.

    `iris_px` is 5 x 2: the centre and four points of the rim.
    """

    contour_px: NDArray[np.float64]
    iris_px: NDArray[np.float64]


def detected_windows(
    box_px: NDArray[np.float64],
    points_px: NDArray[np.float64],
    *,
    pads: tuple[float, ...],
    turns_deg: tuple[float, ...],
) -> Iterator[Window]:
    """Squares about a detected face, turned so that its eyes lie level, and some more or less."""
    across = points_px[LEFT_EYE] - points_px[RIGHT_EYE]
    angle_deg = math.degrees(math.atan2(across[1], across[0]))
    side = float((box_px[2:] - box_px[:2]).max())
    for pad in pads:
        for turn_deg in turns_deg:
            yield _square((box_px[:2] + box_px[2:]) / 2, side * pad, angle_deg + turn_deg)


def meshed_window(mesh: FaceMesh) -> Window:
    """The square about a face whose mesh is known, turned so that its eyes lie level."""
    places = mesh.points_px[:, :2]
    across = places[EYE_CORNERS[1]] - places[EYE_CORNERS[0]]
    angle = math.atan2(across[1], across[0])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    level = places @ turn.T
    low, high = level.min(axis=0), level.max(axis=0)
    side = float((high - low).max()) * FACE_PAD
    return _square(turn.T @ ((low + high) / 2), side, math.degrees(angle))


def _square(centre: NDArray[np.float64], side_px: float, angle_deg: float) -> Window:
    size = (FACE_SIZE_PX, FACE_SIZE_PX)
    middle = (float(centre[0]), float(centre[1]))
    return Window.around(middle, (side_px, side_px), size, angle_deg=angle_deg)


def mesh_in(session: Session, pixels: NDArray[np.uint8], window: Window) -> FaceMesh:
    """The mesh of the face in a window; raises `ModelOutputError` on nonsense."""
    found = _run(session, cut(pixels, window))
    if not {MESH_POINTS * 3, 1} <= found.keys():
        message = f"a face mesh answers 1404 numbers and 1 of presence, got {sorted(found)}"
        raise ModelOutputError(message)
    points = found[MESH_POINTS * 3].reshape(MESH_POINTS, 3)
    places = window.in_picture_px(points[:, :2])
    depths = points[:, 2] / window.scale
    logit = min(60.0, max(-60.0, float(found[1][0])))
    return FaceMesh(
        points_px=np.column_stack([places, depths]), presence=1.0 / (1.0 + math.exp(-logit))
    )


def eye_in(
    session: Session,
    pixels: NDArray[np.uint8],
    corners_px: NDArray[np.float64],
    *,
    flipped: bool,
) -> Eye:
    """The eye between two corners, 2 x 2; the network knows the figure's right eye, so a left one is flipped."""
    across = corners_px[1] - corners_px[0]
    x, y = corners_px.mean(axis=0)
    side = float(np.hypot(*across)) * IRIS_PAD
    window = Window.around(
        (float(x), float(y)),
        (side, side),
        (IRIS_SIZE_PX, IRIS_SIZE_PX),
        angle_deg=math.degrees(math.atan2(across[1], across[0])),
    )
    if flipped:
        window = window.mirrored()
    found = _run(session, cut(pixels, window))
    if not {CONTOUR_POINTS * 3, IRIS_POINTS * 3} <= found.keys():
        message = f"the iris network answers 213 and 15 numbers, got {sorted(found)}"
        raise ModelOutputError(message)
    contour, iris = (found[n * 3].reshape(n, 3)[:, :2] for n in (CONTOUR_POINTS, IRIS_POINTS))
    return Eye(contour_px=window.in_picture_px(contour), iris_px=window.in_picture_px(iris))


def _run(session: Session, seen: NDArray[np.uint8]) -> dict[int, NDArray[np.float64]]:
    """Flat outputs by how many numbers they have."""
    (name,) = session.inputs
    answers = session.run({name: seen[np.newaxis].astype(np.float32) / 255})
    return {values.size: values.reshape(-1).astype(np.float64) for values in answers.values()}
