from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.relations.gaze.attention import shared_and_returned
from iconograph.relations.gaze.target import gaze_masses
from iconograph.relations.scene import scene_of
from tests.unit.relations.pictures import PERSON, THRESHOLDS, Thing, a_picture, named


def test_masses_of_others_and_what_comes_back() -> None:
    first, second = np.array([0, 0, 1, 2]), np.array([1, 2, 0, 1])
    masses = np.array([0.5, 0.2, 0.7, 0.3])

    shared, returned = shared_and_returned((first, second), masses, 3)

    assert shared == pytest.approx([0.3, 0.0, 0.0, 0.5])
    assert returned == pytest.approx([0.7, 0.0, 0.5, 0.0])


def test_no_pairs_give_nothing() -> None:
    nothing = np.empty(0, np.intp)

    shared, returned = shared_and_returned((nothing, nothing), np.empty(0), 0)

    assert (shared.size, returned.size) == (0, 0)


EVE: Thing = ("Eve", PERSON, (450, 100, 550, 500))
ADAM: Thing = ("Adam", PERSON, (750, 60, 850, 460))
ABEL: Thing = ("Abel", PERSON, (750, 500, 850, 900))
CAIN: Thing = ("Cain", PERSON, (100, 500, 200, 900))
TO_NEITHER = (0.64, 0.77)
"""From Eve between Adam and Abel."""


def looking(*gazes: tuple[str, tuple[float, float]]) -> ImageBundle:
    picture = a_picture(EVE, ADAM, ABEL, CAIN)
    regions, ways = named(picture), dict(gazes)

    def gaze_of(name: str) -> Gaze:
        box = regions[name].box
        x, y = ways[name]
        length = float(np.hypot(x, y))
        eyes = Point(x_px=box.centre.x_px, y_px=box.y0_px + 20)
        direction = (x / length, y / length)
        return Gaze(state=GazeState.UNKNOWN, origin=eyes, direction=direction, confidence=0.9)

    return replace(
        picture,
        regions=tuple(
            replace(region, gaze=gaze_of(region.label)) if region.label in ways else region
            for region in picture.regions
        ),
    )


def measure(picture: ImageBundle, name: str, subject: str, object_: str) -> float:
    """What was measured of a pair, however unsure it is."""
    scene = scene_of(picture, THRESHOLDS)
    (first, second), measures = gaze_masses(scene, THRESHOLDS)
    labels = [region.label for region in scene.regions]
    pairs = [(labels[a], labels[b]) for a, b in zip(first, second, strict=True)]
    return float(measures[name][pairs.index((subject, object_))])


@pytest.mark.parametrize(
    ("other", "way"),
    [
        pytest.param("Abel", (-0.6, -0.8), id="who looks back"),
        pytest.param("Cain", (1.0, 0.3), id="whom another looks at"),
    ],
)
def test_looks_draw_looks(other: str, way: tuple[float, float]) -> None:
    alone = looking(("Eve", TO_NEITHER))
    together = looking(("Eve", TO_NEITHER), (other, way))

    to_abel, to_adam = (
        [measure(picture, "mass_fraction", "Eve", name) for picture in (alone, together)]
        for name in ("Abel", "Adam")
    )
    assert to_abel[1] > to_abel[0] + 0.03
    assert to_adam[1] < to_adam[0]


def test_the_evidence_tells_of_other_looks() -> None:
    picture = looking(("Eve", TO_NEITHER), ("Cain", (1.0, 0.0)))

    assert measure(picture, "shared_gazes", "Eve", "Abel") > 0.2
    assert measure(picture, "returned_fraction", "Eve", "Abel") == 0.0
