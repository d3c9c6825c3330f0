"""Measures masks prompted by boxes beside a grid of points: how many things they find, at what cost."""

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
from iconograph.ingest.models.segment.prompts import grid
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.scenes import draw_scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from iconograph.ingest.models.segment.port import Segments

T = TypeVar("T")

SCENES = range(90_000, 90_012)
PER_SIDE = 32
BOXES_OF_A_PAINTING = 40
MEGAPIXEL = (1000, 1000)
SMALLEST_THING_PX2 = 200
FOUND_IOU = 0.5

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def test_boxes_find_what_the_grid_finds(capsys: pytest.CaptureFixture[str]) -> None:
    segmenter = SamOnnxSegmenter.open(cache_folder(), name="mini-sam")
    detector = End2EndDetector.open(cache_folder())
    found: dict[str, list[bool]] = {"detector's boxes": [], "32 x 32 points": []}
    spent_s = dict.fromkeys(found, 0.0)
    for seed in SCENES:
        scene = draw_scene(seed)
        things = [
            Mask.of(part.mask)
            for part in scene.parts
            if part.level is Level.ENTITY and part.mask.sum() >= SMALLEST_THING_PX2
        ]
        height_px, width_px = scene.picture.shape[:2]
        points = grid(width_px, height_px, PER_SIDE)
        asked: dict[str, Callable[[], Segments]] = {
            "detector's boxes": partial(in_found_boxes, segmenter, detector, scene.picture),
            "32 x 32 points": partial(at_all_points, segmenter, scene.picture, points),
        }
        for name, ask in asked.items():
            segments, seconds = timed(ask)
            spent_s[name] += seconds
            found[name] += [best_iou(thing, segments) >= FOUND_IOU for thing in things]
    table = Table(
        title=f"mini SAM, {len(SCENES)} drawn scenes, CPU seconds of each with its encoder"
    )
    for column in ("prompts", "things found", "CPU s per scene"):
        table.add_column(column)
    for name, hits in found.items():
        table.add_row(name, f"{np.mean(hits):.3f}", f"{spent_s[name] / len(SCENES):.2f}")
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
    segmenter: SamOnnxSegmenter, detector: End2EndDetector, pixels: NDArray[np.uint8]
) -> Segments:
    return segmenter(pixels).in_boxes(detector(pixels).boxes_px)


def at_all_points(
    segmenter: SamOnnxSegmenter, pixels: NDArray[np.uint8], points_px: NDArray[np.float32]
) -> Segments:
    return segmenter(pixels).at_points(points_px)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started_s = time.process_time()
    return work(), time.process_time() - started_s


def best_iou(thing: Mask, segments: Segments) -> float:
    return max((thing.iou(mask) for mask in segments.masks if mask is not None), default=0.0)
