"""What the mini gaze model in the wheel sees in a picture that it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from iconograph.graph.model.pose import GazeState
from iconograph.ingest.models.gaze.heatmap import HeatmapGazes
from iconograph.ingest.models.registry import ModelState, record_named, state_of
from tests.unit.ingest.training.mini_people import card_of, unseen_scene

SEED = 90_002


def test_where_figures_of_an_unseen_style_look_is_seen(tmp_path: Path) -> None:
    scene, figures = unseen_scene(SEED)
    gazes = HeatmapGazes.open(tmp_path)
    heads = np.array([part.head for part in figures], np.float32)
    for part, found in zip(figures, gazes(scene.picture, heads), strict=True):
        assert part.gaze is not None
        assert found is not None
        assert found.method == "mini-gaze@1"
        assert found.state is part.gaze.state
        if part.gaze.state is GazeState.TARGET:
            assert found.direction is not None
            assert part.gaze.direction is not None
            assert np.dot(found.direction, part.gaze.direction) > np.cos(np.radians(30))
            assert found.confidence > 0.5


def test_the_files_are_those_of_the_record(tmp_path: Path) -> None:
    assert state_of(record_named("mini-gaze"), tmp_path) is ModelState.READY
    assert "not paintings" in card_of("mini-gaze")
