"""The small CenterNet, where its weights were pulled, on paintings, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from iconograph.evaluation.boxed import BoxedSet, read_boxes
from iconograph.evaluation.detection import evaluate_detection
from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.detect.centernet import CenterNetDetector

CACHE = Path(os.environ.get("ICONOGRAPH_CACHE") or user_cache_path("iconograph"))
SHARED = Path(__file__).parents[4] / "shared/data"
PICTURES = 4
"""Looked at; the figures of all stand in the README."""


@pytest.fixture(scope="module")
def boxed() -> BoxedSet:
    if not SHARED.exists():
        pytest.skip("the development pictures are not here")
    boxed = read_boxes(SHARED / "annotations/dev_paintings.json")
    return BoxedSet(pictures=boxed.pictures[:PICTURES], unboxed=())


def test_most_persons_of_paintings_are_found(boxed: BoxedSet) -> None:
    try:
        detector = CenterNetDetector.open(CACHE, budget="fast", threads=1)
    except MissingModelError as error:
        pytest.skip(str(error))

    total = evaluate_detection(boxed, SHARED / "paintings", detector).total

    assert total.pictures == PICTURES
    assert (total.largest_recall or 0) >= 0.6
    assert (total.average_precision or 0) >= 0.5
