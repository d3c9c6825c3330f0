from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.evaluation.annotations import AnnotatedSet, read_annotations
from iconograph.evaluation.gaze import DIRECTIONS, HEADS, gaze_scores, without_targets
from iconograph.evaluation.relations import evaluate_relations
from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.thresholds import read_thresholds
from tests.unit.evaluation.test_annotations import a_person, eden, write

THRESHOLDS = read_thresholds()
HEAD = [0.15, 0.1, 0.25, 0.2]


@pytest.fixture
def annotated(tmp_path: Path) -> AnnotatedSet:
    """Eve looks down at an apple, not at Adam, whose head is level with hers."""
    gaze = {"target": "apple", "direction": [0.0, 1.0]}
    entities = [
        a_person("eve", [0.1, 0.1, 0.3, 0.9], head=HEAD, gaze=gaze),
        a_person("adam", [0.6, 0.1, 0.8, 0.9], head=[0.65, 0.1, 0.75, 0.2]),
        {"id": "apple", "label": "apple", "kind": "object", "box": [0.18, 0.5, 0.22, 0.55]},
    ]
    relations = [{"subject": "eve", "relation": "gazes-at", "object": "apple"}]
    picture = eden(entities=entities, relations=relations, uncertain=[], complete_for=["gazes-at"])
    return read_annotations(write(tmp_path, picture))


def test_directions_and_targets_are_scored(annotated: AnnotatedSet) -> None:
    heads, given = gaze_scores(annotated.pictures, THRESHOLDS)

    assert (heads.method, given.method) == (HEADS, DIRECTIONS)
    assert heads.median_error_deg == pytest.approx(90.0)
    assert (heads.targets_right, heads.gazers) == (0, 1)
    assert given.target_accuracy == 1.0
    assert "target found 1.00 (1 of 1)" in str(given)


def test_the_target_is_withheld(annotated: AnnotatedSet) -> None:
    bundle = without_targets(annotated.pictures[0].bundle)

    assert [region.gaze.target_region for region in bundle.regions if region.gaze] == [None]


def test_gazes_count_only_where_their_direction_was_given(annotated: AnnotatedSet) -> None:
    scores = {
        score.method: score.found
        for score in evaluate_relations(annotated, thresholds=THRESHOLDS).scores
        if score.kind is EdgeKind.GAZES_AT
    }

    assert scores[DIRECTIONS] == 1
    assert scores.get(HEADS, 0) == 0


def test_without_gazes_nothing_is_said(annotated: AnnotatedSet) -> None:
    assert gaze_scores(annotated.pictures[:0], THRESHOLDS) == ()
