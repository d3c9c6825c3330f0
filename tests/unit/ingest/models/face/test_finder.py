from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.face.angles import HeadAngles
from iconograph.ingest.models.face.finder import MeshFaces, distinct
from iconograph.ingest.models.face.mesh import FaceMesh, meshed_window
from iconograph.ingest.models.face.numbers import load_face_numbers
from tests.unit.ingest.models.face.heads import (
    DiscDetector,
    DiscMesh,
    MiddleIris,
    a_mesh,
    a_picture,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

TURNED = HeadAngles(yaw_deg=30, pitch_deg=-10, roll_deg=0)


def a_finder(mesh: DiscMesh | None = None, iris: MiddleIris | None = None) -> MeshFaces:
    return MeshFaces(DiscDetector(), mesh or DiscMesh(), iris or MiddleIris())


def test_a_face_has_its_place_its_angles_and_its_eyes() -> None:
    (face,) = a_finder(DiscMesh(TURNED))(a_picture((250, 120, 45)))
    assert (face.yaw_deg, face.pitch_deg) == pytest.approx((30, -10), abs=1)
    assert face.roll_deg == pytest.approx(0, abs=1)
    assert face.box.centre.y_px == pytest.approx(120, abs=4)
    left, right = face.eyes
    assert left.x_px > right.x_px
    assert np.array(face.eye_offsets) == pytest.approx(np.zeros((2, 2)), abs=0.01)
    assert face.lids_open_fraction == 1.0
    assert face.confidence > 0.9


def test_both_eyes_of_a_symmetric_face_look_alike_to_the_iris_network() -> None:
    pixels = a_picture((250, 120, 60))
    pixels[..., 2] = np.abs(np.arange(400) - 250)
    iris = MiddleIris()
    a_finder(iris=iris)(pixels)
    left, right = iris.seen
    assert left == pytest.approx(right, abs=0.02)
    assert np.ptp(left[..., 2]) > 0.1


def test_a_left_eye_is_read_mirrored() -> None:
    # The network answers "towards the nose" for both: to the right in the right eye, left in the left.
    (face,) = a_finder(iris=MiddleIris(aside_px=7.0))(a_picture((250, 120, 45)))
    assert face.eye_offsets is not None
    (left, _), (right, _) = face.eye_offsets
    assert (left, right) == pytest.approx((-0.5, 0.5), abs=0.05)


def test_a_mesh_that_is_not_sure_leaves_no_face() -> None:
    mesh = DiscMesh(logit=-2.0)
    assert a_finder(mesh)(a_picture((250, 120, 45))) == ()
    numbers = load_face_numbers()
    assert mesh.runs == len(numbers.pads) * len(numbers.turns_deg)


def test_a_sure_mesh_is_looked_at_once_more_and_no_further() -> None:
    mesh = DiscMesh()
    a_finder(mesh)(a_picture((250, 120, 45)))
    assert mesh.runs == 2


def test_one_face_in_two_boxes_is_found_once() -> None:
    boxes = np.array([(200, 70, 300, 280), (180, 60, 320, 290)], np.float32)
    assert len(a_finder()(a_picture((250, 120, 45)), boxes)) == 1


def test_two_figures_have_two_faces() -> None:
    pixels = a_picture((80, 80, 30), (320, 80, 30))
    boxes = np.array([(40, 40, 120, 280), (280, 40, 360, 280)], np.float32)
    faces = a_finder()(pixels, boxes)
    assert sorted(round(face.box.centre.x_px, -1) for face in faces) == [80, 320]


@pytest.mark.parametrize(
    ("size", "boxes"),
    [
        pytest.param((400, 300), None, id="nobody"),
        pytest.param((1, 1), np.array([(0, 0, 1, 1)]), id="a picture of one pixel"),
        pytest.param((400, 300), np.array([(900, 900, 999, 999)]), id="a box outside"),
    ],
)
def test_no_faces(size: tuple[int, int], boxes: NDArray[np.float32] | None) -> None:
    assert a_finder()(a_picture(size_px=size), boxes) == ()


def test_a_face_at_the_border() -> None:
    (face,) = a_finder()(a_picture((5, 120, 40)))
    assert face.box.x0_px < 0 < face.box.x1_px


def test_of_overlapping_meshes_the_surest_is_kept() -> None:
    meshes = [
        FaceMesh(points_px=a_mesh(at=at), presence=presence)
        for at, presence in (((0, 0), 0.6), ((10, 5), 0.9), ((400, 0), 0.5))
    ]
    assert [mesh.presence for mesh in distinct(meshes, 0.3)] == [0.9, 0.5]


def test_the_window_of_a_mesh_lies_level_with_its_eyes() -> None:
    tilted = a_mesh(HeadAngles(yaw_deg=0, pitch_deg=0, roll_deg=25), at=(200, 100))
    window = meshed_window(FaceMesh(points_px=tilted, presence=1.0))
    seen = tilted[:, :2] @ window.matrix[:, :2].T + window.matrix[:, 2]
    assert seen[33, 1] == pytest.approx(seen[263, 1], abs=1e-6)
    assert (seen >= 0).all()
    assert (seen <= 192).all()
    extent = (seen.max(axis=0) - seen.min(axis=0)).max()
    assert extent == pytest.approx(192 / 1.5)


def test_another_networks_answer_is_refused() -> None:
    class Short(DiscMesh):
        def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
            del feeds
            return {"points": np.zeros((1, 60), dtype=np.float32)}

    with pytest.raises(ModelOutputError, match="1404"):
        a_finder(Short())(a_picture((250, 120, 45)))
