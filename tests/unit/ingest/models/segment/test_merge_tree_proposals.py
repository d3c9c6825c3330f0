from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.model.region import Level, RegionKind
from iconograph.ingest.models.segment.merge_tree_proposals import MergeTreeProposer
from iconograph.ingest.models.segment.proposer import Proposer
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.scenes import draw_scene

PROPOSER: Proposer = MergeTreeProposer()
SCENE = draw_scene(203)


def test_they_come_without_labels_the_surest_first() -> None:
    proposals = PROPOSER(SCENE.picture, most=40)

    confidences = [proposal.confidence for proposal in proposals]
    assert len(proposals) == 40
    assert confidences == sorted(confidences, reverse=True)
    assert {(p.kind, p.labels, p.sources) for p in proposals} == {
        (RegionKind.UNKNOWN, (), ("merge-tree",))
    }


def test_no_two_are_nearly_the_same() -> None:
    masks = [proposal.mask for proposal in PROPOSER(SCENE.picture, most=40)]

    assert max(a.iou(b) for n, a in enumerate(masks) for b in masks[:n]) < 0.7


def test_many_things_of_a_drawn_scene_are_among_them() -> None:
    proposals = PROPOSER(SCENE.picture, most=200)
    things = [
        Mask.of(part.mask)
        for part in SCENE.parts
        if part.level is Level.ENTITY and part.mask.sum() > 400
    ]

    found = [max(p.mask.iou(thing) for p in proposals) >= 0.5 for thing in things]

    assert np.mean(found) >= 0.5


def test_fewer_are_the_surest_of_more() -> None:
    few, many = (PROPOSER(SCENE.picture, most=most) for most in (5, 20))

    assert [p.confidence for p in few] == [p.confidence for p in many[:5]]
    assert PROPOSER(SCENE.picture, most=0) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 200), (50, 20_000)], ids=str)
def test_pictures_of_odd_sizes(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (*size, 3)).astype(np.uint8)

    for proposal in PROPOSER(pixels, most=10):
        assert proposal.mask.box.x1_px <= size[1]
        assert proposal.mask.box.y1_px <= size[0]


def test_a_picture_of_one_colour_has_no_sure_thing() -> None:
    pixels = np.full((300, 400, 3), 128, np.uint8)

    assert all(p.confidence < 0.2 for p in PROPOSER(pixels, most=20))
