from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.ingest.models.segment.merge_tree_fit import fit_logistic
from iconograph.ingest.models.segment.merging_order import MergeTree, MergeWeights, merge_tree_of
from iconograph.ingest.models.segment.node_measures import NODE_MEASURES, logistic, node_measures
from iconograph.ingest.models.segment.superpixels import superpixels_of
from iconograph.ingest.scenes import draw_scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURE = draw_scene(5, size_px=(240, 200)).picture
WEIGHTS = [MergeWeights(edge_weight=0.0, size_power=0.75), MergeWeights()]


def tree_of(pixels: NDArray[np.uint8], weights: MergeWeights, count: int = 150) -> MergeTree:
    return merge_tree_of(superpixels_of(pixels, count=count), weights)


@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
def test_each_node_is_its_children(weights: MergeWeights) -> None:
    tree = tree_of(PICTURE, weights)
    leaves = int(tree.last[-1])

    assert len(tree) == 2 * leaves - 1
    for node in range(leaves, len(tree)):
        a, b = tree.children[node]
        assert tree.parents[a] == tree.parents[b] == node
        assert tree.areas_px2[node] == tree.areas_px2[a] + tree.areas_px2[b]
        assert (tree.first[node], tree.last[a], tree.last[node]) == (
            tree.first[a], tree.first[b], tree.last[b],
        )  # fmt: skip
        assert tree.costs[node] >= max(tree.costs[a], tree.costs[b])


def test_masks_have_the_nodes_area_and_box() -> None:
    tree = tree_of(PICTURE, WEIGHTS[1])

    for node in range(0, len(tree), 7):
        mask = tree.mask(node)
        assert mask.sum() == tree.areas_px2[node]
        for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1]):
            assert side.any()
    assert tree.mask(len(tree) - 1).shape == PICTURE.shape[:2]


def test_what_has_one_colour_is_joined_before_what_has_two() -> None:
    pixels = np.full((120, 160, 3), 200, np.uint8)
    pixels[30:90, 40:100] = (20, 40, 160)

    tree = tree_of(pixels, WEIGHTS[0])

    square = np.zeros((120, 160), np.bool_)
    square[30:90, 40:100] = True
    covered = [
        tree.mask(node).sum() / 3600 * square[y0:y1, x0:x1][tree.mask(node)].mean()
        for node, (x0, y0, x1, y1) in enumerate(tree.boxes_px)
        if 3000 < tree.areas_px2[node] < 4000
    ]
    assert max(covered) > 0.98


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (3, 700)], ids=str)
def test_tiny_pictures_have_trees(size: tuple[int, int]) -> None:
    tree = tree_of(np.zeros((*size, 3), np.uint8), WEIGHTS[1])

    assert tree.areas_px2[-1] == size[0] * size[1]
    assert node_measures(tree).shape == (len(tree), len(NODE_MEASURES))
    assert np.isfinite(node_measures(tree)).all()


def test_superpixels_cover_the_picture_once() -> None:
    areas = superpixels_of(PICTURE, count=100)

    assert areas.areas.sum() == PICTURE.shape[0] * PICTURE.shape[1]
    assert 50 < len(areas.areas) < 200
    assert (areas.borders[:, 0] < areas.borders[:, 1]).all()


def test_fitting_finds_the_weights_that_made_the_truth() -> None:
    rng = np.random.default_rng(3)
    measures, weights = rng.normal(size=(20_000, 2)), np.array([1.5, -0.7, 0.4])
    truth = (rng.random(20_000) < logistic(measures, weights)).astype(np.float64)

    found = fit_logistic([(measures, truth, np.ones(20_000))])

    assert found == pytest.approx(weights, abs=0.08)
