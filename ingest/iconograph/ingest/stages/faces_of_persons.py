"""Which of the faces in a picture is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.ingest.models.face.figures import faces_of_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.geometry import Box
    from iconograph.graph.model.pose import Pose
    from iconograph.ingest.models.face.port import Face

FACE_OF_HEAD = (0.3, 1.4)
"""A face is that of a given head when it is so many times as high, and its middle lies in the head."""


def faces_of_persons(
    faces: Sequence[Face],
    boxes_px: NDArray[np.float32],
    poses: Sequence[Pose | None],
    heads: Sequence[Box | None],
) -> tuple[Face | None, ...]:
    """For each of n persons the face that is theirs, each face once.

    Who has a given head gets the surest face on it, or none; the others share what is left by
    their poses and boxes (n x 4).
    """
    taken: dict[int, Face] = {}
    left = sorted(faces, key=lambda face: -face.confidence)
    for row, head in enumerate(heads):
        face = next((f for f in left if head and _is_on(f, head)), None)
        if face:
            taken[row] = face
            left.remove(face)
    others = [row for row, head in enumerate(heads) if head is None]
    shared = faces_of_figures(left, boxes_px[others], [poses[row] for row in others])
    taken |= {row: face for row, face in zip(others, shared, strict=True) if face}
    return tuple(taken.get(row) for row in range(len(heads)))


def _is_on(face: Face, head: Box) -> bool:
    least, most = FACE_OF_HEAD
    return head.holds(face.box.centre) and least < face.box.height_px / head.height_px < most
