"""What a curator gave of a body is kept, whatever models see of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import read_picture
from iconograph.ingest.stages.figures import FiguresOfRegions
from tests.builders import a_region, a_run
from tests.unit.ingest.small_models import Sticks, TopFaces, save_painted

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.graph.model.region import Region

EVE = (20.0, 20.0, 60.0, 100.0)
POINTS = tuple(KeyPoint(x_px=n, y_px=2 * n, confidence=1.0) for n in range(len(COCO_KEY_POINTS)))
HEAD = Box(x0_px=1, y0_px=2, x1_px=3, y1_px=4)
HANDS = (Point(x_px=7, y_px=8),)


def seen(folder: Path, pose: Pose) -> Region:
    """A person with this pose after models of bodies and faces looked."""
    picture = read_picture(save_painted(folder / "painted.png", ("red", (20, 20, 60, 100))))
    draft, run = draft_of(picture, None, ())[0], a_run()
    region = a_region(draft.image, "Eve", EVE, run=run, pose=pose)
    stage = FiguresOfRegions(poses=Sticks(), faces=TopFaces())
    (person,) = stage(replace(draft, runs=(run,), regions=(region,)), picture).regions
    return person


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(Pose(key_points=POINTS), id="key points"),
        pytest.param(Pose(head=HEAD), id="head"),
        pytest.param(Pose(hands=HANDS), id="hands"),
    ],
)
def test_what_was_given_stays(tmp_path: Path, given: Pose) -> None:
    pose = seen(tmp_path, given).pose

    assert pose
    assert pose.key_points == given.key_points or not given.key_points
    assert pose.head == given.head or not given.head
    assert pose.hands == given.hands or not given.hands


def test_what_was_not_given_is_added(tmp_path: Path) -> None:
    pose = seen(tmp_path, Pose(head=HEAD)).pose

    assert pose
    assert pose.head == HEAD
    assert pose.key_points
