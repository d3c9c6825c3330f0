from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from iconograph.ingest.models.detect.boxes import (
    areas,
    iou_matrix,
    kept_by_nms,
    shared_areas,
    voted,
)


def array(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float64).reshape(-1, 4)


def boxes(count: int) -> st.SearchStrategy[np.ndarray]:
    corners = arrays(np.float64, (count, 4), elements=st.integers(0, 40).map(float))
    return corners.map(
        lambda found: np.concatenate(
            [np.minimum(found[:, :2], found[:, 2:]), np.maximum(found[:, :2], found[:, 2:])], axis=1
        )
    )


@pytest.mark.parametrize(
    ("second", "iou"),
    [
        ((0, 0, 10, 10), 1.0),
        ((0, 0, 10, 5), 0.5),
        ((5, 0, 15, 10), 50 / 150),
        ((10, 0, 20, 10), 0.0),
        ((20, 20, 30, 30), 0.0),
        ((3, 3, 3, 9), 0.0),
    ],
    ids=["same", "half", "shifted", "touching", "apart", "without area"],
)
def test_the_overlap_of_two_boxes(second: tuple[float, float, float, float], iou: float) -> None:
    assert iou_matrix(array((0, 0, 10, 10)), array(second))[0, 0] == pytest.approx(iou)


@given(boxes(5), boxes(3))
def test_overlap_is_symmetric_and_a_fraction(first: np.ndarray, second: np.ndarray) -> None:
    forth, back = iou_matrix(first, second), iou_matrix(second, first)

    assert np.allclose(forth, back.T)
    assert ((forth >= 0) & (forth <= 1)).all()
    assert (shared_areas(first, second) <= areas(first)[:, None] + 1e-9).all()


def test_no_boxes_overlap_none() -> None:
    assert iou_matrix(array(), array((0, 0, 1, 1))).shape == (0, 1)


def test_repeats_go_the_best_first() -> None:
    found = array((0, 0, 10, 10), (1, 0, 11, 10), (20, 0, 30, 10), (0, 0, 10, 10))
    scores = np.array([0.5, 0.9, 0.7, 0.5])

    assert kept_by_nms(found, scores, largest_iou=0.5).tolist() == [1, 2]
    assert kept_by_nms(found, scores, largest_iou=0.9).tolist() == [1, 2, 0]


def test_no_more_than_the_largest_overlap_is_no_repeat() -> None:
    found, scores = array((0, 0, 10, 10), (0, 0, 10, 5)), np.array([0.5, 0.9])

    assert kept_by_nms(found, scores, largest_iou=0.5).tolist() == [1, 0]
    assert kept_by_nms(found, scores, largest_iou=0.49).tolist() == [1]


def test_boxes_of_other_classes_do_not_make_way() -> None:
    found, scores = array((0, 0, 10, 10), (0, 0, 10, 10)), np.array([0.5, 0.9])

    assert kept_by_nms(found, scores, largest_iou=0.5, classes=np.array([1, 2])).tolist() == [1, 0]
    assert kept_by_nms(found, scores, largest_iou=0.5, classes=np.array([1, 1])).tolist() == [1]


@given(boxes(8), arrays(np.float64, 8, elements=st.floats(0, 1)))
def test_what_is_kept_repeats_nothing_and_what_goes_is_repeated(
    found: np.ndarray, scores: np.ndarray
) -> None:
    kept = kept_by_nms(found, scores, largest_iou=0.4)
    among = iou_matrix(found[kept], found[kept])
    np.fill_diagonal(among, 0.0)
    gone = np.setdiff1d(np.arange(8), kept)

    assert (among <= 0.4).all()
    assert (iou_matrix(found[gone], found[kept]).max(axis=1, initial=0.0) > 0.4).all()
    assert (np.diff(scores[kept]) <= 0).all()


def test_passes_that_agree_are_voted_into_one_box() -> None:
    found = array((0, 0, 10, 10), (2, 0, 12, 10), (40, 0, 50, 10))
    scores = np.array([0.6, 0.2, 0.4])

    merged, means = voted(found, scores, np.array([0, 1, 1]), pass_count=2, smallest_iou=0.5)

    assert merged[0] == pytest.approx([0.5, 0, 10.5, 10])
    assert merged[1] == pytest.approx([40, 0, 50, 10])
    assert means == pytest.approx([0.4, 0.2])


def test_a_pass_counts_once_with_its_best_score() -> None:
    found = array((0, 0, 10, 10), (0, 0, 10, 10), (0, 0, 10, 10))

    _, means = voted(
        found, np.array([0.6, 0.4, 0.2]), np.array([0, 0, 1]), pass_count=4, smallest_iou=0.5
    )

    assert means == pytest.approx([(0.6 + 0.2) / 4])


def test_what_most_passes_see_comes_before_what_one_sees_well() -> None:
    found = array((0, 0, 10, 10), (40, 0, 50, 10), (40, 0, 50, 10))

    merged, _ = voted(
        found, np.array([0.7, 0.5, 0.5]), np.array([0, 0, 1]), pass_count=2, smallest_iou=0.5
    )

    assert merged[0] == pytest.approx([40, 0, 50, 10])


def test_nothing_is_voted_from_nothing() -> None:
    merged, means = voted(
        array(), np.empty(0), np.empty(0, np.intp), pass_count=6, smallest_iou=0.5
    )

    assert (merged.shape, means.shape) == ((0, 4), (0,))
