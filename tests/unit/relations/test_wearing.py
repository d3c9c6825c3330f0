"""WEARS heeds where on the body a garment belongs."""

from __future__ import annotations

import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.relations.words import WordGroup, read_words
from tests.unit.relations.figures import FRONT, XY, a_body
from tests.unit.relations.pictures import ATTRIBUTE, PERSON, Corners, Thing, a_picture, edges_of

EVE: Thing = ("Eve", PERSON, (200, 150, 400, 900))
LYING: Thing = ("Eve", PERSON, (200, 400, 900, 650))
STANDS = FRONT | {"left_ankle": (40, 680), "right_ankle": (-40, 680)}
HEAD_LEFT: dict[str, XY] = {
    "nose": (250, 500),
    "left_shoulder": (330, 450),
    "right_shoulder": (330, 550),
    "left_hip": (560, 470),
    "right_hip": (560, 540),
    "left_ankle": (860, 500),
    "right_ankle": (860, 520),
}


@pytest.mark.parametrize(
    ("label", "box", "worn"),
    [
        pytest.param("hat", (260, 150, 340, 220), True, id="hat on the head"),
        pytest.param("hat", (260, 820, 340, 890), False, id="hat on the feet"),
        pytest.param("shoe", (260, 850, 300, 895), True, id="shoe on the foot"),
        pytest.param("shoe", (260, 160, 300, 205), False, id="shoe on the head"),
        pytest.param("tunic", (220, 300, 380, 600), True, id="tunic on the trunk"),
        pytest.param("tunic", (260, 800, 340, 890), False, id="tunic at the feet"),
        pytest.param("cloak", (220, 600, 380, 890), True, id="a cloak has no one place"),
    ],
)
@pytest.mark.parametrize("posed", [True, False], ids=["key points", "box"])
def test_garments_have_their_place(label: str, box: Corners, *, worn: bool, posed: bool) -> None:
    poses = {"Eve": a_body((300, 200), STANDS)} if posed else {}
    found = edges_of(a_picture(EVE, (label, ATTRIBUTE, box), poses=poses), EdgeKind.WEARS)
    edge = found.get(("Eve", label))

    assert (edge is not None and edge.confidence >= 0.5) == worn
    if edge is not None:
        unseen = () if posed or label == "cloak" else ("key points",)
        assert edge.evidence.lacked == unseen


@pytest.mark.parametrize(
    ("box", "worn"),
    [
        pytest.param((215, 460, 285, 540), True, id="on the head"),
        pytest.param((815, 460, 885, 540), False, id="at the feet"),
    ],
)
def test_key_points_tell_the_place_on_one_who_lies(box: Corners, *, worn: bool) -> None:
    picture = a_picture(LYING, ("crown", ATTRIBUTE, box), poses={"Eve": a_body((0, 0), HEAD_LEFT)})
    found = edges_of(picture, EdgeKind.WEARS)

    assert (("Eve", "crown") in found and found["Eve", "crown"].confidence >= 0.5) == worn


def test_what_has_a_place_is_worn() -> None:
    groups = read_words().groups

    for group in (WordGroup.HEADWEAR, WordGroup.BODYWEAR, WordGroup.FOOTWEAR):
        assert groups[group] <= groups[WordGroup.WORN]
