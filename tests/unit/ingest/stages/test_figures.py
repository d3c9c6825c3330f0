from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import Gaze, GazeState, KeyPoint, Pose
from iconograph.graph.model.region import Region, RegionKind
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.runs import origin_of, run_now
from iconograph.ingest.stages.claims import GAZE, HANDS, HEAD, KEY_POINTS, as_given
from iconograph.ingest.stages.faces_of_persons import faces_of_persons
from iconograph.ingest.stages.figures import (
    FiguresOfRegions,
    figures_of_profile,
    head_of,
)
from iconograph.ingest.stages.known import EXTRACTION_ORIGIN
from tests.builders import a_region, a_run
from tests.unit.ingest.small_models import Sticks, TopFaces, face_in, save_painted

EVE = (20.0, 20.0, 60.0, 100.0)
HEAD_BOX = Box(x0_px=28, y0_px=14, x1_px=52, y1_px=46)
HAND = Point(x_px=30, y_px=60)
LOOK = Gaze(state=GazeState.VIEWER, origin=HAND, method="annotation")


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    return read_picture(save_painted(tmp_path / "painted.png", ("red", (20, 20, 60, 100))))


def a_draft(
    picture: Picture, *persons: tuple[float, float, float, float], **fields: Any
) -> ImageBundle:
    """Persons that a curator outlined, named 0, 1, ...; `fields` are of all."""
    draft = draft_of(picture, None, ())[0]
    run = fields.pop("run", None) or a_run()
    kind = fields.pop("kind", RegionKind.PERSON)
    regions = tuple(
        a_region(draft.image, str(n), box, run=run, kind=kind, **fields)
        for n, box in enumerate(persons)
    )
    return dataclasses.replace(draft, runs=(run,), regions=regions)


def seen(picture: Picture, draft: ImageBundle, **choices: Any) -> Region:
    """The first region after both models looked."""
    return FiguresOfRegions(poses=Sticks(), faces=TopFaces(), **choices)(draft, picture).regions[0]


class Handed(Sticks):
    """Poses with a hand at the upper left corner of the box."""

    def __call__(self, pixels: Any, boxes_px: Any, /) -> tuple[Pose | None, ...]:
        return tuple(
            pose
            and dataclasses.replace(pose, hands=(Point(x_px=float(box[0]), y_px=float(box[1])),))
            for pose, box in zip(super().__call__(pixels, boxes_px), boxes_px, strict=True)
        )


def test_a_bare_person_gets_all_that_was_seen(picture: Picture) -> None:
    eve = seen(picture, a_draft(picture, EVE))

    assert eve.pose is not None
    assert eve.gaze is not None
    assert len(eve.pose.key_points) == 17
    assert eve.pose.method == "Sticks"
    assert eve.pose.head == head_of(face_in(*EVE))
    assert eve.gaze.direction == pytest.approx((1.0, 0.0), abs=0.1)
    assert set(dict(eve.attributes)) == {KEY_POINTS, HEAD, GAZE}


@pytest.mark.parametrize(
    ("given", "gaze", "added"),
    [
        pytest.param(
            Pose(head=HEAD_BOX, method="annotation"), None, {KEY_POINTS, HANDS, GAZE}, id="head"
        ),
        pytest.param(
            Pose(hands=(HAND,), method="annotation"), None, {KEY_POINTS, HEAD, GAZE}, id="hands"
        ),
        pytest.param(None, LOOK, {KEY_POINTS, HANDS, HEAD}, id="gaze"),
        pytest.param(
            Pose(
                head=HEAD_BOX,
                hands=(HAND,),
                key_points=(KeyPoint(x_px=1, y_px=2, confidence=1),) * 17,
            ),
            LOOK,
            set(),
            id="all",
        ),
    ],
)
def test_what_was_given_stays(
    picture: Picture, given: Pose | None, gaze: Gaze | None, added: set[str]
) -> None:
    draft = a_draft(picture, EVE, pose=given)
    draft = dataclasses.replace(
        draft, regions=tuple(dataclasses.replace(r, gaze=gaze) for r in draft.regions)
    )
    stage = FiguresOfRegions(poses=Handed(), faces=TopFaces())

    eve = stage(draft, picture).regions[0]

    assert eve.pose is not None
    for name in ("head", "hands", "key_points", "method"):
        if given and getattr(given, name):
            assert getattr(eve.pose, name) == getattr(given, name)
    assert gaze is None or eve.gaze == gaze
    assert set(dict(eve.attributes)) == added
    assert as_given(eve) == draft.regions[0]


def test_the_run_that_added_is_named_and_the_region_keeps_its_own(picture: Picture) -> None:
    draft = a_draft(picture, EVE)

    done = FiguresOfRegions(poses=Sticks(), faces=TopFaces())(draft, picture)

    ours = done.runs[-1]
    assert (len(done.runs), done.regions[0].run_id) == (2, draft.runs[0].id)
    assert origin_of(ours) == "figures:Sticks+TopFaces"
    assert {ref.name for ref in ours.models} == {"Sticks", "TopFaces"}
    assert set(dict(done.regions[0].attributes).values()) == {ours.id}


def test_repeating_it_changes_nothing(picture: Picture) -> None:
    stage = FiguresOfRegions(poses=Handed(), faces=TopFaces())
    once = stage(a_draft(picture, EVE), picture)

    twice = stage(once, picture)

    assert (twice.regions, twice.runs) == (once.regions, once.runs)


def test_other_models_take_the_place_of_those_before(picture: Picture) -> None:
    once = FiguresOfRegions(poses=Handed(), faces=TopFaces())(a_draft(picture, EVE), picture)

    eve = FiguresOfRegions(poses=Sticks())(once, picture).regions[0]

    assert eve.pose is not None
    assert (eve.pose.hands, eve.pose.head, eve.gaze) == ((), None, None)
    assert set(dict(eve.attributes)) == {KEY_POINTS}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"run": run_now(EXTRACTION_ORIGIN)}, id="found by models"),
        pytest.param({"kind": RegionKind.OBJECT}, id="a thing"),
    ],
)
def test_others_are_not_looked_at(picture: Picture, fields: dict[str, Any]) -> None:
    poses, draft = Sticks(), a_draft(picture, EVE, **fields)

    done = FiguresOfRegions(poses=poses)(draft, picture)

    assert not poses.calls
    assert (done.regions, done.runs) == (draft.regions, draft.runs)


def test_without_a_picture_nothing_changes(picture: Picture) -> None:
    draft = a_draft(picture, EVE)

    assert FiguresOfRegions(poses=Sticks())(draft, None) is draft


def test_a_large_picture_is_looked_at_smaller_and_places_are_its_own(picture: Picture) -> None:
    whole = seen(picture, a_draft(picture, EVE))
    small = seen(picture, a_draft(picture, EVE), most_px2=200 * 120 // 4)

    assert whole.pose is not None
    assert small.pose is not None
    assert whole.pose.head is not None
    assert small.pose.head is not None
    assert small.pose.head.corners_px == pytest.approx(whole.pose.head.corners_px, abs=0.5)
    assert small.pose.key_points[0].x_px == pytest.approx(whole.pose.key_points[0].x_px)


def test_a_face_goes_to_the_given_head_that_it_lies_on() -> None:
    boxes = np.array([EVE, (40, 20, 80, 100)], np.float32)
    face = face_in(*EVE)

    plain = faces_of_persons([face], boxes, [None, None], [None, None])
    headed = faces_of_persons([face], boxes, [None, None], [None, head_of(face)])
    elsewhere = faces_of_persons(
        [face], boxes[:1], [None], [Box(x0_px=0, y0_px=0, x1_px=9, y1_px=9)]
    )

    assert (plain, headed, elsewhere) == ((face, None), (None, face), (None,))


def test_a_profile_without_models_of_bodies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="laptop or mini"):
        figures_of_profile("full", tmp_path)
