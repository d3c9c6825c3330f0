"""Measures ways to masks: how many things they find, and what prompts of boxes cost beside a grid."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iconograph.cli.options import cache_folder
from iconograph.graph.model.region import Level
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.detect.person_onnx import End2EndDetector
from iconograph.ingest.models.segment.merge_tree import MergeTreeSegmenter
from iconograph.ingest.models.segment.merge_tree_proposals import MergeTreeProposer
from iconograph.ingest.models.segment.prompts import grid
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from iconograph.ingest.models.segment.windowed import WindowedSegmenter
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.scenes import draw_scene
from iconograph.ingest.training.corpora import HELD_OUT_STYLE
from tests.bench.measuring import cpu_timed, show, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from rich.table import Table

    from iconograph.ingest.models.segment.port import Segmenter, Segments
    from iconograph.ingest.scenes.values import DrawnScene

SCENES = range(90_000, 90_012)
DENSE_SCENES = range(90_000, 90_004)
PER_SIDE = 32
PIECES = 160
BOXES = (20, 40, 80, 300)
"""A portrait, a painting of some figures, a crowd, and the most that a detector of `full` gives."""

SQUARES = (0.08, 0.2, 0.5)
"""Sides of the grid's squares, in longer sides of the picture."""

DUPLICATE_IOU = 0.7
MOST_KEPT = 300
MEGAPIXEL = (1000, 1000)
SMALLEST_THING_PX2 = 200
FOUND_IOU = 0.5

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def test_things_found_by_each_way_to_masks(capsys: pytest.CaptureFixture[str]) -> None:
    detector = End2EndDetector.open(cache_folder())
    sam = WindowedSegmenter(inner=SamOnnxSegmenter.open(cache_folder(), name="mini-sam"))
    ways: dict[str, Callable[[NDArray[np.uint8]], Sequence[Mask | None]]] = {
        "boxes of the detector, mini SAM": partial(in_found_boxes, sam, detector),
        "boxes of the detector, merge tree": partial(
            in_found_boxes, MergeTreeSegmenter(), detector
        ),
        "160 pieces of the merge tree": pieces,
    }
    found: dict[str, list[bool]] = {way: [] for way in ways}
    spent_s = dict.fromkeys(ways, 0.0)
    for seed in SCENES:
        scene = draw_scene(seed, style=HELD_OUT_STYLE)
        things = things_of(scene)
        for way, ask in ways.items():
            masks, seconds = cpu_timed(partial(ask, scene.picture))
            spent_s[way] += seconds
            found[way] += [best_iou(thing, masks) >= FOUND_IOU for thing in things]
    columns = ("way", "things found", "CPU s per scene")
    table = table_of(f"{len(SCENES)} drawn scenes of a style that no model has seen", columns)
    for way, hits in found.items():
        table.add_row(way, f"{np.mean(hits):.3f}", f"{spent_s[way] / len(SCENES):.2f}")
    show(table, capsys)


def test_a_dense_grid_of_prompts_beside_found_boxes(capsys: pytest.CaptureFixture[str]) -> None:
    """The same segmenter asked at found boxes, and in squares of three sizes at 32 x 32 places.

    The squares stand for SAM's grid of points, which the mini SAM has not learnt; of what they give
    the surest that are no duplicates are kept.
    """
    detector = End2EndDetector.open(cache_folder())
    sam = WindowedSegmenter(inner=SamOnnxSegmenter.open(cache_folder(), name="mini-sam"))
    found: dict[str, list[bool]] = {"boxes": [], "pieces": [], "grid": [], "grid, kept": []}
    spent_s, prompts = dict.fromkeys(found, 0.0), dict.fromkeys(found, 0)
    for seed in DENSE_SCENES:
        scene = draw_scene(seed, style=HELD_OUT_STYLE)
        things = things_of(scene)
        cut = sam(scene.picture)
        boxes, detected_s = cpu_timed(partial(detector, scene.picture))
        masks, boxes_s = cpu_timed(partial(cut.in_boxes, boxes.boxes_px))
        cut_up, pieces_s = cpu_timed(partial(pieces, scene.picture))
        squares = grid_of_squares(*scene.picture.shape[1::-1])
        dense, grid_s = cpu_timed(partial(cut.in_boxes, squares))
        kept, kept_s = cpu_timed(partial(without_duplicates, dense))
        for way, answers, seconds, asked in (
            ("boxes", masks.masks, detected_s + boxes_s, len(boxes)),
            ("pieces", [*masks.masks, *cut_up], detected_s + boxes_s + pieces_s, len(boxes)),
            ("grid", dense.masks, grid_s, len(squares)),
            ("grid, kept", kept, grid_s + kept_s, len(squares)),
        ):
            found[way] += [best_iou(thing, answers) >= FOUND_IOU for thing in things]
            spent_s[way] += seconds
            prompts[way] += asked
    names = {
        "boxes": "found boxes",
        "pieces": "found boxes, and 160 pieces by colour",
        "grid": "32 x 32 x 3 squares, all masks",
        "grid, kept": f"32 x 32 x 3 squares, {MOST_KEPT} kept",
    }
    columns = ("prompts of the mini SAM", "prompts", "things found", "CPU s", "of the grid's")
    table = table_of(f"{len(DENSE_SCENES)} drawn scenes of an unseen style, per scene", columns)
    for way, hits in found.items():
        table.add_row(
            names[way],
            f"{prompts[way] / len(DENSE_SCENES):.0f}",
            f"{np.mean(hits):.3f}",
            f"{spent_s[way] / len(DENSE_SCENES):.2f}",
            f"1 / {spent_s['grid, kept'] / spent_s[way]:.1f}",
        )
    show(table, capsys)


def test_the_cost_of_a_sam_of_real_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Encoder and prompts of SAM ViT-B, in torch and as its 8-bit ONNX files; both sides measured."""
    torch = pytest.importorskip("torch", reason="SAM of real size needs the extra ml (.venv-ml)")
    registry = pytest.importorskip("segment_anything", reason="needs the extra ml (.venv-ml)")
    pytest.importorskip("onnx", reason="the export needs the extra ml (.venv-ml)")
    from iconograph.ingest.models.export.onnx import Precision
    from iconograph.ingest.models.export.sam import export_sam
    from iconograph.ingest.models.segment.sam import SamSegmenter

    torch.manual_seed(0)
    sam = registry.sam_model_registry["vit_b"]()
    refs = (ModelRef(name="vit_b"),)
    table = table_of(
        "SAM ViT-B, random weights, one megapixel, CPU seconds; ratio to the grid, encoder counted",
        ("runtime", "encoder", *(f"{count} boxes" for count in BOXES), "32 x 32 points"),
    )
    add_costs(table, "torch", SamSegmenter(sam, name="vit_b", models=refs, device="cpu"))
    export_sam(
        sam,
        tmp_path,
        name="vit_b",
        encoder_precision=Precision.INT8,
        decoder_precision=Precision.INT8,
    )
    del sam
    add_costs(table, "ONNX, 8 bit", SamOnnxSegmenter.load(tmp_path))
    show(table, capsys)


def add_costs(table: Table, name: str, segmenter: Segmenter) -> None:
    """A row of what prompts of boxes cost beside the grid of points."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (*MEGAPIXEL, 3), dtype=np.uint8)
    picture, encoder_s = cpu_timed(partial(segmenter, pixels))
    points = grid(*MEGAPIXEL, PER_SIDE)
    _, grid_s = cpu_timed(partial(picture.at_points, points))
    cells = []
    for count in BOXES:
        middles = rng.uniform(100, 900, (count, 2))
        boxes = np.concatenate([middles - 60, middles + 60], axis=1).astype(np.float32)
        _, boxes_s = cpu_timed(partial(picture.in_boxes, boxes))
        cells.append(f"{boxes_s:.1f} (1 / {(encoder_s + grid_s) / (encoder_s + boxes_s):.1f})")
    table.add_row(name, f"{encoder_s:.1f}", *cells, f"{grid_s:.1f}")


def things_of(scene: DrawnScene) -> list[Mask]:
    """The masks of what there is to be found."""
    return [
        Mask.of(part.mask)
        for part in scene.parts
        if part.level is Level.ENTITY and part.mask.sum() >= SMALLEST_THING_PX2
    ]


def grid_of_squares(width_px: int, height_px: int) -> NDArray[np.float32]:
    """Squares of three sizes about the places of SAM's grid, n x 4."""
    middles = grid(width_px, height_px, PER_SIDE)
    halves = np.array(SQUARES) * max(width_px, height_px) / 2
    return np.concatenate([np.hstack([middles - half, middles + half]) for half in halves])


def without_duplicates(found: Segments) -> list[Mask]:
    """The surest masks, none of which overlaps a surer one by more than SAM's authors allow."""
    kept: list[Mask] = []
    for row in np.argsort(-found.confidences, kind="stable").tolist():
        mask = found.masks[row]
        if mask is not None and best_iou(mask, kept) <= DUPLICATE_IOU:
            kept.append(mask)
        if len(kept) == MOST_KEPT:
            break
    return kept


def in_found_boxes(
    segmenter: Segmenter, detector: End2EndDetector, pixels: NDArray[np.uint8]
) -> Sequence[Mask | None]:
    return segmenter(pixels).in_boxes(detector(pixels).boxes_px).masks


def pieces(pixels: NDArray[np.uint8]) -> Sequence[Mask | None]:
    return [piece.mask for piece in MergeTreeProposer()(pixels, most=PIECES)]


def best_iou(thing: Mask, masks: Sequence[Mask | None]) -> float:
    return max((thing.iou(mask) for mask in masks if mask is not None), default=0.0)
