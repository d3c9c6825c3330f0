from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.errors import ModelOutputError
from iconograph.ingest.models.detect.boxes import iou_matrix
from iconograph.ingest.models.face.detection import (
    FaceDetector,
    FoundFaces,
    decoded,
    merged,
    upper_window,
)
from iconograph.ingest.models.face.numbers import load_face_numbers
from iconograph.ingest.models.pose.crops import Window
from tests.unit.ingest.models.face.heads import DiscDetector, a_picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NUMBERS = load_face_numbers().detection
WHOLE = Window.around((96, 96), (192, 192), (192, 192))


def test_an_anchor_is_decoded() -> None:
    numbers, logits = np.zeros((2304, 16)), np.full(2304, -9.0)
    anchor = 10 * 48 + 20
    numbers[anchor, :6] = 1, -2, 8, 6, -3, -1
    logits[anchor] = 2.0
    faces = decoded(numbers, logits, WHOLE, 0.5)
    assert faces.boxes_px == pytest.approx(np.array([(79, 37, 87, 43)]))
    assert faces.points_px[0, 0] == pytest.approx((79, 41))
    assert faces.scores == pytest.approx([1 / (1 + np.exp(-2))])


def test_a_mirrored_window_gives_upright_boxes_and_swaps_the_eyes() -> None:
    numbers, logits = np.zeros((2304, 16)), np.full(2304, -9.0)
    anchor = 10 * 48 + 20
    numbers[anchor, :8] = 0, 0, 8, 6, -3, -1, 3, 1
    logits[anchor] = 2.0
    faces = decoded(numbers, logits, WHOLE.mirrored(), 0.5)
    x, y = 191 - 82, 42
    assert faces.boxes_px == pytest.approx(np.array([(x - 4, y - 3, x + 4, y + 3)]))
    right, left = faces.points_px[0, :2]
    assert right == pytest.approx((x - 3, y + 1))
    assert left == pytest.approx((x + 3, y - 1))


BOXES = st.lists(
    st.tuples(
        st.floats(0, 50), st.floats(0, 50), st.floats(1, 40), st.floats(1, 40), st.floats(0.2, 1)
    ),
    max_size=12,
)


@given(rows=BOXES)
def test_merged_faces_are_apart_and_the_surest_first(
    rows: list[tuple[float, float, float, float, float]],
) -> None:
    table = np.array(rows).reshape(-1, 5)
    boxes = np.concatenate([table[:, :2], table[:, :2] + table[:, 2:4]], axis=1)
    part = FoundFaces(boxes_px=boxes, points_px=np.zeros((len(rows), 6, 2)), scores=table[:, 4])
    faces = merged([part], 0.3)
    assert len(faces) <= len(rows)
    assert bool(len(faces)) == bool(rows)
    assert (np.diff(faces.scores) <= 0).all()
    if rows:
        assert faces.scores[0] == table[:, 4].max()
        assert (faces.boxes_px[:, :2] >= boxes[:, :2].min(axis=0) - 1e-9).all()
        assert (faces.boxes_px[:, 2:] <= boxes[:, 2:].max(axis=0) + 1e-9).all()


def test_two_looks_at_one_face_are_one_face_between_them() -> None:
    boxes = np.array([(0.0, 0, 10, 10), (2, 0, 12, 10), (50, 50, 60, 60)])
    part = FoundFaces(
        boxes_px=boxes, points_px=np.zeros((3, 6, 2)), scores=np.array([0.75, 0.25, 0.9])
    )
    faces = merged([part], 0.3)
    assert faces.boxes_px == pytest.approx(np.array([(50, 50, 60, 60), (0.5, 0, 10.5, 10)]))
    assert faces.scores == pytest.approx([0.9, 0.75])


def test_overlap() -> None:
    others = np.array([(0.0, 0, 2, 2), (1, 0, 3, 2), (2, 2, 4, 4), (0, 0, 0, 0)])
    assert iou_matrix(others[:1], others)[0] == pytest.approx([1, 1 / 3, 0, 0])


@pytest.mark.parametrize(
    ("box", "extent"),
    [
        pytest.param((0, 0, 50, 400), 160 * 1.2, id="standing"),
        pytest.param((0, 0, 100, 200), 100 * 1.2, id="sitting"),
        pytest.param((0, 0, 300, 100), 300 * 1.2, id="lying"),
    ],
)
def test_the_upper_part_of_a_figure(box: tuple[float, ...], extent: float) -> None:
    corners = upper_window(np.array(box, dtype=np.float64), NUMBERS).in_picture_px(
        np.array([(0.0, 0.0), (192.0, 192.0)])
    )
    assert corners[1] - corners[0] == pytest.approx((extent, extent))
    assert corners[0, 1] < 0


def test_a_face_in_the_whole_picture() -> None:
    faces = FaceDetector(DiscDetector(), NUMBERS)(a_picture((250, 120, 30)))
    assert len(faces) == 1
    assert faces.boxes_px[0] == pytest.approx((220, 90, 280, 150), abs=3)


def test_a_small_face_is_found_in_its_figure() -> None:
    pixels = a_picture((60, 60, 4), size_px=(1200, 900))
    detector = FaceDetector(DiscDetector(), NUMBERS)
    assert len(detector(pixels)) == 0
    faces = detector(pixels, np.array([(45, 50, 75, 130)], np.float32))
    assert faces.boxes_px[0] == pytest.approx((56, 56, 64, 64), abs=1)


@pytest.mark.parametrize(
    ("size", "boxes"),
    [
        pytest.param((1, 1), None, id="a picture of one pixel"),
        pytest.param((400, 300), np.empty((0, 4)), id="no boxes"),
        pytest.param((400, 300), np.array([(800, 0, 900, 100)]), id="a box outside"),
        pytest.param((400, 300), np.array([(7, 7, 8, 8)]), id="a box of one pixel"),
        pytest.param((400, 300), np.array([(-50, -50, 20, 900)]), id="a box across the border"),
    ],
)
def test_nothing_to_find(size: tuple[int, int], boxes: NDArray[np.float64] | None) -> None:
    faces = FaceDetector(DiscDetector(), NUMBERS)(a_picture(size_px=size), boxes)
    assert len(faces) == 0
    assert faces.points_px.shape == (0, 6, 2)


def test_another_networks_answer_is_refused() -> None:
    class Short(DiscDetector):
        def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
            del feeds
            return {"boxes": np.zeros((1, 896, 16)), "scores": np.zeros((1, 896, 1))}

    with pytest.raises(ModelOutputError, match="2304"):
        FaceDetector(Short(), NUMBERS)(a_picture())
