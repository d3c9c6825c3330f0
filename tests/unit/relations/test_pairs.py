from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Outline
from iconograph.graph.model.region import region_of
from iconograph.relations.pairs import (
    best_rivals,
    covered_fractions,
    covering,
    gaps_px,
    near_pairs,
)
from iconograph.relations.scene import scene_of
from tests.builders import a_run, a_work, an_image
from tests.strategies import SIDE_PX, holed_outlines
from tests.unit.relations.pictures import OBJECT, PERSON, THRESHOLDS, a_picture

ROW = a_picture(*[(f"p{n}", PERSON, (100.0 * n, 0, 100 * n + 50, 100)) for n in range(5)])


@pytest.mark.parametrize(
    ("reach_px", "most", "expected"),
    [
        pytest.param(10.0, 9, set(), id="too short"),
        pytest.param(50.0, 9, {(2, 1), (2, 3)}, id="to the next"),
        pytest.param(500.0, 9, {(2, 0), (2, 1), (2, 3), (2, 4)}, id="to all"),
        pytest.param(500.0, 2, {(2, 1), (2, 3)}, id="the nearest only"),
    ],
)
def test_near_pairs(reach_px: float, most: int, expected: set[tuple[int, int]]) -> None:
    scene = scene_of(ROW, THRESHOLDS)
    subjects = np.arange(5) == 2

    first, second = near_pairs(scene, subjects, np.ones(5, bool), np.full(5, reach_px), most=most)

    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected


def test_gaps_and_covers() -> None:
    scene = scene_of(
        a_picture(("a", PERSON, (0, 0, 100, 100)), ("b", OBJECT, (50, 0, 150, 50))), THRESHOLDS
    )
    pair = (np.array([0]), np.array([1]))

    assert gaps_px(scene, pair) == [0.0]
    assert covered_fractions(scene, pair) == pytest.approx([0.5])


@given(st.lists(holed_outlines(), min_size=2, max_size=5, unique=True), st.floats(0.05, 1.0))
def test_covering_is_what_covers_enough(outlines: list[Outline], fraction: float) -> None:
    run, work = a_run(), a_work()
    image = an_image(work, width_px=SIDE_PX, height_px=SIDE_PX)
    regions = tuple(region_of(image, o, run_id=run.id, ordinal=n) for n, o in enumerate(outlines))
    bundle = ImageBundle(work=work, image=image, runs=(run,), regions=regions)
    first, second = np.nonzero(~np.eye(len(outlines), dtype=bool))
    pairs = (first, second)

    covered = covered_fractions(scene_of(bundle, THRESHOLDS), pairs)

    found = covering(scene_of(bundle, THRESHOLDS), pairs, fraction)
    assert found == pytest.approx(np.where(covered >= fraction, covered, 0.0))


def test_best_rivals() -> None:
    values = np.array([0.9, 0.5, 0.7, 0.2])
    things = np.array([1, 1, 1, 2])

    assert best_rivals(values, things, none=0.0).tolist() == [0.7, 0.9, 0.9, 0.0]
