"""A rule that lacks evidence says which, and is less sure; without any it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.edge import EdgeKind
from tests.unit.relations.figures import TO_RIGHT, a_body, a_head
from tests.unit.relations.pictures import OBJECT, PERSON, Thing, a_picture, a_pose, edges_of

if TYPE_CHECKING:
    from iconograph.graph.model.edge import Edge
    from iconograph.graph.model.pose import Pose

EVE: Thing = ("Eve", PERSON, (200, 150, 400, 900))
NEAR: Thing = ("Adam", PERSON, (420, 150, 620, 900))
FAR: Thing = ("Adam", PERSON, (600, 150, 800, 900))
APPLE: Thing = ("apple", OBJECT, (395, 420, 435, 460))
EYES, OTHERS_EYES = (300.0, 200.0), (700.0, 200.0)
TWO_HEADS = {
    "Eve": a_pose(head=(260, 150, 340, 250)),
    "Adam": a_pose(head=(480, 150, 560, 250)),
}


@pytest.mark.parametrize(
    ("kind", "things", "poses", "lacked"),
    [
        pytest.param(
            EdgeKind.HOLDS, (EVE, APPLE), {"Eve": a_pose((400, 440))}, ("hands",), id="holds"
        ),
        pytest.param(EdgeKind.BESIDE, (NEAR, EVE), TWO_HEADS, ("heads",), id="beside"),
    ],
)
def test_less_evidence_makes_less_sure_and_is_named(
    kind: EdgeKind, things: tuple[Thing, ...], poses: dict[str, Pose], lacked: tuple[str, ...]
) -> None:
    (whole,) = edges_of(a_picture(*things, poses=poses), kind).values()
    (less,) = edges_of(a_picture(*things), kind).values()

    assert whole.evidence.lacked == ()
    assert less.evidence.lacked == lacked
    assert less.confidence < whole.confidence


def test_a_head_alone_makes_a_gaze_less_sure_than_a_face() -> None:
    heads = {"Eve": a_head(EYES), "Adam": a_head(OTHERS_EYES)}
    faces = heads | {"Eve": a_body(EYES, TO_RIGHT)}
    less, whole = (
        edges_of(a_picture(EVE, FAR, poses=poses), EdgeKind.GAZES_AT)["Eve", "Adam"]
        for poses in (heads, faces)
    )

    assert less.confidence < whole.confidence
    assert trust_of(less) < trust_of(whole)


def trust_of(edge: Edge) -> float:
    """How far the gaze of an edge is believed."""
    return dict(edge.evidence.numbers)["gaze_confidence"]


@pytest.mark.parametrize("kind", [EdgeKind.GAZES_AT, EdgeKind.POINTS_AT, EdgeKind.FACES])
def test_without_heads_and_key_points_nothing_is_invented(kind: EdgeKind) -> None:
    assert not edges_of(a_picture(EVE, FAR, APPLE), kind)
