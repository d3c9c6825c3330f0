from __future__ import annotations

from dataclasses import fields

import pytest

from iconograph.relations.gaze.numbers import GazePull, read_gaze_pull
from iconograph.relations.gaze.target import gaze_masses
from iconograph.relations.scene import scene_of
from tests.unit.relations.pictures import PERSON, THRESHOLDS, a_picture


@pytest.mark.parametrize("name", [f.name for f in fields(GazePull) if f.type == "float"])
def test_weights_and_powers_are_positive(name: str) -> None:
    assert getattr(read_gaze_pull(), name) > 0


def test_what_the_confidence_weighs_is_measured() -> None:
    scene = scene_of(a_picture(("Eve", PERSON, (0, 0, 100, 400))), THRESHOLDS)

    _, measures = gaze_masses(scene, THRESHOLDS)

    assert set(read_gaze_pull().confidence.weights) <= set(measures)
