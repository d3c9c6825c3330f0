from __future__ import annotations

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.ingest.scenes.facing import facing
from iconograph.ingest.scenes.figure import XY, Figure, Hair, skeleton_of
from iconograph.ingest.scenes.stage import Actor
from iconograph.ingest.scenes.values import DrawnRelation

EVE, ADAM, GOAT = 1, 2, 3


def an_actor(own: int, foot: XY, turn: float) -> Actor:
    """A woman of seven hundred pixels who stands at a place."""
    figure = Figure(
        sex="woman",
        foot=foot,
        height_px=700,
        facing=turn,
        hair=Hair(colour=(0, 0, 0)),
        skin=(0, 0, 0),
    )
    return Actor(id=own, figure=figure, skeleton=skeleton_of(figure), worn={})


def faced(*actors: Actor, goat: XY | None = None) -> set[tuple[int, int]]:
    middles = {actor.id: actor.figure.foot for actor in actors}
    if goat:
        middles[GOAT] = goat
    return {(r.subject_id, r.object_id) for r in facing(actors, middles)}


@pytest.mark.parametrize(
    ("eve", "adam", "expected"),
    [
        pytest.param(0.3, -0.3, {(EVE, ADAM), (ADAM, EVE)}, id="to each other"),
        pytest.param(0.3, 0.3, {(EVE, ADAM)}, id="one behind the other"),
        pytest.param(-0.3, 0.3, set(), id="back to back"),
        pytest.param(0.2, -0.2, set(), id="to the viewer"),
    ],
)
def test_bodies_face_what_they_are_turned_to(
    eve: float, adam: float, expected: set[tuple[int, int]]
) -> None:
    assert faced(an_actor(EVE, (100, 700), eve), an_actor(ADAM, (500, 700), adam)) == expected


@pytest.mark.parametrize(
    ("goat", "expected"),
    [
        pytest.param((300, 250), {(EVE, GOAT)}, id="a goat between"),
        pytest.param((800, 250), {(EVE, ADAM)}, id="a goat behind"),
        pytest.param((150, 700), {(EVE, ADAM)}, id="a goat at the feet"),
    ],
)
def test_the_nearest_on_the_level_is_faced(goat: XY, expected: set[tuple[int, int]]) -> None:
    eve, adam = an_actor(EVE, (100, 700), 0.3), an_actor(ADAM, (500, 700), 0.0)

    assert faced(eve, adam, goat=goat) == expected


def test_who_is_not_in_sight_faces_nobody() -> None:
    eve, adam = an_actor(EVE, (100, 700), 0.3), an_actor(ADAM, (500, 700), -0.3)

    found = list(facing([eve, adam], {EVE: (100, 700), GOAT: (300, 250)}))

    assert found == [DrawnRelation(subject_id=EVE, object_id=GOAT, kind=EdgeKind.FACES)]
