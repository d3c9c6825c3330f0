from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import Label
from iconograph.relations.gaze.closed import certainty_of_closed
from iconograph.relations.gaze.heads import gazes_of
from iconograph.relations.gaze.numbers import read_gaze_pull
from iconograph.relations.scene import scene_of
from tests.unit.relations.pictures import OBJECT, PERSON, THRESHOLDS, Thing, a_picture, edges_of

WORDS = read_gaze_pull().closed_words
BOX = (200.0, 50.0, 400.0, 900.0)
APPLE: Thing = ("apple", OBJECT, (500, 60, 540, 120))
TO_APPLE = Gaze(
    state=GazeState.UNKNOWN,
    origin=Point(x_px=300, y_px=90),
    direction=(1.0, 0.0),
    method="face-mesh/gaze@1",
)


@pytest.mark.parametrize(
    ("label", "certainty"),
    [
        ("dead soldier at the right", 1.0),
        ("Sleeping Venus", 1.0),
        ("blindfolded Cupid", 1.0),
        ("woman with a dead bird", 0.0),
        ("hunter, dead hare", 0.0),
        ("soldier", 0.0),
    ],
)
def test_what_a_label_says_of_the_thing_itself_counts(label: str, certainty: float) -> None:
    region = a_picture((label, PERSON, BOX)).regions[0]

    assert certainty_of_closed(region, WORDS) == certainty


def test_the_surest_label_that_says_so_counts() -> None:
    region = a_picture(("man", PERSON, BOX)).regions[0]
    labels = [("corpse", 0.3), ("dead man", 0.6), ("man", 0.9)]
    region = replace(region, labels=tuple(Label(text=t, confidence=c) for t, c in labels))

    assert certainty_of_closed(region, WORDS) == 0.6


@pytest.mark.parametrize(
    ("label", "method", "state"),
    [
        pytest.param("sleeping man", "face-mesh/gaze@1", GazeState.CLOSED, id="seen by a machine"),
        pytest.param("sleeping man", "annotation", GazeState.UNKNOWN, id="a person says he looks"),
        pytest.param("man", "face-mesh/gaze@1", GazeState.UNKNOWN, id="awake"),
    ],
)
def test_sleepers_look_at_nothing(label: str, method: str, state: GazeState) -> None:
    picture = a_picture((label, PERSON, BOX), APPLE)
    gaze = replace(TO_APPLE, method=method)
    regions = (replace(picture.regions[0], gaze=gaze), *picture.regions[1:])
    picture = replace(picture, regions=regions)

    found = gazes_of(scene_of(picture, THRESHOLDS), THRESHOLDS)[0]

    assert found
    assert found.state is state
    assert bool(edges_of(picture, EdgeKind.GAZES_AT)) is (state is GazeState.UNKNOWN)


def test_a_thing_is_not_asleep() -> None:
    picture = a_picture(("dead tree", OBJECT, BOX))

    assert gazes_of(scene_of(picture, THRESHOLDS), THRESHOLDS) == (None,)
