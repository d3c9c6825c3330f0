"""What ships of the mini pack finds and cuts out things of scenes it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.model.region import Level
from iconograph.ingest.models.detect.person_onnx import End2EndDetector
from iconograph.ingest.models.segment.sam_onnx import SamOnnxSegmenter
from iconograph.ingest.models.segment.windowed import WindowedSegmenter
from iconograph.ingest.scenes.draw import draw_scene
from iconograph.ingest.scenes.values import DrawnPart, DrawnScene
from iconograph.ingest.training.corpora import HELD_OUT_STYLE
from iconograph.ingest.training.detect_measure import Boxes, Tally, tally_of

WEIGHTS = Path(__file__).parents[4] / "ingest/iconograph/ingest/models/weights"
LARGEST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def scenes() -> tuple[DrawnScene, ...]:
    return tuple(
        draw_scene(seed, recipe=recipe, style=HELD_OUT_STYLE)
        for seed, recipe in ((990_001, "eve_and_goat"), (990_002, "saint"), (990_003, "jerome"))
    )


def entities(scene: DrawnScene) -> list[DrawnPart]:
    return [part for part in scene.parts if part.level is Level.ENTITY]


def box_of(part: DrawnPart) -> list[float]:
    ys, xs = np.nonzero(part.mask)
    return [float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1)]


def test_the_detector_finds_and_names_what_is_drawn(scenes: tuple[DrawnScene, ...]) -> None:
    detector = End2EndDetector.of_folder(WEIGHTS / "mini-detect", threads=1)
    tally = Tally()

    for scene in scenes:
        parts, found = entities(scene), detector(scene.picture)
        tally += tally_of(
            Boxes(
                boxes_px=np.array([box_of(part) for part in parts], np.float32),
                labels=tuple(part.label for part in parts),
                kinds=tuple(part.kind.value for part in parts),
                confidences=np.ones(len(parts), np.float32),
            ),
            Boxes(
                boxes_px=found.boxes_px,
                labels=found.labels,
                kinds=tuple(kind.value for kind in found.kinds),
                confidences=found.confidences,
            ),
        )

    shares = tally.shares()
    assert shares["recall"] >= 0.8
    assert shares["label_accuracy"] >= 0.8
    assert shares["duplicates_per_region"] <= 0.1


def test_the_segmenter_cuts_closer_than_boxes(scenes: tuple[DrawnScene, ...]) -> None:
    segmenter = WindowedSegmenter(inner=SamOnnxSegmenter.load(WEIGHTS / "mini-sam", threads=1))
    own, bare = [], []

    for scene in scenes:
        parts = entities(scene)
        boxes = np.array([box_of(part) for part in parts], np.float32)
        masks = segmenter(scene.picture).in_boxes(boxes).masks
        for part, box, mask in zip(parts, boxes.astype(int), masks, strict=True):
            found = (
                np.zeros_like(part.mask) if mask is None else mask.within(*part.mask.shape[::-1])
            )
            own.append((found & part.mask).sum() / (found | part.mask).sum())
            bare.append(part.mask.sum() / ((box[2] - box[0]) * (box[3] - box[1])))

    assert np.mean(own) > np.mean(bare) + 0.05


@pytest.mark.parametrize("name", ["mini-detect", "mini-sam"])
def test_a_shipped_model_has_a_card_with_what_it_is(name: str) -> None:
    card = (WEIGHTS / name / "CARD.md").read_text(encoding="utf-8")

    for word in ("Data", "Steps", "Seed", "Measured", "Limits", "drawn scenes, not paintings"):
        assert word in card


def test_both_together_stay_small() -> None:
    files = [path for name in ("mini-detect", "mini-sam") for path in (WEIGHTS / name).iterdir()]

    assert sum(path.stat().st_size for path in files) <= LARGEST_BYTES
