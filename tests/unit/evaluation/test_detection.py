from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from iconograph.evaluation.boxed import BoxedSet, read_boxes
from iconograph.evaluation.detection import (
    Judged,
    average_precision,
    calibration_error,
    evaluate_detection,
    judge,
    point_at_confidence,
    point_at_recall,
    together,
)
from iconograph.evaluation.detection_table import detection_table
from iconograph.graph.errors import PictureError
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.port import Detections

EASY = np.array([False])


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float64).reshape(-1, 4)


def judged(outcome: str, count: int) -> Judged:
    """Detections from the surest on: `+` right, `-` wrong; confidences 0.9, 0.8, ..."""
    return Judged(
        confidences=np.array([0.9 - 0.1 * place for place in range(len(outcome))]),
        right=np.array([sign == "+" for sign in outcome], np.bool_),
        boxes=count,
    )


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (boxes((0, 0, 10, 10)), [True]),
        (boxes((0, 0, 10, 5)), [True]),
        (boxes((0, 0, 10, 4.9)), [False]),
        (boxes((0, 0, 10, 10), (0, 0, 10, 9)), [True, False]),
        (boxes((0, 0, 10, 4), (0, 0, 10, 9)), [False, True]),
        (boxes(), []),
    ],
    ids=["exact", "half", "less than half", "a second hit", "a miss, then a hit", "none"],
)
def test_a_box_is_found_once_at_half_overlap(found: np.ndarray, right: list[bool]) -> None:
    sure = np.linspace(0.9, 0.5, len(found))

    assert judge(found, sure, boxes((0, 0, 10, 10)), EASY).right.tolist() == right


def test_the_surest_takes_the_box_whatever_its_place() -> None:
    found = judge(
        boxes((0, 0, 10, 9), (0, 0, 10, 10)), np.array([0.5, 0.9]), boxes((0, 0, 10, 10)), EASY
    )

    assert (found.confidences.tolist(), found.right.tolist()) == ([0.9, 0.5], [True, False])


def test_a_detection_goes_to_the_box_it_shares_most_with_even_if_taken() -> None:
    truth = boxes((0, 0, 10, 10), (0, 3, 10, 13))
    found = judge(
        boxes((0, 0, 10, 10), (0, 1, 10, 11)), np.array([0.9, 0.8]), truth, np.zeros(2, np.bool_)
    )

    assert found.right.tolist() == [True, False]


def test_difficult_boxes_count_neither_way() -> None:
    truth, difficult = boxes((0, 0, 10, 10), (50, 0, 60, 10)), np.array([True, False])

    found = judge(boxes((0, 0, 10, 10), (20, 0, 30, 10)), np.array([0.9, 0.8]), truth, difficult)

    assert (found.confidences.tolist(), found.right.tolist(), found.boxes) == ([0.8], [False], 1)


def test_all_is_wrong_where_nobody_is() -> None:
    found = judge(boxes((0, 0, 1, 1)), np.array([0.9]), boxes(), np.zeros(0, np.bool_))

    assert (found.right.tolist(), found.boxes) == ([False], 0)


@pytest.mark.parametrize(
    ("outcome", "count", "expected"),
    [
        ("++", 2, 1.0),
        ("+", 2, 0.5),
        ("-+", 1, 0.5),
        ("+-+", 2, (1 + 2 / 3) / 2),
        ("-++", 2, 2 / 3),
        ("+--+-+", 4, (1 + 0.5 + 0.5) / 4),
        ("--", 3, 0.0),
        ("", 3, 0.0),
    ],
)
def test_average_precision_by_hand(outcome: str, count: int, expected: float) -> None:
    assert average_precision(judged(outcome, count)) == pytest.approx(expected)


def test_detections_of_one_confidence_are_counted_together() -> None:
    tied = Judged(confidences=np.array([0.8, 0.8]), right=np.array([True, False]), boxes=1)

    assert average_precision(tied) == pytest.approx(0.5)


def test_without_boxes_there_is_no_average_precision() -> None:
    assert average_precision(judged("--", 0)) is None


def test_precision_and_recall_at_a_confidence() -> None:
    point = point_at_confidence(judged("+-+-", 4), 0.65)

    assert point.precision == pytest.approx(2 / 3)
    assert point.recall == 0.5
    assert point_at_confidence(judged("+", 1), 0.95).precision is None
    assert point_at_confidence(judged("-", 0), 0.5).recall is None


def test_the_point_that_reaches_a_recall() -> None:
    point = point_at_recall(judged("+-++", 4), 0.5)

    assert point is not None
    assert point.confidence == pytest.approx(0.7)
    assert point.precision == pytest.approx(2 / 3)
    assert point.recall == 0.5
    assert point_at_recall(judged("+-++", 4), 0.8) is None


def test_confidences_are_off_by_their_distance_to_the_share_that_is_right() -> None:
    sure = Judged(
        confidences=np.array([0.95, 0.95, 0.15, 0.15]),
        right=np.array([True, False, False, False]),
        boxes=1,
    )

    assert calibration_error(sure) == pytest.approx((2 * 0.45 + 2 * 0.15) / 4)
    assert calibration_error(judged("", 1)) is None


def test_pictures_are_counted_together() -> None:
    both = together([judged("+", 2), judged("-+", 1)])

    assert (len(both.right), both.boxes) == (3, 3)
    assert together([]).boxes == 0


class LeftHalf:
    """A detector that takes the left half of every picture for a person, the right for a dog."""

    name = "left half"
    models: tuple[ModelRef, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    def __call__(self, pixels: np.ndarray, /) -> Detections:
        height, width = pixels.shape[:2]
        return Detections(
            boxes_px=np.array(
                [[0, 0, width / 2, height], [width / 2, 0, width, height]], np.float32
            ),
            confidences=np.array([0.8, 0.7], np.float32),
            labels=("person", "dog"),
            kinds=(RegionKind.PERSON, RegionKind.ANIMAL),
        )


@pytest.fixture
def boxed(tmp_path: Path) -> BoxedSet:
    """One picture is right, one wrong, one unboxed, one not there."""
    left, right = [0, 0, 0.5, 1], [0.5, 0, 1, 1]
    images = [
        {"file": "a.png", "style": "Rococo", "objects": [{"label": "person", "box": left}]},
        {
            "file": "b.png",
            "style": "Gothic",
            "objects": [
                {"label": "person", "box": right},
                {"label": "person", "box": [0.1, 0, 0.2, 0.1], "difficult": 1},
            ],
        },
        {"file": "crowd.png", "style": "Gothic", "objects": []},
        {"file": "absent.png", "style": "Gothic", "objects": [{"label": "person", "box": left}]},
    ]
    for name in ("a.png", "b.png", "crowd.png"):
        Image.new("RGB", (40, 20)).save(tmp_path / name)
    (tmp_path / "boxes.json").write_text(json.dumps({"images": images}))
    return read_boxes(tmp_path / "boxes.json")


def test_a_detector_is_measured_by_style(boxed: BoxedSet, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    evaluation = evaluate_detection(
        boxed, tmp_path, LeftHalf(), on_picture=lambda done, total: told.append((done, total))
    )

    assert (evaluation.total.pictures, evaluation.total.boxes, evaluation.total.difficult) == (
        2,
        2,
        1,
    )
    assert evaluation.total.average_precision == pytest.approx(0.25)
    assert {style.name: style.average_precision for style in evaluation.styles} == {
        "Gothic": 0.0,
        "Rococo": 1.0,
    }
    assert (evaluation.unboxed, evaluation.absent) == (("crowd.png",), ("absent.png",))
    assert told == [(1, 2), (2, 2)]


def test_the_record_is_json(boxed: BoxedSet, tmp_path: Path) -> None:
    evaluation = evaluate_detection(boxed, tmp_path, LeftHalf())
    record = json.loads(json.dumps(evaluation.to_record()))

    assert record["total"]["average_precision"] == pytest.approx(0.25)
    assert record["styles"][1]["name"] == "Rococo"
    assert record["unboxed"] == ["crowd.png"]


def test_the_table_says_what_is_left_out(boxed: BoxedSet, tmp_path: Path) -> None:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(detection_table(evaluate_detection(boxed, tmp_path, LeftHalf())))
    text = captured.get()

    assert "Rococo" in text
    assert "0.250" in text
    assert "1 difficult boxes are not counted" in text
    assert "1 pictures in which nobody boxed anyone are left out" in text
    assert "1 pictures are not in the folder" in text


def test_a_set_without_pictures_has_no_figures(tmp_path: Path) -> None:
    evaluation = evaluate_detection(BoxedSet(pictures=(), unboxed=()), tmp_path, LeftHalf())
    console = Console(width=100)
    with console.capture() as captured:
        console.print(detection_table(evaluation))

    assert evaluation.total.average_precision is None
    assert "not reached" in captured.get()


def test_a_broken_picture_is_an_error(boxed: BoxedSet, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")

    with pytest.raises(PictureError, match=r"a\.png"):
        evaluate_detection(boxed, tmp_path, LeftHalf())
