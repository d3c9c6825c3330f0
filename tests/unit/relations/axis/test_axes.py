"""Axes of a picture from all witnesses together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.axis import AxisKind
from iconograph.graph.model.edge import EdgeKind, Evidence
from iconograph.graph.model.geometry import Point
from iconograph.ingest.pictures import Picture
from iconograph.relations.axis.agreement import agreed
from iconograph.relations.axis.bodies import mean_line_of_bodies
from iconograph.relations.axis.divides import FRAME, GEOMETRY, PIXELS
from iconograph.relations.axis.lines import Line, chord_of
from iconograph.relations.axis.margins import widest_margin
from iconograph.relations.axis.things import parting_things
from iconograph.relations.derive import derive
from iconograph.relations.scene import scene_of
from iconograph.relations.stage import DeriveRelations
from tests.unit.relations.axis.canvases import SIDE_PX, panels, plain, two_realms
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

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle

SIZE = (SIDE_PX, SIDE_PX)
GOD: Thing = ("God", PERSON, (40, 40, 120, 160))
ANGEL: Thing = ("angel", PERSON, (170, 30, 230, 90))
MAN: Thing = ("man", PERSON, (280, 230, 360, 380))


def heaven_and_earth() -> ImageBundle:
    return a_picture(GOD, ANGEL, MAN, size_px=SIZE)


def line(angle_deg: float, strength: float, witness: str, *, x_px: float = 200) -> Line:
    return Line(
        witness=witness,
        centre=Point(x_px=x_px, y_px=200),
        angle_deg=angle_deg,
        length_px=400,
        strength=strength,
        evidence=Evidence(numbers=((f"{witness}_measure", 0.5),)),
    )


def test_a_diagonal_parts_the_divine_from_the_human_realm() -> None:
    """The founding example: from lower left to upper right, seen in the picture."""
    picture, pixels = heaven_and_earth(), two_realms(slope=-1.0)
    derived = derive(picture, thresholds=THRESHOLDS, pixels=pixels)
    diagonal = next(axis for axis in derived.axes if axis.method == PIXELS)

    assert diagonal.kind is AxisKind.DIVIDE
    assert diagonal.angle_deg == pytest.approx(-45, abs=4)
    assert diagonal.strength > 0.7
    assert diagonal.evidence.number("realm_strength")
    found = edges_of(picture, EdgeKind.ACROSS_DIVIDE, pixels=pixels)
    assert {ends for ends, edge in found.items() if edge.confidence >= 0.5} == {
        ("God", "man"),
        ("angel", "man"),
    }


def test_a_frame_parts_what_a_gap_alone_does_not() -> None:
    two = a_picture(
        ("left", PERSON, (40, 100, 170, 390)), ("right", PERSON, (230, 100, 360, 390)), size_px=SIZE
    )
    framed = edges_of(two, EdgeKind.ACROSS_DIVIDE, pixels=panels((192, 208)))

    assert likely(two, EdgeKind.ACROSS_DIVIDE) == set()
    assert framed["left", "right"].confidence > 0.7
    divide = derive(two, thresholds=THRESHOLDS, pixels=panels((192, 208))).axes[0]
    assert (divide.method, divide.kind) == (FRAME, AxisKind.DIVIDE)


def test_a_blank_picture_without_regions_has_no_axes() -> None:
    empty = a_picture(size_px=SIZE)

    assert derive(empty, thresholds=THRESHOLDS, pixels=plain()).axes == ()


def test_regions_of_one_pixel_do_no_harm() -> None:
    dots = a_picture(
        ("a", PERSON, (10, 10, 11, 11)), ("b", PERSON, (390, 390, 391, 391)), size_px=SIZE
    )

    assert derive(dots, thresholds=THRESHOLDS, pixels=two_realms(slope=-1.0)).axes


def test_without_the_picture_what_was_seen_in_it_stays() -> None:
    seen = derive(heaven_and_earth(), thresholds=THRESHOLDS, pixels=two_realms(slope=-1.0))
    again = derive(seen, thresholds=THRESHOLDS)

    assert [a for a in again.axes if a.method == PIXELS] == [
        a for a in seen.axes if a.method == PIXELS
    ]
    assert len({axis.id for axis in again.axes}) == len(again.axes)
    assert {(e.id, e.confidence) for e in again.edges} == {(e.id, e.confidence) for e in seen.edges}


def test_axes_that_are_not_found_again_are_removed() -> None:
    seen = derive(heaven_and_earth(), thresholds=THRESHOLDS, pixels=two_realms(slope=-1.0))
    again = derive(replace(seen, regions=(), edges=()), thresholds=THRESHOLDS, pixels=plain())

    assert seen.axes
    assert again.axes == ()
    assert again.removed_axes == {axis.id for axis in seen.axes}


def test_the_stage_looks_at_the_picture(tmp_path: Path) -> None:
    pixels: NDArray[np.uint8] = two_realms(slope=-1.0)
    picture = Picture(path=tmp_path / "p.png", sha256="0", width_px=SIDE_PX, height_px=SIDE_PX)
    vars(picture)["pixels"] = pixels
    stage = DeriveRelations(thresholds=THRESHOLDS)

    assert any(axis.method == PIXELS for axis in stage(heaven_and_earth(), picture).axes)
    assert {axis.method for axis in stage(heaven_and_earth(), None).axes} == {GEOMETRY}


@pytest.mark.parametrize(
    ("others", "strengths"),
    [
        pytest.param([line(5, 0.5, "edge")], [0.8], id="agree"),
        pytest.param([line(5, 0.5, "realm")], [0.6, 0.5], id="the same witness twice"),
        pytest.param([line(40, 0.5, "edge")], [0.6, 0.5], id="another direction"),
        pytest.param(
            [line(90, 0.7, "edge"), line(-85, 0.5, "corridor", x_px=205)], [0.85, 0.6], id="upright"
        ),
        pytest.param([line(2, 0.5, "edge"), line(-2, 0.5, "level")], [0.9], id="three agree"),
    ],
)
def test_agreement(others: list[Line], strengths: list[float]) -> None:
    found = agreed([line(0, 0.6, "realm"), *others], 566, THRESHOLDS.divides)

    assert [one.strength for one in found] == pytest.approx(strengths)


def test_an_agreed_line_tells_all_its_witnesses() -> None:
    (found,) = agreed(
        [line(0, 0.6, "level"), replace(line(1, 0.5, "edge"), from_pixels=True)],
        566,
        THRESHOLDS.divides,
    )

    assert found.witness == "level"
    assert found.from_pixels
    assert dict(found.evidence.numbers) == {
        "edge_measure": 0.5, "edge_strength": 0.5, "level_measure": 0.5, "level_strength": 0.6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("things", "angle_deg"),
    [
        pytest.param([GOD, MAN], -60, id="down to the right"),
        pytest.param([("a", PERSON, (280, 40, 360, 160)), ("b", PERSON, (40, 260, 120, 380))], 52.5, id="down to the left"),
    ],
)  # fmt: skip
def test_the_widest_margin_slants_between_groups(things: list[Thing], angle_deg: float) -> None:
    scene = scene_of(a_picture(*things, size_px=SIZE), THRESHOLDS)
    (found,) = widest_margin(scene, THRESHOLDS)

    assert found.angle_deg == pytest.approx(angle_deg, abs=8)
    assert found.strength < 0.571


def test_no_margin_where_bodies_overlap_at_all_angles() -> None:
    crossed = a_picture(("a", PERSON, (100, 20, 200, 380)), ("b", PERSON, (20, 100, 380, 200)))

    assert widest_margin(scene_of(crossed, THRESHOLDS), THRESHOLDS) == ()


@pytest.mark.parametrize(
    ("boxes", "angle_deg"),
    [
        pytest.param([(0, 100, 50, 200), (150, 100, 200, 200), (350, 100, 400, 200)], 0, id="row"),
        pytest.param([(0, 0, 40, 40), (150, 150, 190, 190), (300, 300, 340, 340)], 45, id="steps"),
        pytest.param([(100, 10, 150, 390)], 90, id="one standing"),
        pytest.param([(100, 100, 200, 200)], None, id="round"),
    ],
)
def test_the_mean_line_of_the_bodies(
    boxes: list[tuple[float, float, float, float]], angle_deg: float | None
) -> None:
    people: list[Thing] = [(f"p{n}", PERSON, box) for n, box in enumerate(boxes)]
    scene = scene_of(a_picture(*people, size_px=SIZE), THRESHOLDS)
    found = [one.angle_deg for one in mean_line_of_bodies(scene, THRESHOLDS.main_axes)]

    assert found == pytest.approx([] if angle_deg is None else [angle_deg], abs=1e-3)


@pytest.mark.parametrize(
    ("thing", "parts"),
    [
        pytest.param(("tree", OBJECT, (190, 60, 215, 390)), True, id="tree"),
        pytest.param(("stream", SETTING, (185, 110, 215, 400)), True, id="stream"),
        pytest.param(("house", OBJECT, (20, 20, 380, 390)), False, id="broad"),
        pytest.param(("stool", OBJECT, (190, 300, 215, 390)), False, id="low"),
        pytest.param(("spear", OBJECT, (195, 60, 205, 390)), False, id="carried"),
        pytest.param(("tree", OBJECT, (15, 60, 30, 390)), False, id="aside"),
    ],
)
def test_things_that_fill_the_way_between_figures(thing: Thing, *, parts: bool) -> None:
    people: list[Thing] = [("a", PERSON, (40, 100, 170, 390)), ("b", PERSON, (230, 100, 360, 390))]
    scene = scene_of(a_picture(*people, thing, size_px=SIZE), THRESHOLDS)

    assert bool(parting_things(scene, THRESHOLDS)) is parts


@pytest.mark.parametrize(
    ("x_px", "angle_deg", "length_px"),
    [
        pytest.param(100, 90, 100, id="upright"),
        pytest.param(100, 0, 200, id="level"),
        pytest.param(100, 45, 100 * 2**0.5, id="slanting"),
        pytest.param(250, 90, 0, id="outside"),
    ],
)
def test_the_part_of_a_line_in_a_picture(x_px: float, angle_deg: float, length_px: float) -> None:
    _, found_px = chord_of(Point(x_px=x_px, y_px=50), angle_deg, (200, 100))

    assert found_px == pytest.approx(length_px)


def test_what_stands_before_a_column_is_on_neither_side() -> None:
    picture = a_picture(
        ("left", PERSON, (100, 200, 400, 900)),
        ("right", PERSON, (600, 200, 900, 900)),
        ("dove", PERSON, (440, 300, 530, 380)),
        ("column", SETTING, (480, 100, 540, 900)),
    )

    assert likely(picture, EdgeKind.ACROSS_DIVIDE) == {("left", "right")}
