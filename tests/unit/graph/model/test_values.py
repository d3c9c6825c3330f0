"""What values say about themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iconograph.graph.model.edge import INVERSE_WORDS, EdgeKind, evidence_of
from iconograph.graph.model.pose import COCO_KEY_POINTS, KeyPoint, Pose
from iconograph.graph.model.region import Label
from tests.builders import eden_bundle


def test_each_kind_of_edge_reads_both_ways() -> None:
    assert INVERSE_WORDS.keys() == set(EdgeKind)
    assert (EdgeKind.IN_FRONT_OF.words, EdgeKind.IN_FRONT_OF.inverse) == ("in front of", "behind")
    assert {kind for kind in EdgeKind if kind.symmetric} == {
        EdgeKind.BESIDE,
        EdgeKind.ACROSS_DIVIDE,
        EdgeKind.SAME_SIDE,
    }


def test_evidence_is_sorted_and_rounded() -> None:
    evidence = evidence_of(overlap_fraction=1 / 3, gap_heights=2)

    assert evidence.numbers == (("gap_heights", 2.0), ("overlap_fraction", 0.333333))
    assert evidence.number("gap_heights") == 2.0
    assert evidence.number("angle_deg") is None


@pytest.mark.parametrize(
    ("labels", "surest"),
    [
        pytest.param((), "", id="none"),
        pytest.param((Label(text="woman", confidence=0.4), Label(text="Eve")), "Eve", id="surest"),
        pytest.param((Label(text="Eve"), Label(text="Venus")), "Eve", id="first of equals"),
    ],
)
def test_the_label_of_a_region_is_its_surest(labels: tuple[Label, ...], surest: str) -> None:
    assert replace(eden_bundle().regions[0], labels=labels).label == surest


def test_a_key_point_that_was_not_found_is_none() -> None:
    points = [
        KeyPoint(x_px=place, y_px=0, confidence=0.0 if place == 9 else 1.0)
        for place in range(len(COCO_KEY_POINTS))
    ]
    pose = Pose(key_points=tuple(points))

    assert pose.key_point("nose") == points[0]
    assert pose.key_point("left_wrist") is None
    assert Pose().key_point("nose") is None
