from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from rich.console import Console

from iconograph.evaluation.annotations import AnnotatedSet, read_annotations
from iconograph.evaluation.relation_scores import KindScore, Ranking
from iconograph.evaluation.relation_table import relation_table
from iconograph.evaluation.relations import RelationEvaluation, evaluate_relations
from iconograph.graph.errors import PictureError
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import Gaze, GazeState
from iconograph.ingest.pictures import Picture
from iconograph.relations.thresholds import read_thresholds
from tests.unit.evaluation.test_annotations import DEVELOPMENT, a_person, eden, write

THRESHOLDS = read_thresholds()


@pytest.fixture
def annotated(tmp_path: Path) -> AnnotatedSet:
    """Eve holds an apple; Adam is near and not said to be beside her; one far thing is said held."""
    entities = [
        a_person("eve", [0.1, 0.1, 0.3, 0.9], hands=[[0.25, 0.5]]),
        a_person("adam", [0.31, 0.1, 0.5, 0.9]),
        {"id": "apple", "label": "apple", "kind": "object", "box": [0.23, 0.45, 0.27, 0.55]},
        {"id": "sword", "label": "sword", "kind": "object", "box": [0.9, 0.45, 0.95, 0.55]},
    ]
    relations = [
        {"subject": "eve", "relation": "holds", "object": "apple"},
        {"subject": "eve", "relation": "holds", "object": "sword"},
    ]
    complete = ["holds", "beside"]
    picture = eden(entities=entities, relations=relations, uncertain=[], complete_for=complete)
    return read_annotations(write(tmp_path, picture))


@pytest.fixture
def evaluation(annotated: AnnotatedSet) -> RelationEvaluation:
    return evaluate_relations(annotated, thresholds=THRESHOLDS)


def score(evaluation: RelationEvaluation, kind: EdgeKind, method: str) -> KindScore:
    scores = (*evaluation.scores, *evaluation.baselines)
    return next(s for s in scores if s.kind is kind and s.method == method)


def test_what_is_found_wrong_and_missed_is_counted(evaluation: RelationEvaluation) -> None:
    holds = score(evaluation, EdgeKind.HOLDS, "boxes, heads, hands")
    beside = score(evaluation, EdgeKind.BESIDE, "boxes only")

    assert (holds.found, holds.wrong, holds.missed) == (1, 0, 1)
    assert (holds.precision, holds.recall) == (1.0, 0.5)
    assert holds.f1 == pytest.approx(2 / 3)
    assert (holds.swaps_right, holds.swaps) == (1, 1)
    assert (beside.found, beside.wrong, beside.missed) == (0, 1, 0)
    assert beside.recall is None


def test_baselines_stand_beside(evaluation: RelationEvaluation) -> None:
    near = score(evaluation, EdgeKind.BESIDE, "gap <= 0.1 sizes")
    hands = score(evaluation, EdgeKind.HOLDS, "judged hand points")

    assert (near.found, near.wrong, near.missed) == (0, 1, 0)
    assert (hands.found, hands.wrong, hands.missed) == (1, 0, 1)


@pytest.fixture
def diptych(tmp_path: Path) -> Path:
    """Annotations of Eve and Adam on either side of a frame that only the pixels show."""
    picture = eden(
        image="diptych.png",
        width=400,
        height=300,
        entities=[
            a_person("eve", [0.1, 0.2, 0.35, 0.9]),
            a_person("adam", [0.65, 0.2, 0.9, 0.9]),
        ],
        relations=[
            {"subject": "eve", "relation": "across-divide", "object": "adam"},
            {"subject": "eve", "relation": "gazes-at", "object": "adam"},
        ],
        uncertain=[],
        complete_for=["across-divide"],
    )
    return write(tmp_path, picture)


def draw_panels(path: Path) -> None:
    """A blue and a red panel with a dark frame between."""
    picture = Image.new("RGB", (400, 300), (20, 15, 10))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 192, 300), fill=(40, 60, 140))
    draw.rectangle((208, 0, 400, 300), fill=(200, 60, 40))
    picture.save(path)


def test_pictures_at_hand_are_looked_at(diptych: Path) -> None:
    unseen = evaluate_relations(read_annotations(diptych), thresholds=THRESHOLDS)
    draw_panels(diptych.with_name("diptych.png"))
    seen = evaluate_relations(read_annotations(diptych, diptych.parent), thresholds=THRESHOLDS)

    assert (unseen.looked_at, seen.looked_at) == (0, 1)
    assert EdgeKind.ACROSS_DIVIDE not in {score.kind for score in unseen.scores}
    assert score(seen, EdgeKind.ACROSS_DIVIDE, "boxes only, and axes seen").found == 1


def test_a_stage_that_sees_bodies_has_its_own_row(diptych: Path) -> None:
    draw_panels(diptych.with_name("diptych.png"))
    looked: list[int] = []

    evaluation = evaluate_relations(
        read_annotations(diptych, diptych.parent),
        thresholds=THRESHOLDS,
        figures=Frowning(),
        on_picture=looked.append,
    )

    seen = "bodies and gazes seen"
    assert looked == [1]
    assert {s.method for s in evaluation.scores if s.kind is EdgeKind.ACROSS_DIVIDE} == {
        f"{seen}, and axes seen"
    }
    assert score(evaluation, EdgeKind.GAZES_AT, seen).found == 1


class Frowning:
    """A stage that sees everybody look to the right."""

    name = "frowning"

    def __call__(self, draft: ImageBundle, picture: Picture | None, /) -> ImageBundle:
        assert picture is not None
        assert all(region.pose is None and region.gaze is None for region in draft.regions)
        return replace(
            draft,
            regions=tuple(
                replace(
                    region,
                    gaze=Gaze(
                        state=GazeState.UNKNOWN, origin=region.box.centre, direction=(1.0, 0.0)
                    ),
                )
                for region in draft.regions
            ),
        )


def test_a_broken_picture_is_an_error(diptych: Path) -> None:
    diptych.with_name("diptych.png").write_bytes(b"no picture")

    with pytest.raises(PictureError, match=r"diptych\.png"):
        evaluate_relations(read_annotations(diptych, diptych.parent), thresholds=THRESHOLDS)


def test_a_higher_threshold_finds_less(annotated: AnnotatedSet) -> None:
    strict = evaluate_relations(annotated, thresholds=THRESHOLDS, threshold=1.0)

    assert score(strict, EdgeKind.HOLDS, "boxes only").found == 0


def test_swaps_are_a_share_of_those_with_an_edge() -> None:
    turned = KindScore(
        kind=EdgeKind.HOLDS, method="m", found=1, wrong=0, missed=0, swaps_right=1, swaps=4
    )

    assert turned.swap_accuracy == 0.25


def test_kinds_that_are_never_complete_have_no_precision() -> None:
    touches = KindScore(kind=EdgeKind.TOUCHES, method="m", found=1, wrong=0, missed=1)

    assert (touches.precision, touches.f1, touches.recall) == (None, None, 0.5)


def test_every_judged_pair_is_ranked(evaluation: RelationEvaluation) -> None:
    ranking = score(evaluation, EdgeKind.HOLDS, "boxes, heads, hands").ranking

    assert len(ranking.truths) == 4 * 3
    assert ranking.truths.sum() == 2
    assert ranking.confidences[ranking.truths].max() > 0.5
    assert (ranking.average_precision or 0) >= 0.5
    assert ranking.calibration_error is not None


def test_a_symmetric_statement_is_ranked_once(evaluation: RelationEvaluation) -> None:
    beside = score(evaluation, EdgeKind.BESIDE, "boxes only").ranking

    assert beside.truths.tolist() == [False]


def test_stored_statements_are_calibrated_apart() -> None:
    ranking = Ranking(
        confidences=np.array([0.9, 0.5, 0.0, 0.0]),
        truths=np.array([True, False, False, False]),
        stored=0.3,
    )

    assert ranking.average_precision == 1.0
    assert ranking.calibration_error == pytest.approx((0.1 + 0.5) / 4)
    assert ranking.stored_calibration_error == pytest.approx((0.1 + 0.5) / 2)


def test_a_ranking_of_nothing_says_nothing() -> None:
    assert (Ranking().average_precision, Ranking().calibration_error) == (None, None)


def test_the_record_is_json(evaluation: RelationEvaluation) -> None:
    record = json.loads(json.dumps(evaluation.to_record()))

    assert record["pictures"] == 1
    assert {"kind", "f1", "swap_accuracy", "average_precision", "calibration_error"} <= set(
        record["scores"][0]
    )
    assert record["baselines"]


def test_the_table_shows_ours_beside_the_baselines(evaluation: RelationEvaluation) -> None:
    console = Console(width=140, record=True, quiet=True)
    with console.capture() as captured:
        console.quiet = False
        console.print(relation_table(evaluation))

    assert "boxes, heads, hands" in captured.get()
    assert "baseline: judged hand points" in captured.get()


@pytest.fixture(scope="module")
def development() -> RelationEvaluation:
    if not DEVELOPMENT.exists():
        pytest.skip("the development annotations are not here")
    return evaluate_relations(read_annotations(DEVELOPMENT), thresholds=THRESHOLDS)


@pytest.mark.parametrize(
    ("kind", "method", "f1"),
    [
        (EdgeKind.BESIDE, "boxes, heads, hands", 0.96),
        (EdgeKind.HOLDS, "boxes, heads, hands", 0.75),
        (EdgeKind.HOLDS, "boxes only", 0.65),
        (EdgeKind.WEARS, "boxes only", 0.9),
        (EdgeKind.ACROSS_DIVIDE, "boxes only", 0.7),
        (EdgeKind.GAZES_AT, "directions of gazes given", 0.75),
    ],
)
def test_the_development_set_reaches(
    development: RelationEvaluation, kind: EdgeKind, method: str, f1: float
) -> None:
    assert (score(development, kind, method).f1 or 0.0) >= f1
