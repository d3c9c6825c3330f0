"""Skeletons and gazes on a drawn picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pictures

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import COCO_KEY_POINTS, Gaze, GazeState, KeyPoint, Pose
from iconograph.relations.drawing.scene import draw_scene
from tests.unit.relations.pictures import PERSON, a_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

(EVE,) = a_picture(("Eve", PERSON, (100, 100, 400, 900))).regions
GREY = Pictures.new("RGB", (1000, 1000), (90, 90, 90))
EYES = Point(x_px=250, y_px=180)
SHOULDERS = {"left_shoulder": (320.0, 300.0), "right_shoulder": (180.0, 300.0)}


def body(points: dict[str, tuple[float, float]], confidence: float = 1.0) -> Pose:
    nowhere = KeyPoint(x_px=0, y_px=0, confidence=0)
    placed = {
        name: KeyPoint(x_px=x, y_px=y, confidence=confidence) for name, (x, y) in points.items()
    }
    return Pose(key_points=tuple(placed.get(name, nowhere) for name in COCO_KEY_POINTS))


def changed(**fields: object) -> NDArray[np.bool_]:
    """Which pixels differ from the picture of the figure without these, height x width."""
    plain = draw_scene(GREY, [EVE], ())
    seen = draw_scene(GREY, [replace(EVE, **fields)], ())  # type: ignore[arg-type]
    return np.asarray(np.any(np.asarray(plain) != np.asarray(seen), axis=2), np.bool_)


def scaled(values: float) -> int:
    return round(values * 1.024)


def test_bones_join_the_points_that_were_found() -> None:
    drawn = changed(pose=body(SHOULDERS))

    assert drawn[scaled(300) - 2 : scaled(300) + 3, scaled(250)].any()
    assert not drawn[scaled(500) :].any()


def test_points_that_are_not_sure_are_left_out() -> None:
    assert not changed(pose=body(SHOULDERS, confidence=0.1)).any()


def test_hands_have_rings() -> None:
    drawn = changed(pose=Pose(hands=(Point(x_px=600, y_px=600),)))

    assert drawn[scaled(570) : scaled(630), scaled(570) : scaled(630)].any()
    assert not drawn[scaled(600), scaled(600)]


@pytest.mark.parametrize("direction", [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0)])
def test_a_cone_opens_along_the_gaze(direction: tuple[float, float]) -> None:
    gaze = Gaze(state=GazeState.TARGET, origin=EYES, direction=direction, cone_deg=40)
    rows, columns = np.nonzero(changed(gaze=gaze))
    away = np.array([columns.mean() / 1.024 - EYES.x_px, rows.mean() / 1.024 - EYES.y_px])

    assert away @ np.array(direction) > 50
    assert abs(away @ np.array(direction[::-1])) < 20


def test_a_cone_ends_at_its_target() -> None:
    gaze = Gaze(state=GazeState.TARGET, origin=EYES, direction=(1, 0), cone_deg=10)
    near = replace(gaze, target=Point(x_px=300, y_px=180))

    assert changed(gaze=near).sum() < 0.3 * changed(gaze=gaze).sum()


@pytest.mark.parametrize("state", [GazeState.VIEWER, GazeState.CLOSED])
def test_looks_without_direction_are_marked_at_the_eyes(state: GazeState) -> None:
    drawn = changed(gaze=Gaze(state=state, origin=EYES))
    rows, columns = np.nonzero(drawn)

    assert drawn.any()
    assert abs(columns.mean() / 1.024 - EYES.x_px) < 3
    assert abs(rows.mean() / 1.024 - EYES.y_px) < 3


def test_an_unknown_gaze_is_not_drawn() -> None:
    assert not changed(gaze=Gaze(state=GazeState.UNKNOWN, origin=EYES)).any()
