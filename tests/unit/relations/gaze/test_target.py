from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.graph.model.region import RegionKind
from iconograph.relations.gaze.target import gaze_masses, looked_at_px
from iconograph.relations.scene import scene_of
from tests.unit.relations.figures import TO_RIGHT, a_body
from tests.unit.relations.pictures import (
    ANIMAL,
    ATTRIBUTE,
    OBJECT,
    PART,
    PERSON,
    SETTING,
    THRESHOLDS,
    Thing,
    a_picture,
    edges_of,
    likely,
    named,
)

EVE: Thing = ("Eve", PERSON, (200, 50, 400, 900))
ADAM: Thing = ("Adam", PERSON, (600, 50, 800, 900))
EYES = Point(x_px=300, y_px=200)


def looking(
    *things: Thing,
    direction: tuple[float, float] | None = (1.0, 0.0),
    state: GazeState = GazeState.UNKNOWN,
    at: str = "",
) -> ImageBundle:
    """A picture in which Eve's gaze was given."""
    picture = a_picture(EVE, *things)
    gaze = Gaze(
        state=state,
        origin=EYES,
        direction=direction,
        target_region=named(picture)[at].id if at else None,
    )
    regions = tuple(replace(r, gaze=gaze) if r.label == "Eve" else r for r in picture.regions)
    return replace(picture, regions=regions)


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([("apple", OBJECT, (500, 180, 540, 220))], "apple", id="in the cone"),
        pytest.param([("apple", OBJECT, (0, 180, 40, 220))], None, id="behind"),
        pytest.param([("sky", SETTING, (500, 180, 540, 220))], None, id="a setting"),
        pytest.param([("hat", ATTRIBUTE, (500, 180, 540, 220))], None, id="what someone wears"),
        pytest.param([("hand", PART, (340, 180, 380, 220))], None, id="her own hand"),
        pytest.param([("hand", PART, (500, 180, 540, 220))], "hand", id="the hand of another"),
        pytest.param(
            [("apple", OBJECT, (500, 180, 540, 220)), ("pear", OBJECT, (500, 700, 540, 740))],
            "apple",
            id="the nearer to the direction",
        ),
        pytest.param(
            [("apple", OBJECT, (450, 180, 490, 220)), ("pear", OBJECT, (950, 180, 990, 220))],
            "apple",
            id="the nearer of two in line",
        ),
    ],
)
def test_a_gaze_goes_to_what_is_in_its_cone(things: list[Thing], expected: str | None) -> None:
    found = edges_of(looking(*things), EdgeKind.GAZES_AT)

    best = max(found, key=lambda ends: found[ends].confidence, default=None)
    assert best == (("Eve", expected) if expected else None)


def test_the_evidence_says_how_much_of_the_cone_is_taken() -> None:
    picture = looking(("apple", OBJECT, (500, 180, 540, 220)))

    evidence = edges_of(picture, EdgeKind.GAZES_AT)["Eve", "apple"].evidence

    assert 0.5 < (evidence.number("mass_fraction") or 0) < 1
    assert evidence.number("angle_deg") == pytest.approx(0.0, abs=1e-6)
    assert evidence.number("distance_heads") == pytest.approx(208 / (850 / 7))


@pytest.mark.parametrize("state", [GazeState.VIEWER, GazeState.OUTSIDE, GazeState.CLOSED])
def test_a_look_elsewhere_has_no_target(state: GazeState) -> None:
    assert edges_of(looking(ADAM, state=state), EdgeKind.GAZES_AT) == {}


def test_a_gaze_without_direction_has_no_target() -> None:
    assert edges_of(looking(ADAM, direction=None), EdgeKind.GAZES_AT) == {}


@pytest.mark.parametrize("direction", [(-1.0, 0.0), None])
def test_a_given_target_is_believed(direction: tuple[float, float] | None) -> None:
    picture = looking(
        ADAM, ("apple", OBJECT, (0, 180, 40, 220)), direction=direction, at="Adam",
        state=GazeState.TARGET,
    )  # fmt: skip

    assert likely(picture, EdgeKind.GAZES_AT) == {("Eve", "Adam")}


def test_a_less_trusted_gaze_makes_less_sure() -> None:
    sure, unsure = looking(ADAM), looking(ADAM)
    unsure = replace(
        unsure,
        regions=tuple(
            replace(r, gaze=replace(r.gaze, confidence=0.6)) if r.gaze else r
            for r in unsure.regions
        ),
    )
    ends = ("Eve", "Adam")

    assert (
        edges_of(unsure, EdgeKind.GAZES_AT)[ends].confidence
        < edges_of(sure, EdgeKind.GAZES_AT)[ends].confidence
    )


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([], id="nothing"),
        pytest.param([("apple", OBJECT, (500, 180, 540, 220))], id="no persons"),
        pytest.param([("Eve", PERSON, (0, 0, 1, 1))], id="one person of a pixel"),
    ],
)
def test_pictures_without_gazes(things: list[Thing]) -> None:
    assert edges_of(a_picture(*things), EdgeKind.GAZES_AT) == {}


def test_key_points_outside_the_picture_do_no_harm() -> None:
    picture = a_picture(EVE, ADAM, poses={"Eve": a_body((-4000, 9000), TO_RIGHT)})

    assert set(edges_of(picture, EdgeKind.GAZES_AT)) <= {("Eve", "Adam")}


@given(
    x=st.integers(0, 900),
    y=st.integers(0, 900),
    nose=st.tuples(st.floats(-60, 60), st.floats(0, 40)),
)
def test_a_mirrored_picture_has_the_mirrored_edges(
    x: int, y: int, nose: tuple[float, float]
) -> None:
    joints = TO_RIGHT | {"nose": nose}
    box = (float(x), float(y), x + 80.0, y + 60.0)
    mirrored = (1000 - box[2], box[1], 1000 - box[0], box[3])
    eve = (1000 - EVE[2][2], EVE[2][1], 1000 - EVE[2][0], EVE[2][3])
    ours = a_picture(EVE, ("apple", OBJECT, box), poses={"Eve": a_body((300, 200), joints)})
    theirs = a_picture(
        ("Eve", PERSON, eve),
        ("apple", OBJECT, mirrored),
        poses={"Eve": a_body((700, 200), joints, flip=True)},
    )

    found, turned = (
        {ends: e.confidence for ends, e in edges_of(picture, EdgeKind.GAZES_AT).items()}
        for picture in (ours, theirs)
    )

    assert found == pytest.approx(turned, abs=1e-5)


def test_a_crowd_gives_edges_in_proportion() -> None:
    crowd = [
        (
            f"p{i}",
            PERSON,
            (10.0 * (i % 40), 20.0 * (i // 40), 10.0 * (i % 40) + 9, 20.0 * (i // 40) + 18),
        )
        for i in range(400)
    ]

    found = edges_of(looking(*crowd), EdgeKind.GAZES_AT)

    assert len(found) <= THRESHOLDS.gazes_at.most_candidates


def test_who_stands_in_the_middle_draws_more_eyes() -> None:
    picture = looking(
        ("Adam", PERSON, (450, 50, 550, 900)),
        ("Cain", PERSON, (50, 50, 150, 900)),
        direction=(0.0, 1.0),
    )
    scene = scene_of(picture, THRESHOLDS)
    pairs, measures = gaze_masses(scene, THRESHOLDS)

    by_name = {
        scene.regions[row].label: mass
        for row, mass in zip(pairs[1], measures["mass_fraction"], strict=True)
    }
    assert by_name["Adam"] > 1.2 * by_name["Cain"]


def test_a_found_face_of_unknown_size_is_looked_at() -> None:
    nose = {"nose": (0.0, 0.0)}
    picture = a_picture(EVE, ADAM, poses={"Adam": a_body((700, 850), nose)})
    scene = scene_of(picture, THRESHOLDS)

    places = looked_at_px(scene, THRESHOLDS)

    assert abs(places[1] - (700, 850)).max() < 100
    assert places[0][:, 1].min() < 300 < places[0][:, 1].max()


def masses_of(picture: ImageBundle) -> dict[str, float]:
    """What of Eve's gaze falls on each thing."""
    scene = scene_of(picture, THRESHOLDS)
    (first, second), measures = gaze_masses(scene, THRESHOLDS)
    return {
        scene.regions[row].label: float(mass)
        for gazer, row, mass in zip(first, second, measures["mass_fraction"], strict=True)
        if scene.regions[gazer].label == "Eve"
    }


def with_gaze(picture: ImageBundle, **changes: Any) -> ImageBundle:
    """Eve's gaze changed."""
    return replace(
        picture,
        regions=tuple(
            replace(r, gaze=replace(r.gaze, **changes)) if r.gaze else r for r in picture.regions
        ),
    )


PEAR: Thing = ("pear", OBJECT, (450, 150, 490, 190))
FAR_PEAR: Thing = ("far pear", OBJECT, (900, 210, 940, 250))


@pytest.mark.parametrize(
    ("at", "expected"), [((470, 170), "pear"), ((920, 230), "far pear")], ids=["near", "far"]
)
def test_where_a_model_ends_a_gaze_lies_what_is_looked_at(
    at: tuple[int, int], expected: str
) -> None:
    end = Point(x_px=at[0], y_px=at[1])
    picture = with_gaze(looking(PEAR, FAR_PEAR), target=end, state=GazeState.TARGET)

    masses = masses_of(picture)

    assert max(masses, key=lambda name: masses[name]) == expected


def test_a_gaze_that_has_an_end_leaves_nothing_over() -> None:
    behind = looking(("apple", OBJECT, (450, 600, 490, 640)))

    assert sum(masses_of(with_gaze(behind, state=GazeState.TARGET)).values()) == pytest.approx(1.0)
    assert sum(masses_of(behind).values()) < 0.999


@pytest.mark.parametrize(
    ("method", "drawn"),
    [("face-mesh/gaze@1", "ahead"), ("annotation", "below")],
    ids=["a machine's gaze", "a person's word"],
)
def test_key_points_are_a_second_witness_of_a_machines_gaze(method: str, drawn: str) -> None:
    ahead: Thing = ("ahead", OBJECT, (600, 210, 640, 250))
    below: Thing = ("below", OBJECT, (530, 360, 570, 400))
    slanting = with_gaze(
        looking(ahead, below), direction=(0.88, 0.475), cone_deg=76.0, confidence=0.9, method=method
    )
    pose = a_body((300, 200), TO_RIGHT)
    told = replace(
        slanting,
        regions=tuple(replace(r, pose=pose) if r.label == "Eve" else r for r in slanting.regions),
    )

    alone, both = masses_of(slanting), masses_of(told)

    assert max(alone, key=lambda name: alone[name]) == "below"
    assert max(both, key=lambda name: both[name]) == drawn


def test_the_largest_share_of_a_gaze_is_marked() -> None:
    scene = scene_of(looking(ADAM, PEAR, FAR_PEAR), THRESHOLDS)
    _, measures = gaze_masses(scene, THRESHOLDS)

    marked = measures["is_first"].astype(bool)

    assert marked.sum() == 1
    assert measures["mass_fraction"][marked] == measures["mass_fraction"].max()


@pytest.mark.parametrize(
    ("label", "kind"),
    [("dog", ANIMAL), ("cloak", OBJECT), ("table", OBJECT)],
)
def test_what_a_thing_is_decides_how_much_it_draws(label: str, kind: RegionKind) -> None:
    def against_an_apple(name: str, other: RegionKind) -> float:
        masses = masses_of(
            looking(("apple", OBJECT, (600, 100, 640, 140)), (name, other, (600, 260, 640, 300)))
        )
        return masses[name] / masses["apple"]

    assert 0.2 < against_an_apple(label, kind) / against_an_apple("pear", OBJECT) < 0.8
