from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.pose import KeyPoint, Pose
from iconograph.graph.model.region import LabelOrigin, Region, RegionKind
from iconograph.ingest.cache import OutputCache
from iconograph.ingest.drafts import draft_of
from iconograph.ingest.pictures import Picture, read_picture
from iconograph.ingest.runs import origin_of
from iconograph.ingest.stages.find_regions import MOST_PROPOSALS, Effort, FindRegions
from iconograph.ingest.stages.heads import head_of
from iconograph.ingest.stages.known import EXTRACTION_ORIGIN
from iconograph.ingest.stages.looks import Models
from iconograph.ingest.stages.recognise import BankEntry, LabelBank, Recogniser
from tests.builders import a_region, a_run
from tests.unit.ingest.small_models import (
    Blots,
    ColourVectors,
    Cutter,
    Halver,
    LookingDown,
    ManyPieces,
    Nameless,
    SeesNoHead,
    Sticks,
    TopFaces,
    face_in,
    gaze_to_the_right,
    one_region_each,
    save_painted,
)

MAN, BALL = ("red", (20, 20, 60, 100)), ("blue", (100, 60, 130, 90))
BANK = LabelBank(
    entries=tuple(
        BankEntry(name=f"{name} thing", kind=kind, texts=(f"a {name} thing",))
        for name, kind in (("red", RegionKind.PERSON), ("blue", RegionKind.OBJECT))
    ),
    nothing=("nothing",),
    scale=20.0,
)


def picture_of(folder: Path, *things: Any, size: tuple[int, int] = (200, 120)) -> Picture:
    return read_picture(save_painted(folder / "painted.png", *things, size=size))


def bare(picture: Picture) -> ImageBundle:
    return draft_of(picture, None, ())[0]


def stage(models: Models, **choices: Any) -> FindRegions:
    return FindRegions(models, profile="test", assemble=one_region_each, **choices)


def found(models: Models, picture: Picture, **choices: Any) -> dict[str, Region]:
    return {r.label: r for r in stage(models, **choices)(bare(picture), picture).regions}


def test_what_a_detector_finds_becomes_regions_of_a_run(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, MAN, BALL)
    detector = Blots(parameters=(("threshold", "0.3"),))
    draft = stage(Models(detectors=(detector,)))(bare(picture), picture)
    by_label = {region.label: region for region in draft.regions}
    assert set(by_label) == {"red thing", "blue thing"}
    man = by_label["red thing"]
    assert man.box.corners_px == (20, 20, 60, 100)
    assert (man.kind, man.labels[0].origin) == (RegionKind.PERSON, LabelOrigin.DETECTOR)
    assert man.labels[0].confidence == pytest.approx(0.9)
    (run,) = draft.runs
    assert origin_of(run) == EXTRACTION_ORIGIN
    assert run.models == detector.models
    told = dict(run.parameters)
    assert (told["profile"], told["budget"], told["Blots threshold"]) == ("test", "normal", "0.3")


def test_a_segmenter_cuts_out_what_a_detector_found(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, MAN)
    boxes: list[Any] = []

    def remember(image: Any, proposals: Any, run_id: Any) -> Any:
        boxes.extend(proposal.mask.area_px2 for proposal in proposals)
        return one_region_each(image, proposals, run_id)

    models = Models(detectors=(Blots(),), segmenter=Cutter())
    FindRegions(models, profile="test", assemble=remember)(bare(picture), picture)
    assert boxes == [40 * 80]


def test_places_are_those_of_the_picture_however_small_it_was_looked_at(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, ("red", (200, 200, 600, 1000)), size=(2000, 1200))
    models = Models(detectors=(Blots(),), poses=Sticks(), faces=TopFaces())
    effort = Effort(most_px2=24_000)
    man = found(models, picture, effort=effort, gaze_of=gaze_to_the_right)["red thing"]
    assert man.box.corners_px == pytest.approx((200, 200, 600, 1000), abs=10)
    assert man.pose
    assert man.pose.key_points[0].x_px == pytest.approx(400, abs=10)
    assert man.pose.head
    assert man.pose.head.centre.x_px == pytest.approx(400, abs=10)
    assert man.gaze
    assert man.gaze.origin.x_px == pytest.approx(400, abs=10)
    assert man.gaze.method == "TopFaces"


def test_what_heads_look_at_is_seen_from_the_whole_picture_before_the_face(tmp_path: Path) -> None:
    picture, gazes = picture_of(tmp_path, MAN, ("red", (120, 20, 160, 100))), LookingDown()
    models = Models(detectors=(Blots(),), poses=Sticks(), gazes=gazes)
    draft = stage(models, cache=OutputCache(tmp_path / "cache"))(bare(picture), picture)
    assert gazes.calls["heads"] == 2
    for region in draft.regions:
        assert region.gaze
        assert (region.gaze.method, region.gaze.direction) == ("LookingDown", (0.0, 1.0))
        assert region.box.holds(region.gaze.origin)
    models = Models(detectors=(Blots(),), poses=Sticks(), faces=TopFaces(), gazes=gazes)
    seen = stage(models, gaze_of=gaze_to_the_right)(bare(picture), picture)
    assert {r.gaze.method for r in seen.regions if r.gaze} == {"LookingDown"}
    assert gazes.calls["heads"] == 4
    models = Models(detectors=(Blots(),), poses=Sticks(), faces=TopFaces(), gazes=SeesNoHead())
    seen = stage(models, gaze_of=gaze_to_the_right)(bare(picture), picture)
    assert {r.gaze.method for r in seen.regions if r.gaze} == {"TopFaces"}


def test_a_body_seen_from_behind_has_no_head_to_look_with() -> None:
    hidden = (KeyPoint(x_px=5.0, y_px=5.0, confidence=0.0),) * 17
    assert head_of(Pose(key_points=hidden)) is None
    own = face_in(0, 0, 30, 40).box
    assert head_of(Pose(key_points=hidden, head=own)) is own


def test_a_thing_without_a_name_gets_one_where_the_recogniser_is_sure(tmp_path: Path) -> None:
    encoder = ColourVectors()
    picture = picture_of(tmp_path, BALL, ("green", (20, 20, 60, 60)))
    models = Models(detectors=(Nameless(),), encoder=encoder, recogniser=Recogniser(encoder, BANK))
    by_label = found(models, picture)
    assert set(by_label) == {"blue thing", ""}
    label = by_label["blue thing"].labels[0]
    assert label.origin is LabelOrigin.CLASSIFIER
    assert 0.6 <= label.confidence <= 1


def test_without_a_recogniser_nothing_is_guessed(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, BALL)
    assert set(found(Models(detectors=(Nameless(),)), picture)) == {""}


@pytest.mark.parametrize(
    ("box", "added"),
    [
        pytest.param((20, 20, 60, 100), {"blue thing"}, id="the same"),
        pytest.param((22, 18, 64, 98), {"blue thing"}, id="nearly the same"),
        pytest.param((20, 20, 60, 50), {"red thing", "blue thing"}, id="a part of it"),
    ],
)
def test_what_people_outlined_is_neither_found_again_nor_changed(
    tmp_path: Path, box: tuple[float, float, float, float], added: set[str]
) -> None:
    picture = picture_of(tmp_path, MAN, BALL)
    draft, run = bare(picture), a_run(origin="annotations:a.json")
    told = a_region(draft.image, "Adam", box, run=run)
    draft = dataclasses.replace(draft, runs=(run,), regions=(told,))
    extracted = stage(Models(detectors=(Blots(),)))(draft, picture)
    assert extracted.regions[0] == told
    assert {region.label for region in extracted.regions[1:]} == added


def test_the_same_outline_of_another_kind_does_not_clash(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, MAN)
    draft, run = bare(picture), a_run(origin="annotations:a.json")
    robe = a_region(draft.image, "robe", (20, 20, 60, 100), run=run, kind=RegionKind.ATTRIBUTE)
    draft = dataclasses.replace(draft, runs=(run,), regions=(robe,))
    assert stage(Models(detectors=(Blots(),)))(draft, picture).regions == (robe,)


def test_a_blank_picture_has_no_regions_but_a_run(tmp_path: Path) -> None:
    picture = picture_of(tmp_path)
    draft = stage(Models(detectors=(Blots(),), segmenter=Cutter()))(bare(picture), picture)
    assert (draft.regions, len(draft.runs)) == ((), 1)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (15, 15)], ids=str)
def test_a_picture_too_small_is_not_shown_to_models(tmp_path: Path, size: tuple[int, int]) -> None:
    picture, detector = picture_of(tmp_path, size=size), Blots()
    assert stage(Models(detectors=(detector,)))(bare(picture), picture).regions == ()
    assert not detector.calls


def test_a_long_strip_is_looked_at(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, ("red", (15_000, 5, 15_400, 45)), size=(20_000, 50))
    man = found(Models(detectors=(Blots(),)), picture)["red thing"]
    assert man.box.corners_px == pytest.approx((15_000, 5, 15_400, 45), abs=2)


def test_of_too_many_pieces_the_likeliest_are_looked_at(tmp_path: Path) -> None:
    wall = ("red", (100, 100, 800, 600))
    picture, pieces = picture_of(tmp_path, wall, size=(900, 700)), ManyPieces()
    counts = []

    def count(image: Any, proposals: Any, run_id: Any) -> Any:
        counts.append(len(proposals))
        assert min(p.confidence for p in proposals) > 0.1
        return one_region_each(image, proposals[:50], run_id)

    models = Models(proposers=(pieces,))
    for most in (100, 5000):
        effort = Effort(most_pieces=most)
        stage = FindRegions(models, profile="test", assemble=count, effort=effort)
        stage(bare(picture), picture)
    assert counts == [100, MOST_PROPOSALS]


@pytest.mark.parametrize(("most", "cut"), [(0, 0), (2, 2), (300, 3)])
def test_of_too_many_boxes_the_surest_are_cut_out(tmp_path: Path, most: int, cut: int) -> None:
    blots = [("red", (x, 20, x + 40, 100)) for x in (20, 120, 220)]
    picture = picture_of(tmp_path, *blots, size=(300, 200))
    areas: list[int] = []

    def weigh(image: Any, proposals: Any, run_id: Any) -> Any:
        areas.extend(proposal.mask.area_px2 for proposal in proposals)
        return one_region_each(image, proposals, run_id)

    models, effort = Models(detectors=(Blots(),), segmenter=Halver()), Effort(most_cut_out=most)
    FindRegions(models, profile="test", assemble=weigh, effort=effort)(bare(picture), picture)
    assert sorted(areas) == [20 * 80] * cut + [40 * 80] * (3 - cut)


def test_a_changed_parameter_runs_only_what_it_touches(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, MAN, BALL)
    cache = OutputCache(tmp_path / "cache")
    detector, cutter, poses, faces = Blots(), Cutter(), Sticks(), TopFaces()
    encoder, pieces = ColourVectors(), ManyPieces()
    pieces.count = 5

    def run() -> ImageBundle:
        models = Models(
            detectors=(detector,), segmenter=cutter, poses=poses, faces=faces,
            proposers=(pieces,), encoder=encoder, recogniser=Recogniser(encoder, BANK),
        )  # fmt: skip
        return stage(models, cache=cache)(bare(picture), picture)

    def calls() -> list[int]:
        models = (detector, cutter, poses, faces, pieces)
        return [model.calls["pictures"] for model in models]

    first, again = run(), run()
    assert calls() == [1, 1, 1, 1, 1]
    assert again.regions == first.regions
    poses.parameters = (("threshold", "0.2"),)
    run()
    assert calls() == [1, 1, 2, 1, 1]
    cutter.revision = "2"
    run()
    assert calls() == [1, 2, 2, 1, 1]
    detector.parameters = (("threshold", "0.2"),)
    run()
    assert calls() == [2, 2, 2, 1, 1]


def test_each_face_belongs_to_one_person(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, MAN, ("red", (70, 20, 110, 100)), BALL)
    models = Models(detectors=(Blots(),), faces=TopFaces())
    draft = stage(models, gaze_of=gaze_to_the_right)(bare(picture), picture)
    for region in draft.regions:
        if region.kind is RegionKind.PERSON:
            assert region.pose
            assert region.pose.head
            assert region.gaze
            assert region.box.holds(region.gaze.origin)
            assert region.pose.head.holds(region.gaze.origin)
        else:
            assert region.gaze is None


def test_vectors_of_pieces_are_not_looked_at_in_the_wrong_order() -> None:
    encoder = ColourVectors()
    vectors = encoder.encode(["blue", "red", "green"])
    answers = Recogniser(encoder, BANK)(vectors, [RegionKind.UNKNOWN] * 3)
    assert [a.label.text if a else "" for a in answers] == ["blue thing", "red thing", ""]


def test_what_may_be_either_of_two_gets_no_name() -> None:
    encoder = ColourVectors()
    vectors = encoder.encode(["red", "red and blue"])
    sure, unsure = Recogniser(encoder, BANK)(vectors, [RegionKind.UNKNOWN] * 2)
    assert sure
    assert unsure is None


def test_a_kind_that_is_known_rules_out_names_of_others() -> None:
    encoder = ColourVectors()
    vectors = encoder.encode(["red"])
    assert Recogniser(encoder, BANK)(vectors, [RegionKind.ANIMAL]) == (None,)
    assert Recogniser(encoder, BANK)(np.empty((0, 4), np.float32), []) == ()
