from __future__ import annotations

import numpy as np
import pytest

from iconograph.ingest.training.detect_measure import (
    Boxes,
    Tally,
    box_ious,
    calibration,
    calibration_error,
    outcomes,
    pairs_of,
    tallies_by_kind,
    tally_of,
)


def boxes(*rows: tuple[tuple[int, int, int, int], str, str, float]) -> Boxes:
    return Boxes(
        boxes_px=np.array([row[0] for row in rows], np.float32).reshape(-1, 4),
        labels=tuple(row[1] for row in rows),
        kinds=tuple(row[2] for row in rows),
        confidences=np.array([row[3] for row in rows], np.float32),
    )


LEFT, RIGHT, NEAR_LEFT, AWAY = (0, 0, 10, 10), (50, 0, 60, 10), (0, 0, 10, 8), (80, 80, 90, 90)
TRUTH = boxes((LEFT, "goat", "animal", 1), (RIGHT, "Eve", "person", 1))


def test_ious_of_boxes() -> None:
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 0, 30, 10]], np.float32)

    assert box_ious(a, b)[0] == pytest.approx([1, 1 / 3, 0])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (boxes((LEFT, "goat", "animal", 0.9)), Tally(regions=2, found=1, labelled=1)),
        (boxes((LEFT, "dog", "animal", 0.9)), Tally(regions=2, found=1)),
        (boxes((LEFT, "goat", "object", 0.9)), Tally(regions=2, inventions=1)),
        (boxes((AWAY, "goat", "animal", 0.9)), Tally(regions=2, inventions=1)),
        (
            boxes((LEFT, "dog", "animal", 0.9), (NEAR_LEFT, "goat", "animal", 0.8)),
            Tally(regions=2, found=1, labelled=1, duplicates=1),
        ),
        (boxes(), Tally(regions=2)),
    ],
    ids=["right", "wrong label", "wrong kind", "elsewhere", "twice", "nothing"],
)
def test_what_a_picture_counts(found: Boxes, expected: Tally) -> None:
    assert tally_of(TRUTH, found) == expected


def test_pairs_are_one_to_one() -> None:
    found = boxes((LEFT, "goat", "animal", 0.9), (LEFT, "goat", "animal", 0.8))

    assert len(pairs_of(TRUTH, found)[0]) == 1


def test_kinds_are_counted_apart_and_together() -> None:
    found = boxes((LEFT, "goat", "animal", 0.9), (AWAY, "man", "person", 0.4))

    tallies = tallies_by_kind([(TRUTH, found), (TRUTH, boxes())])

    assert tallies["animal"].shares()["recall"] == pytest.approx(0.5)
    assert tallies["person"] == Tally(regions=2, inventions=1)
    assert tallies["all"] == Tally(regions=4, found=1, labelled=1, inventions=1)
    assert len(found.above(0.5).labels) == 1


def test_outcomes_say_which_boxes_were_right() -> None:
    found = boxes((LEFT, "goat", "animal", 0.9), (RIGHT, "Mary", "person", 0.4))

    confidences, right = outcomes([(TRUTH, found)])

    assert confidences == pytest.approx([0.9, 0.4])
    assert right.tolist() == [True, False]


def test_calibration_makes_confidences_true() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-(0.5 * logits + 1)))
    sure = (1 / (1 + np.exp(-logits))).astype(np.float32)

    slope, offset = calibration(sure, right)

    assert slope == pytest.approx(0.5, abs=0.06)
    assert offset == pytest.approx(1, abs=0.12)
    mended = (1 / (1 + np.exp(-(slope * logits + offset)))).astype(np.float32)
    assert calibration_error(mended, right) < 0.03 < calibration_error(sure, right)


def test_nothing_found_has_no_calibration_error() -> None:
    assert calibration_error(np.zeros(0, np.float32), np.zeros(0, np.bool_)) == 0
