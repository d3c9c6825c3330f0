"""Fits the weights of the colour merge tree on drawn scenes: run as a module, it prints the tables.

`python -m iconograph.ingest.models.segment.merge_tree_fit [SCENES]` takes some minutes.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.model.region import Level
from iconograph.ingest.models.segment.box_cut import BOX_MEASURES, best_cut, box_measures
from iconograph.ingest.models.segment.merge_tree import (
    MergeTreePicture,
    MergeTreeSegmenter,
)
from iconograph.ingest.models.segment.merge_tree_numbers import read_merge_tree_numbers
from iconograph.ingest.models.segment.merge_tree_proposals import distinct_nodes
from iconograph.ingest.models.segment.node_measures import NODE_MEASURES, logistic, node_measures
from iconograph.ingest.scenes.draw import draw_scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.merge_tree_numbers import MergeTreeNumbers

FIRST_SEED, SCENES = 1000, 90
MOST_PROPOSED = 160
BOX_ERROR_FRACTION = 0.03
"""Standard error of the sides of a detector's box, in the box's sides, that boxes are given here."""

SMALLEST_THING_PX2 = 150
THINNEST_BOX_PX = 2.0
HIT_IOU = 0.5
RIDGE, ROUNDS = 1e-4, 25

Row = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]
"""Measures, truths 0..1 and weights."""


def fitted(numbers: MergeTreeNumbers, *, scenes: int) -> MergeTreeNumbers:
    """The numbers with weights fitted on so many drawn scenes, from a fixed seed on."""
    pictures = [_drawn(numbers, seed) for seed in range(FIRST_SEED, FIRST_SEED + scenes)]
    every = [row for picture, truth in pictures for row in _node_rows(picture, truth)]
    coarse = fit_logistic(every)
    numbers = dataclasses.replace(numbers, node_weights=coarse)
    # What is proposed is a choice, surer than right: its logit is calibrated once more.
    chosen = [row for p, truth in pictures for row in _chosen_rows(_with(p, numbers), truth)]
    slope, shift = fit_logistic(chosen)
    nodes = coarse * slope
    nodes[-1] += shift
    boxes = [rows for picture, truth in pictures for rows in _box_rows(picture, truth)]
    box_weights = fit_logistic([row for row, _ in boxes])
    confidence = fit_logistic([_cut_row(row, area, box_weights) for row, area in boxes])
    return dataclasses.replace(
        numbers, node_weights=nodes, box_weights=box_weights,
        box_confidence=(float(confidence[0]), float(confidence[1])),
    )  # fmt: skip


def fit_logistic(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Weights and bias of a logistic by iteratively reweighted least squares, with a small ridge."""
    measures, truths, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
    table = np.c_[measures, np.ones(len(measures))]
    share, found = weights / weights.sum(), np.zeros(table.shape[1])
    ridge = RIDGE * np.eye(len(found))
    for _ in range(ROUNDS):
        chances = logistic(measures, found)
        slope = table.T @ (share * (truths - chances)) - ridge @ found
        bend = (table * (share * chances * (1 - chances))[:, None]).T @ table + ridge
        found = found + np.linalg.solve(bend, slope)
    return found


def _drawn(
    numbers: MergeTreeNumbers, seed: int
) -> tuple[MergeTreePicture, list[NDArray[np.bool_]]]:
    """A drawn scene's trees, and the masks of its entities at working size."""
    import cv2

    scene = draw_scene(seed)
    picture = MergeTreeSegmenter(numbers=numbers)(scene.picture)
    height, width = picture.trees.areas.labels.shape
    entities = (part.mask for part in scene.parts if part.level is Level.ENTITY)
    small = [
        cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA) > 0
        for mask in entities
    ]
    return picture, [mask for mask in small if mask.sum() >= SMALLEST_THING_PX2]


def _with(picture: MergeTreePicture, numbers: MergeTreeNumbers) -> MergeTreePicture:
    """The picture with the chances of other weights."""
    chances = tuple(
        np.where(old > 0, logistic(node_measures(tree), numbers.node_weights), 0.0)
        for tree, old in zip(picture.trees.trees, picture.chances, strict=True)
    )
    return dataclasses.replace(picture, numbers=numbers, chances=chances)


def _node_rows(picture: MergeTreePicture, truth: Sequence[NDArray[np.bool_]]) -> Iterator[Row]:
    """All nodes that may be proposed, with whether they cover a thing."""
    covered = _covered(picture, truth)
    things = zip(picture.trees.trees, picture.trees.leaf_ranks, picture.chances, strict=True)
    for tree, ranks, chances in things:
        held = np.zeros((len(truth), len(ranks) + 1))
        held[:, ranks + 1] = covered
        held = held.cumsum(axis=1)
        shared = held[:, tree.last] - held[:, tree.first]
        ious = shared / (tree.areas_px2 + covered.sum(axis=1)[:, None] - shared)
        fits = chances > 0
        hits = (ious.max(axis=0, initial=0.0) >= HIT_IOU)[fits].astype(np.float64)
        yield node_measures(tree)[fits], hits, np.ones(len(hits))


def _chosen_rows(picture: MergeTreePicture, truth: Sequence[NDArray[np.bool_]]) -> Iterator[Row]:
    """The nodes that are proposed, by their logit, with whether they cover a thing."""
    covered, areas = _covered(picture, truth), picture.trees.areas.areas
    for members, chance in distinct_nodes(picture, most=MOST_PROPOSED):
        shared = covered[:, members].sum(axis=1)
        ious = shared / (areas[members].sum() + covered.sum(axis=1) - shared)
        hit = float(ious.max(initial=0.0) >= HIT_IOU)
        yield np.array([[_logit(chance)]]), np.array([hit]), np.ones(1)


def _box_rows(
    picture: MergeTreePicture, truth: Sequence[NDArray[np.bool_]]
) -> Iterator[tuple[Row, float]]:
    """The superpixels in the box of each thing with their share of it, and the thing's area."""
    covered = _covered(picture, truth)
    height, width = picture.trees.areas.labels.shape
    rng = np.random.default_rng(FIRST_SEED)
    for mask, shares in zip(truth, covered, strict=True):
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = np.array([columns[0], rows[0], columns[-1] + 1.0, rows[-1] + 1.0])
        error = rng.normal(0, BOX_ERROR_FRACTION, 4) * np.tile(box[2:] - box[:2], 2)
        box = np.clip(box + error, 0, [width, height, width, height])
        if (box[2:] - box[:2]).min() >= THINNEST_BOX_PX:
            members, pixels, measures = box_measures(picture.trees, box)
            share = np.minimum(shares[members] / pixels, 1.0)
            yield (measures, share, pixels / pixels.sum()), float(mask.sum()) / pixels.sum()


def _cut_row(row: Row, area: float, weights: NDArray[np.float64]) -> Row:
    """The expected IoU of a cut, with whether the true one is high enough."""
    measures, share, pixels = row
    taken, expected = best_cut(logistic(measures, weights), pixels)
    shared = float((share * pixels)[taken].sum())
    iou = shared / (area + float(pixels[taken].sum()) - shared)
    return np.array([[expected]]), np.array([float(iou >= HIT_IOU)]), np.ones(1)


def _covered(picture: MergeTreePicture, truth: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """How many pixels of each superpixel belong to each thing, things x superpixels."""
    labels, count = picture.trees.areas.labels, len(picture.trees.areas.areas)
    return np.array([np.bincount(labels[mask], minlength=count) for mask in truth], np.float64)


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _table(name: str, measures: Sequence[str], weights: Sequence[float]) -> str:
    lines = (f"{key} = {value:.4f}" for key, value in zip(measures, weights, strict=True))
    return "\n".join((f"[{name}]", *lines, ""))


def main(scenes: int) -> None:
    """Print the tables."""
    found = fitted(read_merge_tree_numbers(), scenes=scenes)
    tables = (
        _table("node_weights", (*NODE_MEASURES, "bias"), found.node_weights.tolist()),
        _table("box_weights", (*BOX_MEASURES, "bias"), found.box_weights.tolist()),
        _table("box_confidence", ("weight", "bias"), found.box_confidence),
    )
    print("\n".join(tables))  # noqa: T201  this is what it is run for


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCENES)
