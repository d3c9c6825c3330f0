"""Faces with the direction of the head and the place of the irises: detector, mesh, iris network.

A face whose mesh is not sure of itself is left out: without a mesh it has no direction.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.model.geometry import Box, Point
from iconograph.ingest.models.detect.boxes import iou_matrix
from iconograph.ingest.models.face.angles import eye_offset, head_angles, opening_ratio
from iconograph.ingest.models.face.detection import FaceDetector
from iconograph.ingest.models.face.mesh import (
    EYES,
    detected_windows,
    eye_in,
    mesh_in,
    meshed_window,
)
from iconograph.ingest.models.face.numbers import FaceNumbers, load_face_numbers
from iconograph.ingest.models.face.port import Face
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.tflite import open_interpreter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.face.mesh import Eye, FaceMesh
    from iconograph.ingest.models.runtime.port import Session

NAME = "face-mesh@1"
RECORDS = ("face-detection", "face-mesh", "iris")


class MeshFaces:
    """A `FaceFinder`; open one with `MeshFaces.open`."""

    # long: three networks and what they are told
    def __init__(
        self,
        detection: Session,
        mesh: Session,
        iris: Session,
        *,
        models: tuple[ModelRef, ...] = (),
        numbers: FaceNumbers | None = None,
    ) -> None:
        self._numbers = numbers or load_face_numbers()
        self._detector = FaceDetector(detection, self._numbers.detection)
        self._mesh = mesh
        self._iris = iris
        self.name = NAME
        self.models = models
        self.parameters = self._numbers.parameters

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """The finder of the pulled models; raises `MissingModelError` or `MissingExtraError`."""
        records = [record_named(name) for name in RECORDS]
        paths = [path for record in records for path in located(record, cache_dir).values()]
        detection, mesh, iris = (open_interpreter(path) for path in paths)
        return cls(detection, mesh, iris, models=tuple(model_ref(record) for record in records))

    def __call__(
        self, pixels: NDArray[np.uint8], boxes_px: NDArray[np.float32] | None = None, /
    ) -> tuple[Face, ...]:
        """Faces, the surest first, in the whole picture and the upper part of each figure's box."""
        found = self._detector(pixels, boxes_px)
        meshes = [
            mesh
            for box, points in zip(found.boxes_px, found.points_px, strict=True)
            if (mesh := self._meshed(pixels, box, points))
        ]
        return tuple(
            self._face(pixels, mesh) for mesh in distinct(meshes, self._numbers.detection.same_iou)
        )

    def _meshed(
        self, pixels: NDArray[np.uint8], box_px: NDArray[np.float64], points_px: NDArray[np.float64]
    ) -> FaceMesh | None:
        """The mesh of the first sure window about a face, seen again through its own window.

        Its presence is the lower of both looks; None where that is below the gate.
        """
        numbers = self._numbers
        first: FaceMesh | None = None
        for window in detected_windows(
            box_px, points_px, pads=numbers.pads, turns_deg=numbers.turns_deg
        ):
            mesh = mesh_in(self._mesh, pixels, window)
            if first is None or mesh.presence > first.presence:
                first = mesh
            if first.presence >= numbers.sure_presence:
                break
        if first is None or first.presence < numbers.presence_gate:
            return None
        second = mesh_in(self._mesh, pixels, meshed_window(first))
        return (
            second.less_sure(first.presence) if second.presence >= numbers.presence_gate else None
        )

    def _face(self, pixels: NDArray[np.uint8], mesh: FaceMesh) -> Face:
        eyes = [
            eye_in(self._iris, pixels, mesh.points_px[list(corners), :2], flipped=side == 0)
            for side, corners in enumerate(EYES)
        ]
        return face_of(mesh, (eyes[0], eyes[1]), self._numbers)


def face_of(mesh: FaceMesh, eyes: tuple[Eye, Eye], numbers: FaceNumbers) -> Face:
    """The face of a mesh and its eyes, the figure's left one first."""
    (x0, y0), (x1, y1) = mesh.points_px[:, :2].min(axis=0), mesh.points_px[:, :2].max(axis=0)
    angles = head_angles(mesh.points_px)
    left, right = (eye.contour_px[[0, 8]].mean(axis=0) for eye in eyes)
    ratios = [opening_ratio(eye, mesh.points_px, side) for side, eye in enumerate(eyes)]
    return Face(
        box=Box(x0_px=float(x0), y0_px=float(y0), x1_px=float(x1), y1_px=float(y1)),
        confidence=numbers.confidence(mesh.presence),
        eyes=(
            Point(x_px=float(left[0]), y_px=float(left[1])),
            Point(x_px=float(right[0]), y_px=float(right[1])),
        ),
        yaw_deg=angles.yaw_deg,
        pitch_deg=angles.pitch_deg,
        roll_deg=angles.roll_deg,
        eye_offsets=(eye_offset(eyes[0], 0), eye_offset(eyes[1], 1)),
        lids_open_fraction=min(1.0, sum(ratios) / 2 / numbers.open_ratio),
    )


def distinct(meshes: list[FaceMesh], same_iou: float) -> list[FaceMesh]:
    """The surest of all meshes that overlap, the surest first."""
    kept: list[FaceMesh] = []
    for mesh in sorted(meshes, key=lambda mesh: -mesh.presence):
        others = np.array([other.box_px for other in kept]).reshape(-1, 4)
        if not (iou_matrix(mesh.box_px[np.newaxis], others) > same_iou).any():
            kept.append(mesh)
    return kept
