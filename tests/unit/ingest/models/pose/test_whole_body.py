"""Hands and index fingers of whole-body key points, by their places in COCO-WholeBody's order."""

from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.model.pose import Side
from iconograph.ingest.models.pose.whole_body import index_fingers, palms

PLACES = np.tile(np.arange(133.0)[:, np.newaxis], (1, 2))
"""Each point lies at its own number."""

LEFT_INDEX, RIGHT_INDEX = (96, 99), (117, 120)
LEFT_PALM, RIGHT_PALM = (91, 96, 100, 104, 108), (112, 117, 121, 125, 129)


def sure(*rows: int, confidence: float = 1.0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(np.isin(np.arange(133), rows), confidence, 0.0)


@pytest.mark.parametrize(
    ("found", "middles"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param(LEFT_PALM[:2], [], id="too little of one"),
        pytest.param(LEFT_PALM[:3], [np.mean(LEFT_PALM[:3])], id="most of the left"),
        pytest.param(RIGHT_PALM, [np.mean(RIGHT_PALM)], id="the right"),
        pytest.param(
            (*RIGHT_PALM, *LEFT_PALM), [np.mean(LEFT_PALM), np.mean(RIGHT_PALM)], id="both"
        ),
    ],
)
def test_palms(found: tuple[int, ...], middles: list[float]) -> None:
    assert [palm.x_px for palm in palms(PLACES, sure(*found))] == pytest.approx(middles)


@pytest.mark.parametrize(
    ("found", "fingers"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((96, 97, 98), [], id="no tip"),
        pytest.param((97, 98, 99), [], id="no base"),
        pytest.param(LEFT_INDEX, [(Side.LEFT, 96.0, 99.0)], id="left"),
        pytest.param(RIGHT_INDEX, [(Side.RIGHT, 117.0, 120.0)], id="right"),
        pytest.param(
            (*RIGHT_INDEX, *LEFT_INDEX),
            [(Side.LEFT, 96.0, 99.0), (Side.RIGHT, 117.0, 120.0)],
            id="both",
        ),
    ],
)
def test_index_fingers(found: tuple[int, ...], fingers: list[tuple[Side, float, float]]) -> None:
    seen = index_fingers(PLACES, sure(*found))

    assert [(finger.side, finger.base.x_px, finger.tip.y_px) for finger in seen] == fingers


def test_a_finger_is_as_sure_as_its_less_sure_end() -> None:
    (finger,) = index_fingers(PLACES, sure(96, confidence=0.9) + sure(99, confidence=0.4))

    assert finger.confidence == 0.4
