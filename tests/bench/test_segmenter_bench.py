"""Measures ways to masks: how many things they find, and what prompts of boxes cost beside a grid."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table

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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.port import Segmenter

T = TypeVar("T")

SCENES = range(90_000, 90_012)
PER_SIDE = 32
PIECES = 160
BOXES_OF_A_PAINTING = 40
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
        things = [
            Mask.of(part.mask)
            for part in scene.parts
            if part.level is Level.ENTITY and part.mask.sum() >= SMALLEST_THING_PX2
        ]
        for way, ask in ways.items():
            masks, seconds = timed(partial(ask, scene.picture))
            spent_s[way] += seconds
            found[way] += [best_iou(thing, masks) >= FOUND_IOU for thing in things]
    table = Table(title=f"{len(SCENES)} drawn scenes of a style that no model has seen")
    for column in ("way", "things found", "CPU s per scene"):
        table.add_column(column)
    for way, hits in found.items():
        table.add_row(way, f"{np.mean(hits):.3f}", f"{spent_s[way] / len(SCENES):.2f}")
    with capsys.disabled():
        Console(width=100).print("", table)


def test_the_cost_of_a_sam_of_real_size(capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason="SAM of real size needs the extra ml (.venv-ml)")
    registry = pytest.importorskip("segment_anything", reason="needs the extra ml (.venv-ml)")
    from iconograph.ingest.models.segment.sam import SamSegmenter

    torch.manual_seed(0)
    sam = registry.sam_model_registry["vit_b"]()
    segmenter = SamSegmenter(
        sam, name="random vit_b", models=(ModelRef(name="vit_b"),), device="cpu"
    )
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (*MEGAPIXEL, 3), dtype=np.uint8)
    middles = rng.uniform(100, 900, (BOXES_OF_A_PAINTING, 2))
    boxes = np.concatenate([middles - 60, middles + 60], axis=1).astype(np.float32)
    picture, encoder_s = timed(lambda: segmenter(pixels))
    _, boxes_s = timed(lambda: picture.in_boxes(boxes))
    _, points_s = timed(lambda: picture.at_points(grid(*MEGAPIXEL, PER_SIDE)))
    table = Table(title="SAM ViT-B, random weights, one megapixel, CPU seconds")
    for column in (
        "encoder",
        f"{BOXES_OF_A_PAINTING} boxes",
        "32 x 32 points",
        "boxes / grid, whole",
    ):
        table.add_column(column)
    share = (encoder_s + boxes_s) / (encoder_s + points_s)
    table.add_row(f"{encoder_s:.1f}", f"{boxes_s:.1f}", f"{points_s:.1f}", f"1 / {1 / share:.1f}")
    with capsys.disabled():
        Console(width=100).print("", table)


def in_found_boxes(
    segmenter: Segmenter, detector: End2EndDetector, pixels: NDArray[np.uint8]
) -> Sequence[Mask | None]:
    return segmenter(pixels).in_boxes(detector(pixels).boxes_px).masks


def pieces(pixels: NDArray[np.uint8]) -> Sequence[Mask | None]:
    return [piece.mask for piece in MergeTreeProposer()(pixels, most=PIECES)]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started_s = time.process_time()
    return work(), time.process_time() - started_s


def best_iou(thing: Mask, masks: Sequence[Mask | None]) -> float:
    return max((thing.iou(mask) for mask in masks if mask is not None), default=0.0)
