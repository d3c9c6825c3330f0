"""What models add to regions that people gave without a kind, and that what was given stays."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Outline, Point, Polygon
from iconograph.graph.model.pose import Gaze, GazeState, IndexFinger, KeyPoint, Pose, Side
from iconograph.graph.model.region import Region, RegionKind, region_of
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.runs import origin_of
from iconograph.ingest.stages.claims import (
    FINGERS,
    GAZE,
    HEAD,
    KEY_POINTS,
    KIND,
    as_given,
    with_seen,
)
from iconograph.ingest.stages.figures import FiguresOfRegions
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.known import EXTRACTION_ORIGIN
from iconograph.ingest.stages.looks import Models
from tests.builders import a_region, a_run
from tests.unit.ingest.small_models import (
    Blots,
    Cutter,
    Sticks,
    TopFaces,
    gaze_to_the_right,
    one_region_each,
    save_painted,
)

MAN, BALL = ("red", (20, 20, 60, 100)), ("blue", (100, 60, 130, 90))
MAN_BOX, BALL_BOX = (22.0, 18.0, 61.0, 101.0), (99.0, 60.0, 131.0, 92.0)
GIVEN = Pose(
    key_points=tuple(KeyPoint(x_px=n, y_px=n, confidence=1.0) for n in range(17)),
    method="annotation",
)
FINGER = IndexFinger(side=Side.LEFT, base=Point(x_px=1, y_px=2), tip=Point(x_px=3, y_px=4))
LOOK = Gaze(state=GazeState.VIEWER, origin=Point(x_px=40, y_px=30), method="annotation")


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    return read_picture(save_painted(tmp_path / "painted.png", MAN, BALL))


def a_draft(picture: Picture, *regions: Region, **fields: Any) -> ImageBundle:
    """A region of no kind named Lisa where the man is, or those given."""
    draft, run = draft_of(picture, None, ())[0], a_run()
    lisa = a_region(draft.image, "Lisa", MAN_BOX, run=run, **{"kind": RegionKind.UNKNOWN, **fields})
    return dataclasses.replace(draft, runs=(run,), regions=regions or (lisa,))


def found_in(draft: ImageBundle, picture: Picture, **models: Any) -> ImageBundle:
    """The draft after both stages looked."""
    bodies: dict[str, Any] = {"poses": Sticks(), "faces": TopFaces()}
    figures = FiguresOfRegions(**bodies)
    chosen = Models(**{"detectors": (Blots(),), "segmenter": Cutter(), **bodies, **models})
    find = FindRegions(chosen, profile="test", assemble=one_region_each, gaze_of=gaze_to_the_right)
    return find(figures(draft, picture), picture)


def test_a_region_of_no_kind_becomes_the_person_that_is_found_there(picture: Picture) -> None:
    done = found_in(a_draft(picture), picture)
    lisa, ball = done.regions

    assert (lisa.kind, ball.label) == (RegionKind.PERSON, "blue thing")
    assert [label.text for label in lisa.labels] == ["Lisa"]
    assert lisa.box.corners_px == MAN_BOX
    assert lisa.pose
    assert (len(lisa.pose.key_points), lisa.pose.method) == (17, "Sticks")
    assert lisa.gaze
    assert lisa.gaze.direction == (1.0, 0.0)
    told = dict(lisa.attributes)
    assert set(told) == {KIND, KEY_POINTS, HEAD, GAZE}
    assert {origin_of(run) for run in done.runs if run.id in told.values()} == {EXTRACTION_ORIGIN}


def test_what_is_found_in_another_place_tells_nothing(picture: Picture) -> None:
    elsewhere = a_region(
        a_draft(picture).image, "Lisa", (60.0, 20.0, 100.0, 100.0), kind=RegionKind.UNKNOWN
    )
    done = found_in(a_draft(picture, elsewhere), picture)

    assert done.regions[0] == elsewhere
    assert [region.kind for region in done.regions[1:]] == [RegionKind.PERSON, RegionKind.OBJECT]


def test_a_thing_of_no_kind_gets_the_kind_of_what_is_found(picture: Picture) -> None:
    ball = a_region(a_draft(picture).image, "boccia", BALL_BOX, kind=RegionKind.UNKNOWN)
    done = found_in(a_draft(picture, ball), picture)

    assert [region.label for region in done.regions] == ["boccia", "red thing"]
    assert (done.regions[0].kind, done.regions[0].pose) == (RegionKind.OBJECT, None)


@pytest.mark.parametrize(
    "models", [{}, {"segmenter": None}], ids=["masks are found", "boxes are found"]
)
def test_a_polygon_is_met_by_what_is_found_there(picture: Picture, models: Any) -> None:
    draft = a_draft(picture)
    corners = ((40, 20), (60, 35), (60, 85), (40, 100), (20, 85), (20, 35))
    outline = Outline(parts=(Polygon(exterior=tuple((float(x), float(y)) for x, y in corners)),))
    drawn = region_of(draft.image, outline, run_id=draft.runs[0].id)
    done = found_in(a_draft(picture, drawn), picture, **models)

    assert [region.kind for region in done.regions] == [RegionKind.PERSON, RegionKind.OBJECT]
    assert done.regions[0].outline == outline


def test_a_polygon_of_a_person_gets_a_pose(picture: Picture) -> None:
    draft = a_draft(picture)
    corners = ((40.0, 20.0), (60.0, 100.0), (20.0, 100.0))
    outline = Outline(parts=(Polygon(exterior=corners),))
    drawn = region_of(draft.image, outline, run_id=draft.runs[0].id, kind=RegionKind.PERSON)
    (man, _), poses = found_in(a_draft(picture, drawn), picture).regions, Sticks()
    boxes = np.array([(20, 20, 60, 100)], np.float32)

    assert man.pose
    assert man.outline == outline
    (expected,) = poses(picture.pixels, boxes)
    assert expected
    assert man.pose.key_points == expected.key_points


@pytest.mark.parametrize("kind", [RegionKind.UNKNOWN, RegionKind.PERSON])
def test_key_points_and_gaze_that_were_given_stay(picture: Picture, kind: RegionKind) -> None:
    draft = a_draft(picture, pose=GIVEN, kind=kind)
    given = tuple(dataclasses.replace(region, gaze=LOOK) for region in draft.regions)
    (lisa, _) = found_in(a_draft(picture, *given), picture).regions

    assert (lisa.kind, lisa.gaze) == (RegionKind.PERSON, LOOK)
    assert lisa.pose
    assert lisa.pose.key_points == GIVEN.key_points
    assert lisa.pose.head
    assert not {KEY_POINTS, GAZE} & set(dict(lisa.attributes))


def test_what_was_seen_can_be_told_from_what_was_given(picture: Picture) -> None:
    draft = a_draft(picture, pose=dataclasses.replace(GIVEN, key_points=(), hands=(FINGER.tip,)))
    lisa = found_in(draft, picture).regions[0]

    assert lisa.pose != draft.regions[0].pose
    assert as_given(lisa) == draft.regions[0]


@pytest.mark.parametrize("stages", [1, 2], ids=["finding alone", "figures first"])
def test_repeating_changes_nothing_and_seeing_nothing_takes_it_back(
    picture: Picture, stages: int
) -> None:
    find = FindRegions(
        Models(detectors=(Blots(),), poses=Sticks()), profile="test", assemble=one_region_each
    )
    none = FindRegions(Models(), profile="none", assemble=one_region_each)

    def run(draft: ImageBundle, last: FindRegions) -> Region:
        known = dataclasses.replace(draft, regions=draft.regions[:1])
        seen = FiguresOfRegions(poses=Sticks())(known, picture) if stages > 1 else known
        return last(seen, picture).regions[0]

    draft = a_draft(picture)
    once = run(draft, find)

    assert once.kind is RegionKind.PERSON
    assert run(dataclasses.replace(draft, regions=(once,)), find) == once
    assert run(dataclasses.replace(draft, regions=(once,)), none) == draft.regions[0]


@pytest.mark.parametrize(
    ("given", "added"),
    [
        pytest.param(None, True, id="none"),
        pytest.param(
            Pose(index_fingers=(dataclasses.replace(FINGER, confidence=0.5),)), False, id="one"
        ),
    ],
)
def test_index_fingers_are_added_where_none_were_given(
    picture: Picture, given: Pose | None, *, added: bool
) -> None:
    region = a_draft(picture, pose=given).regions[0]
    seen = with_seen(region, Pose(index_fingers=(FINGER,), method="net@1"), None, a_run().id)

    assert seen.pose
    assert (seen.pose.index_fingers == (FINGER,)) is added
    assert (FINGERS in dict(seen.attributes)) is added
    assert as_given(seen) == region
