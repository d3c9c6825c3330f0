from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.geometry import Outline, Point, Polygon
from iconograph.graph.model.ids import axis_id
from iconograph.graph.model.region import Label, region_of
from iconograph.relations.axis.lines import sides_of
from iconograph.relations.derive import derive
from iconograph.relations.scene import scene_of
from tests.unit.relations.pictures import (
    OBJECT,
    PERSON,
    SETTING,
    THRESHOLDS,
    Thing,
    a_picture,
    edges_of,
    likely,
)

LEFT: Thing = ("left", PERSON, (100, 200, 400, 900))
RIGHT: Thing = ("right", PERSON, (600, 200, 900, 900))


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([LEFT, RIGHT], set(), id="a gap alone"),
        pytest.param(
            [LEFT, RIGHT, ("column", SETTING, (470, 100, 530, 900))],
            {("left", "right")},
            id="column between",
        ),
        pytest.param(
            [LEFT, RIGHT, ("lamp", OBJECT, (470, 100, 530, 900))], set(), id="lamp between"
        ),
        pytest.param(
            [LEFT, ("column", SETTING, (470, 100, 530, 900))], set(), id="one side is empty"
        ),
        pytest.param(
            [LEFT, RIGHT, ("column", SETTING, (470, 10, 530, 150))], set(), id="column above both"
        ),
        pytest.param(
            [
                ("God", PERSON, (400, 20, 600, 250)),
                ("angel", PERSON, (100, 30, 250, 240)),
                ("left", PERSON, (100, 500, 300, 900)),
                ("right", PERSON, (600, 480, 800, 900)),
            ],
            {("God", "left"), ("God", "right"), ("angel", "left"), ("angel", "right")},
            id="heaven and earth",
        ),
        pytest.param(
            [
                ("God", PERSON, (400, 20, 430, 60)),
                ("angel", PERSON, (100, 30, 140, 70)),
                ("left", PERSON, (100, 300, 300, 900)),
                ("right", PERSON, (600, 280, 800, 900)),
            ],
            set(),
            id="small figures above are far away",
        ),
        pytest.param(
            [
                ("Mary", PERSON, (420, 200, 580, 800)),
                ("saint", PERSON, (50, 200, 350, 800)),
                ("mandorla", SETTING, (400, 150, 600, 850)),
            ],
            {("Mary", "saint")},
            id="within and outside a mandorla",
        ),
    ],
)
def test_across_divide(things: list[Thing], expected: set[tuple[str, str]]) -> None:
    assert likely(a_picture(*things), EdgeKind.ACROSS_DIVIDE) == expected


def test_an_edge_tells_which_divide_and_how_far() -> None:
    picture = a_picture(LEFT, RIGHT, ("column", SETTING, (470, 100, 530, 900)))
    derived = derive(picture, thresholds=THRESHOLDS)
    edge = edges_of(picture, EdgeKind.ACROSS_DIVIDE)["left", "right"]
    divide = derived.axes[int(edge.evidence.number("divide_ordinal") or 0)]
    labels = {region.id: region.label for region in derived.regions}
    subject_px = {"left": -250, "right": 250}[labels[edge.subject_id]]

    assert divide.kind is AxisKind.DIVIDE
    assert divide.centre == Point(x_px=500.0, y_px=500.0)
    assert divide.angle_deg == 90
    assert edge.evidence.number("subject_distance_diagonals") == pytest.approx(
        subject_px / 1000 / 2**0.5, abs=1e-5
    )
    assert edge.evidence.number("straddle_fraction") == 0


def with_cloud_bank(bundle: ImageBundle) -> ImageBundle:
    """A band from lower left to upper right, drawn as a polygon."""
    ring = ((0, 900), (900, 0), (1000, 100), (100, 1000))
    cloud = region_of(
        bundle.image,
        Outline(parts=(Polygon(exterior=ring),)),
        run_id=bundle.runs[0].id,
        kind=SETTING,
        labels=(Label(text="bank of cloud"),),
    )
    cloud = replace(cloud, labels=(Label(text="cloud"),))
    return replace(bundle, regions=(*bundle.regions, cloud))


def test_a_slanting_cloud_bank_divides() -> None:
    picture = with_cloud_bank(
        a_picture(("God", PERSON, (150, 100, 350, 300)), ("man", PERSON, (600, 650, 800, 850)))
    )
    axes = derive(picture, thresholds=THRESHOLDS).axes

    assert likely(picture, EdgeKind.ACROSS_DIVIDE) == {("God", "man")}
    assert any(axis.angle_deg == pytest.approx(-45, abs=1) for axis in axes)


@pytest.fixture
def diagonal() -> Axis:
    picture = a_picture(LEFT)
    return Axis(
        id=axis_id(picture.image.id, AxisKind.DIVIDE, 0),
        image_id=picture.image.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=500, y_px=500),
        angle_deg=-45,
        length_px=1400,
        strength=0.9,
        method="colour/divide@1",
        run_id=picture.runs[0].id,
    )


def test_divides_of_other_witnesses_are_kept_and_used(diagonal: Axis) -> None:
    picture = a_picture(
        ("God", PERSON, (100, 100, 300, 350)), ("man", PERSON, (700, 300, 900, 900))
    )
    derived = derive(replace(picture, axes=(diagonal,)), thresholds=THRESHOLDS)

    assert derived.axes[0] == diagonal
    assert len({axis.id for axis in derived.axes}) == len(derived.axes)
    assert likely(replace(picture, axes=(diagonal,)), EdgeKind.ACROSS_DIVIDE) == {("God", "man")}


@pytest.mark.parametrize(
    ("box", "sign", "straddle"),
    [
        pytest.param((100, 100, 200, 200), -1, 0.0, id="above left"),
        pytest.param((800, 800, 900, 900), 1, 0.0, id="below right"),
        pytest.param((450, 450, 550, 550), 0, 0.5, id="on the line"),
        pytest.param((475, 475, 575, 575), 1, 0.5 - 25 * 2**0.5 / 100, id="a part across"),
    ],
)
def test_sides_of_a_slanting_line(
    diagonal: Axis, box: tuple[float, float, float, float], sign: int, straddle: float
) -> None:
    scene = scene_of(a_picture(("thing", OBJECT, box)), THRESHOLDS)
    sides = sides_of(scene, diagonal)

    assert np.sign(np.round(sides.distances_px[0], 6)) == sign
    assert sides.straddle_fractions[0] == pytest.approx(straddle)


def test_a_mandorla_with_nobody_in_it_parts_nothing() -> None:
    picture = a_picture(
        ("left", PERSON, (50, 200, 350, 800)),
        ("right", PERSON, (650, 200, 950, 800)),
        ("mandorla", SETTING, (400, 150, 600, 500)),
    )
    axes = derive(picture, thresholds=THRESHOLDS).axes

    assert all(axis.evidence.number("enclosed_width_px") is None for axis in axes)
