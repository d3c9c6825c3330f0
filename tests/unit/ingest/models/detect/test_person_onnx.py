from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.onnx_settings import DetectorSettings, ListedClass
from iconograph.ingest.models.detect.person_onnx import End2EndDetector, cells_of

MODEL = ModelRef(name="tiny", revision="1", sha256="0" * 64)
CLASSES = {
    0: ListedClass(label="person", kind=RegionKind.PERSON),
    2: ListedClass(label="dog", kind=RegionKind.ANIMAL, smallest_confidence=0.5),
}
PICTURE = np.zeros((100, 200, 3), np.uint8)


class Answering:
    """A network of 64 x 64 px that always gives the same answer."""

    def __init__(self, *shape: int | None, **answers: np.ndarray[Any, Any]) -> None:
        self.inputs: Mapping[str, tuple[int | None, ...]] = {"input": shape or (1, 3, 64, 64)}
        self._answers = answers

    def run(self, feeds: Mapping[str, np.ndarray[Any, Any]], /) -> dict[str, np.ndarray[Any, Any]]:
        assert set(feeds) == {"input"}
        return self._answers


def detector(session: Answering, **settings: Any) -> End2EndDetector:
    return End2EndDetector(
        session, MODEL, DetectorSettings(classes=dict(CLASSES), **settings), settings_sha256="1"
    )


def end_to_end(*rows: tuple[float, float, float, float, float, int]) -> Answering:
    found = np.array(rows, np.float32).reshape(-1, 6)
    return Answering(dets=found[None, :, :5], labels=found[None, :, 5].astype(np.int64))


def grid(rows: Mapping[int, tuple[float, ...]], classes: int = 3) -> Answering:
    answer = np.zeros((1, 84, 5 + classes), np.float32)
    for cell, numbers in rows.items():
        answer[0, cell, : len(numbers)] = numbers
    return Answering(output=answer)


def test_boxes_come_back_to_the_picture() -> None:
    """A picture of 200 x 100 is fed at 0.32 of its size."""
    found = detector(end_to_end((3.2, 6.4, 32.0, 25.6, 0.8, 0)))(PICTURE)

    assert found.boxes_px[0] == pytest.approx([10, 20, 100, 80])
    assert found.confidences == pytest.approx([0.8])
    assert (found.labels, found.kinds) == (("person",), (RegionKind.PERSON,))


def test_boxes_end_at_the_picture() -> None:
    found = detector(end_to_end((-9, -9, 90, 90, 0.8, 0)))(PICTURE)

    assert found.boxes_px[0] == pytest.approx([0, 0, 200, 100])


def test_the_surest_come_first() -> None:
    found = detector(end_to_end((0, 0, 9, 9, 0.3, 0), (0, 0, 9, 9, 0.9, 2)))(PICTURE)

    assert found.labels == ("dog", "person")


@pytest.mark.parametrize(
    "row",
    [
        (0.0, 0.0, 9.0, 9.0, 0.9, 1),
        (0.0, 0.0, 9.0, 9.0, 0.0, -1),
        (0.0, 0.0, 9.0, 9.0, 0.04, 0),
        (0.0, 0.0, 9.0, 9.0, 0.4, 2),
        (0.0, 40.0, 9.0, 60.0, 0.9, 0),
        (9.0, 9.0, 9.0, 9.0, 0.9, 0),
    ],
    ids=["not listed", "padding", "low score", "unsure dog", "in the grey", "no area"],
)
def test_what_is_left_out(row: tuple[float, float, float, float, float, int]) -> None:
    assert len(detector(end_to_end(row))(PICTURE)) == 0


def test_no_detections_are_none() -> None:
    assert len(detector(end_to_end())(PICTURE)) == 0


def test_scores_are_calibrated() -> None:
    found = detector(end_to_end((0, 0, 9, 9, 0.5, 0)), bias=1.0, slope=2.0)(PICTURE)

    assert found.confidences == pytest.approx([1 / (1 + np.exp(-1.0))])


def test_repeats_go_where_the_settings_say_so() -> None:
    session = end_to_end((0, 0, 9, 9, 0.9, 0), (0, 0, 9, 9, 0.8, 0), (0, 0, 9, 9, 0.7, 2))

    assert detector(session)(PICTURE).labels == ("person", "person", "dog")
    assert detector(session, repeat_iou=0.5)(PICTURE).labels == ("person", "dog")


def test_a_grid_is_decoded() -> None:
    """Cell 0 is the first of stride 8, cell 64 + 5 is (1, 1) of stride 16, 80 + 3 (1, 1) of 32."""
    rows = {
        0: (0.5, 0.5, 0.0, 0.0, 0.9, 0.1, 0.9, 0.0),
        69: (0.25, 0.0, np.log(1.0), np.log(1.5), 0.9, 0.8, 0.1, 0.2),
        83: (0.0, -0.5, np.log(0.5), np.log(0.5), 0.8, 0.1, 0.1, 0.9),
    }

    found = detector(grid(rows))(np.zeros((64, 64, 3), np.uint8))

    assert found.labels == ("person", "dog")
    assert found.confidences == pytest.approx([0.72, 0.72])
    assert found.boxes_px[0] == pytest.approx([20 - 8, 16 - 12, 20 + 8, 16 + 12])
    assert found.boxes_px[1] == pytest.approx([32 - 8, 16 - 8, 32 + 8, 16 + 8])


def test_repeats_of_a_grid_go() -> None:
    rows = {
        9: (0.0, 0.0, 1.0, 1.0, 0.9, 0.9),
        10: (-1.0, 0.0, 1.0, 1.0, 0.8, 0.9),
        60: (0.0, 0.0, 1.0, 1.0, 0.7, 0.9),
    }

    found = detector(grid(rows, classes=1))(np.zeros((64, 64, 3), np.uint8))

    assert found.confidences == pytest.approx([0.81, 0.63])


def test_the_cells_of_a_grid() -> None:
    cells, strides = cells_of(32, 64)

    assert len(cells) == 4 * 8 + 2 * 4 + 1 * 2
    assert cells[[0, 1, 8, 32, 41]].tolist() == [[0, 0], [1, 0], [0, 1], [0, 0], [1, 0]]
    assert strides[[0, 31, 32, 40]].tolist() == [8, 8, 16, 32]


@pytest.mark.parametrize(
    "session",
    [
        Answering(dets=np.zeros((1, 3, 5), np.float32), labels=np.zeros((1, 2), np.int64)),
        Answering(dets=np.zeros((3, 5), np.float32), labels=np.zeros((1, 3), np.int64)),
        Answering(output=np.zeros((1, 83, 6), np.float32)),
        Answering(output=np.zeros((1, 84, 5), np.float32)),
        Answering(output=np.zeros(7, np.float32)),
        Answering(a=np.zeros((1, 84, 6), np.float32), b=np.zeros(1, np.float32)),
        end_to_end((0, 0, 9, 9, 1.5, 0)),
        end_to_end((0, 0, 9, 9, -0.5, 0)),
    ],
    ids=[
        "fewer labels",
        "no batch",
        "cells of another size",
        "no classes",
        "a vector",
        "two unknown outputs",
        "score above 1",
        "score below 0",
    ],
)
def test_impossible_answers_are_an_error(session: Answering) -> None:
    with pytest.raises(ModelOutputError, match="tiny answered"):
        detector(session)(PICTURE)


@pytest.mark.parametrize(
    "shape", [(1, 1, 64, 64), (1, 64, 64, 3), (2, 3, 64, 64), (3, 64, 64)], ids=str
)
def test_networks_of_another_kind_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MissingModelError, match="expected one input of 1 x 3 x height x width"):
        detector(Answering(*shape))


def test_what_decides_the_answer_is_told() -> None:
    told = detector(end_to_end())

    assert (told.name, told.models) == ("tiny", (MODEL,))
    assert told.parameters == (("settings_sha256", "1"),)
