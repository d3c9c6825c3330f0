"""What the witnesses of pixels see, and that it turns with the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.model.geometry import folded_angle_deg
from iconograph.relations.axis.glance import Glance, glance_at
from iconograph.relations.axis.lines import Line, angle_between_deg
from iconograph.relations.axis.realms import realm_borders
from iconograph.relations.axis.segments import long_edges, straight_lines
from iconograph.relations.axis.symmetry import mirror_axes
from iconograph.relations.scene import scene_of
from tests.builders import a_work, an_image
from tests.unit.relations.axis.canvases import (
    SIDE_PX,
    glance_of,
    grained,
    panels,
    plain,
    two_realms,
)
from tests.unit.relations.pictures import PERSON, THRESHOLDS, Thing, a_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOBODY = scene_of(a_picture(size_px=(SIDE_PX, SIDE_PX)), THRESHOLDS)


def seen(pixels: NDArray[np.uint8]) -> list[Line]:
    glance = glance_of(pixels)
    return [
        *straight_lines(glance, THRESHOLDS.straight_lines),
        *realm_borders(NOBODY, glance, THRESHOLDS.realms),
        *mirror_axes(glance, THRESHOLDS.main_axes),
    ]


def bars(pixels: NDArray[np.uint8]) -> list[Line]:
    return [line for line in seen(pixels) if line.witness == "bar"]


def border(pixels: NDArray[np.uint8], *things: Thing) -> Line:
    scene = scene_of(a_picture(*things, size_px=(SIDE_PX, SIDE_PX)), THRESHOLDS)
    (line,) = realm_borders(scene, glance_of(pixels), THRESHOLDS.realms)
    return line


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(plain(), id="blank"),
        pytest.param(grained(plain()), id="grain"),
        pytest.param(plain()[:1, :1], id="one pixel"),
        pytest.param(plain()[:, :1], id="one column"),
        pytest.param(plain()[:3], id="three rows"),
    ],
)
def test_nothing_is_seen_in_a_picture_of_nothing(pixels: NDArray[np.uint8]) -> None:
    assert seen(pixels) == []


@pytest.mark.parametrize(
    ("drawn", "middles"),
    [
        pytest.param([(190, 206)], [198], id="diptych"),
        pytest.param([(96, 108), (292, 304)], [102, 298], id="triptych"),
        pytest.param([(0, 10), (390, 400)], [], id="frame around the picture"),
        pytest.param([(100, 300)], [], id="a panel is no bar"),
    ],
)
def test_bars_between_panels(drawn: list[tuple[int, int]], middles: list[int]) -> None:
    found = sorted(line.centre.x_px for line in bars(panels(*drawn)))

    assert found == pytest.approx(middles, abs=3)


def test_a_bar_is_strong_and_an_edge_alone_is_not() -> None:
    (bar,) = bars(panels((190, 206)))
    edges = long_edges(glance_of(panels((200, 400))), THRESHOLDS.straight_lines)

    assert bar.strength > 0.75
    assert abs(bar.angle_deg) == pytest.approx(90, abs=1)
    assert bar.length_px == pytest.approx(SIDE_PX, rel=0.05)
    assert bar.evidence.number("thickness_px") == pytest.approx(16, abs=3)
    assert [edge.centre.x_px for edge in edges] == pytest.approx([200], abs=2)
    assert edges[0].strength < 0.571  # what ACROSS_DIVIDE needs for a half


def test_edges_broken_by_a_figure_are_joined() -> None:
    pixels = panels((190, 206))
    pixels[150:220] = plain()[150:220]
    (bar,) = bars(pixels)

    assert bar.length_px == pytest.approx(SIDE_PX, rel=0.05)
    assert bar.evidence.number("bar_coverage") == pytest.approx(1 - 70 / SIDE_PX, abs=0.06)


@pytest.mark.parametrize("slope", [-1.0, -0.577, 0.0, 0.414, 1.0])
def test_the_border_of_two_realms_at_any_slope(slope: float) -> None:
    line = border(two_realms(slope=slope))

    assert angle_between_deg(line.angle_deg, np.degrees(np.arctan(slope))) <= 4
    assert (line.centre.x_px, line.centre.y_px) == pytest.approx((200, 200), abs=12)
    assert (line.evidence.number("realm_explained_fraction") or 0) > 0.8


def test_a_border_that_parts_persons_is_stronger_than_a_horizon_behind_them() -> None:
    pixels = two_realms(slope=-1.0)
    apart: list[Thing] = [
        ("God", PERSON, (40, 40, 120, 160)),
        ("man", PERSON, (280, 260, 360, 380)),
    ]
    before: list[Thing] = [("a", PERSON, (150, 150, 250, 250)), ("b", PERSON, (50, 230, 200, 380))]

    assert border(pixels, *apart).strength > 0.7
    assert border(pixels, *before).strength == border(pixels).strength
    assert border(pixels).strength < border(pixels, *apart).strength - 0.05


def test_a_smooth_passage_has_a_lower_step_than_a_border() -> None:
    ramp = np.linspace(0, 255, SIDE_PX).astype(np.uint8)
    passage = np.repeat(ramp[:, np.newaxis, np.newaxis], SIDE_PX, axis=1).repeat(3, axis=2)

    smooth, sharp = border(passage), border(two_realms(slope=0.0))
    assert (smooth.evidence.number("realm_step") or 0) < 0.5
    assert (sharp.evidence.number("realm_step") or 0) > 1.0


def symmetric() -> NDArray[np.uint8]:
    half = np.random.default_rng(1).integers(0, 255, (8, 4, 3)).repeat(50, 0).repeat(50, 1)
    return np.hstack([half, half[:, ::-1]]).astype(np.uint8)


def test_mirror_symmetry_is_a_main_axis() -> None:
    (axis,) = mirror_axes(glance_of(symmetric()), THRESHOLDS.main_axes)

    assert axis.strength > 0.95
    assert (axis.centre.x_px, axis.angle_deg) == pytest.approx((200, 90), abs=1)


def test_level_bands_are_not_mirrored_by_an_upright_axis() -> None:
    assert all(
        axis.angle_deg == 0
        for axis in mirror_axes(glance_of(two_realms(slope=0.0)), THRESHOLDS.main_axes)
    )


def places(lines: list[Line]) -> list[tuple[str, float, float]]:
    """Witness, and the line in normal form about the middle: angle in 0..180 and signed distance."""
    found = []
    for line in lines:
        angle = line.angle_deg % 180
        turn = np.radians(angle)
        away = np.array([line.centre.x_px, line.centre.y_px]) - SIDE_PX / 2
        found.append((line.witness, angle, float(away @ [-np.sin(turn), np.cos(turn)])))
    return found


def same(found: list[Line], expected: list[Line]) -> bool:
    """Whether each line has one on its place among the others."""

    def near(a: tuple[str, float, float], b: tuple[str, float, float]) -> bool:
        turned = abs(folded_angle_deg(a[1] - b[1]))
        flip = -1 if abs(a[1] - b[1]) > 90 else 1
        return a[0] == b[0] and turned <= 2 and abs(a[2] - flip * b[2]) <= 10

    ours, theirs = places(found), places(expected)
    return len(ours) == len(theirs) and all(any(near(a, b) for b in theirs) for a in ours)


def mirrored(line: Line) -> Line:
    centre = replace(line.centre, x_px=SIDE_PX - line.centre.x_px)
    return replace(line, centre=centre, angle_deg=folded_angle_deg(-line.angle_deg))


def turned(line: Line) -> Line:
    """As `np.rot90` does: a quarter turn against the clock."""
    centre = replace(line.centre, x_px=line.centre.y_px, y_px=SIDE_PX - line.centre.x_px)
    return replace(line, centre=centre, angle_deg=folded_angle_deg(line.angle_deg - 90))


pictures = st.one_of(
    st.builds(lambda slope: two_realms(slope=slope), st.sampled_from([-1.2, -0.7, 0.0, 0.3, 0.9])),
    st.builds(lambda x, thick: panels((x, x + thick)), st.integers(80, 300), st.integers(10, 20)),
)


@settings(deadline=None, max_examples=12)
@given(pictures)
def test_a_mirrored_picture_has_mirrored_lines(pixels: NDArray[np.uint8]) -> None:
    lines = [line for line in seen(pixels) if line.strength > 0.15]
    again = [line for line in seen(pixels[:, ::-1].copy()) if line.strength > 0.15]

    assert lines
    assert same(again, [mirrored(line) for line in lines])


@settings(deadline=None, max_examples=12)
@given(pictures)
def test_a_turned_picture_has_turned_lines(pixels: NDArray[np.uint8]) -> None:
    lines = [line for line in seen(pixels) if line.strength > 0.15]
    again = [line for line in seen(np.rot90(pixels).copy()) if line.strength > 0.15]

    assert lines
    assert same(again, [turned(line) for line in lines])


def test_places_are_in_the_pixels_of_the_image() -> None:
    pixels = panels((190, 206))
    half: Glance = glance_at(pixels[::2, ::2], an_image(a_work(), width_px=400, height_px=400))
    found = [e.centre.x_px for e in long_edges(half, THRESHOLDS.straight_lines)]

    assert sorted(found) == pytest.approx([190, 206], abs=3)
