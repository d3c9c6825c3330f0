"""Persons whom a curator outlined get what a model sees them look at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import Gaze, GazeState, Pose
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import read_picture
from iconograph.ingest.stages.claims import GAZE, as_given
from iconograph.ingest.stages.figures import FiguresOfRegions
from tests.builders import a_region, a_run
from tests.unit.ingest.small_models import Counted, Sticks, TopFaces, save_painted

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.ingest.pictures import Picture

EVE = (20.0, 20.0, 60.0, 100.0)
HEAD = Box(x0_px=28, y0_px=14, x1_px=52, y1_px=46)
BALL = Point(x_px=115, y_px=75)


class AtTheBall(Counted):
    """Sees every head look at the ball, and remembers the heads that it was shown."""

    shown = 0

    def __call__(
        self, pixels: NDArray[np.uint8], heads_px: NDArray[np.float32], /
    ) -> tuple[Gaze | None, ...]:
        del pixels
        self.shown += len(heads_px)
        return tuple(
            Gaze(
                state=GazeState.TARGET,
                origin=Point(x_px=float(x0 + x1) / 2, y_px=float(y0 + y1) / 2),
                target=BALL,
                method=self.name,
            )
            for x0, y0, x1, y1 in heads_px
        )


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    return read_picture(save_painted(tmp_path / "painted.png", ("red", (20, 20, 60, 100))))


def a_draft(picture: Picture, **fields: Any) -> ImageBundle:
    draft, run = draft_of(picture, None, ())[0], a_run()
    region = a_region(draft.image, "Eve", EVE, run=run, **fields)
    return replace(draft, runs=(run,), regions=(region,))


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(FiguresOfRegions(gazes=AtTheBall()), id="alone"),
        pytest.param(
            FiguresOfRegions(poses=Sticks(), faces=TopFaces(), gazes=AtTheBall()),
            id="before the face",
        ),
    ],
)
def test_what_a_head_looks_at_is_believed_most(picture: Picture, stage: FiguresOfRegions) -> None:
    (given,) = a_draft(picture, pose=Pose(head=HEAD)).regions
    (eve,) = stage(a_draft(picture, pose=Pose(head=HEAD)), picture).regions

    assert eve.gaze
    assert (eve.gaze.target, eve.gaze.method) == (BALL, "AtTheBall")
    assert GAZE in dict(eve.attributes)
    assert as_given(eve) == given


def test_a_given_gaze_stays_and_is_not_looked_for(picture: Picture) -> None:
    gazes = AtTheBall()
    look = Gaze(state=GazeState.VIEWER, origin=BALL, method="annotation")
    draft = a_draft(picture, pose=Pose(head=HEAD), gaze=look)
    (eve,) = FiguresOfRegions(gazes=gazes)(draft, picture).regions

    assert eve.gaze == look
    assert gazes.shown == 0


def test_without_a_head_nothing_is_invented(picture: Picture) -> None:
    (eve,) = FiguresOfRegions(gazes=AtTheBall())(a_draft(picture), picture).regions

    assert eve.gaze is None
