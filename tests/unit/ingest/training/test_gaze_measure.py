from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.ingest.training.corpora import read_corpus
from iconograph.ingest.training.gaze_measure import Shown, merit_of, parts, target_hits, whole
from iconograph.ingest.training.gaze_views import IN_FRAME, VIEWER, Heads
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Point(x_px=30, y_px=25)


def towards(x: float, y: float, confidence: float = 1.0) -> Gaze:
    """A look from the woman's head to a point."""
    away = np.array([x - 30, y - 25]) / np.hypot(x - 30, y - 25)
    return Gaze(
        state=GazeState.TARGET, origin=ORIGIN, target=Point(x_px=x, y_px=y),
        direction=(float(away[0]), float(away[1])), confidence=confidence,
    )  # fmt: skip


def shown_in(folder: Path) -> Shown:
    return next(whole(read_corpus(write_tiny_corpus(folder))))


@pytest.mark.parametrize(
    ("gaze", "hit"),
    [
        (towards(71, 55), True),
        (towards(60, 50), True),
        (None, False),
        (Gaze(state=GazeState.VIEWER, origin=ORIGIN), False),
    ],
    ids=["on it", "nearest to it", "none", "at the viewer"],
)
def test_the_region_nearest_to_the_point_counts(
    tmp_path: Path, gaze: Gaze | None, *, hit: bool
) -> None:
    assert list(target_hits(shown_in(tmp_path), [gaze])) == [hit]


def test_a_perfect_answer_has_perfect_figures(tmp_path: Path) -> None:
    merit = merit_of([shown_in(tmp_path)], [[towards(70, 55)]])
    assert merit["heads"] == 1
    assert merit["state_accuracy"] == merit["in_frame_accuracy"] == merit["right"] == 1
    assert merit["median_angle_deg"] == pytest.approx(0, abs=0.1)
    assert merit["target_hit_rate"] == 1
    assert merit["calibration_error"] == 0


def test_looks_elsewhere_and_no_looks_count_against_it(tmp_path: Path) -> None:
    shown = shown_in(tmp_path)
    away = merit_of([shown], [[towards(5, 10, confidence=0.8)]])
    assert away["median_angle_deg"] > 90
    assert away["within_30_deg"] == away["right"] == 0
    assert away["calibration_error"] == pytest.approx(0.8, abs=1e-6)
    none = merit_of([shown], [[None]])
    assert none["median_angle_deg"] == 180
    assert none["state_accuracy"] == 0


def test_looks_at_the_viewer_have_no_angle() -> None:
    truth = Heads(
        boxes_px=np.array([[0, 0, 9, 9], [0, 0, 9, 9]], np.float32),
        targets_px=np.zeros((2, 2), np.float32),
        directions=np.array([[0, 0], [1, 0]], np.float32),
        states=np.array([VIEWER, IN_FRAME]),
    )
    shown = Shown(pixels=np.zeros((9, 9, 3), np.uint8), heads_px=truth.boxes_px, truth=truth)
    right = Gaze(state=GazeState.TARGET, origin=ORIGIN, direction=(1.0, 0.0))
    merit = merit_of([shown], [[Gaze(state=GazeState.VIEWER, origin=ORIGIN), right]])
    assert merit["right"] == merit["recall_viewer"] == merit["recall_target"] == 1
    assert "recall_outside" not in merit
    assert merit["target_hit_rate"] == 0


def test_parts_show_a_piece_of_the_picture_with_its_heads(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path, ("panel",) * 8))
    found = list(parts(pictures))
    assert 0 < len(found) <= 8
    for one in found:
        assert one.pixels.shape == (512, 512, 3)
        middle = (one.heads_px[:, :2] + one.heads_px[:, 2:]) / 2
        assert ((middle > -60) & (middle < 572)).all()
        assert list(target_hits(one, [None] * len(one.truth))) == []
