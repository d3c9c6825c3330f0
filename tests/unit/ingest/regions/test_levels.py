from __future__ import annotations

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.geometry import Box
from iconograph.graph.model.region import Level
from iconograph.ingest.regions.levels import scenes_of
from tests.builders import a_run
from tests.unit.ingest.regions.proposing import a_picture

RUN = a_run().id


def panel(x0: float, x1: float) -> Box:
    return Box(x0_px=x0, y0_px=0, x1_px=x1, y1_px=1000)


def test_a_picture_without_panels_is_one_scene() -> None:
    (scene,) = scenes_of(a_picture(), run_id=RUN)

    assert (scene.level, scene.area_fraction, scene.parent_id) == (Level.SCENE, 1.0, None)


def test_panels_lie_in_the_whole_from_left_to_right() -> None:
    whole, left, right = scenes_of(
        a_picture(), panels=(panel(510, 1000), panel(0, 490), panel(0, 490)), run_id=RUN
    )

    assert left.box.x0_px < right.box.x0_px
    assert {left.parent_id, right.parent_id} == {whole.id}


def test_a_panel_that_is_the_whole_is_no_second_scene() -> None:
    assert len(scenes_of(a_picture(), panels=(panel(0, 1000),), run_id=RUN)) == 1


def test_a_panel_is_cut_to_the_picture_and_refused_beside_it() -> None:
    assert scenes_of(a_picture(), panels=(panel(500, 1200),), run_id=RUN)[1].box.x1_px == 1000
    with pytest.raises(InvalidValueError, match="outside the image"):
        scenes_of(a_picture(), panels=(panel(1100, 1200),), run_id=RUN)
