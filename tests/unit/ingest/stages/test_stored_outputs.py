from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import KeyPoint, Pose
from iconograph.graph.model.region import Label, LabelOrigin, RegionKind
from iconograph.ingest.cache import Form, OutputCache
from iconograph.ingest.models.detect.port import Detections
from iconograph.ingest.models.segment.port import Segments
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.proposal import Proposal
from iconograph.ingest.stages import stored_outputs as forms
from tests.unit.ingest.small_models import face_in

L_SHAPE = Mask.of(np.array([[1, 0, 0], [1, 0, 0], [1, 1, 1]], np.bool_), x0_px=7, y0_px=9)
DOT = Mask.of(np.ones((1, 1), np.bool_), x0_px=3, y0_px=4)


def again(folder: Path, form: Form[Any], value: Any) -> Any:
    """The value as the next ingest reads it."""
    OutputCache(folder).remembered("ab12", lambda: value, form)
    return OutputCache(folder).remembered("ab12", lambda: pytest.fail("it was kept"), form)


def assert_same(a: Mask | None, b: Mask | None) -> None:
    assert (a is None) == (b is None)
    if a and b:
        assert (a.x0_px, a.y0_px, a.area_px2) == (b.x0_px, b.y0_px, b.area_px2)
        np.testing.assert_array_equal(a.bits, b.bits)


@pytest.mark.parametrize("count", [0, 2])
def test_detections(tmp_path: Path, count: int) -> None:
    value = Detections(
        boxes_px=np.arange(4 * count, dtype=np.float32).reshape(count, 4),
        confidences=np.full(count, 0.25, np.float32),
        labels=("a woman", "")[:count],
        kinds=(RegionKind.PERSON, RegionKind.UNKNOWN)[:count],
    )
    read = again(tmp_path, forms.DETECTIONS, value)
    np.testing.assert_array_equal(read.boxes_px, value.boxes_px)
    np.testing.assert_array_equal(read.confidences, value.confidences)
    assert (read.labels, read.kinds) == (value.labels, value.kinds)
    assert read.boxes_px.dtype == np.float32


@pytest.mark.parametrize(
    "masks", [(), (L_SHAPE, None, DOT), (None,)], ids=["none", "some", "only missing"]
)
def test_segments(tmp_path: Path, masks: tuple[Mask | None, ...]) -> None:
    value = Segments(masks=masks, confidences=np.full(len(masks), 0.5, np.float32))
    read = again(tmp_path, forms.SEGMENTS, value)
    for a, b in zip(read.masks, masks, strict=True):
        assert_same(a, b)


def test_proposals(tmp_path: Path) -> None:
    label = Label(text="apple", confidence=0.7, origin=LabelOrigin.CLASSIFIER)
    value = (
        Proposal(mask=L_SHAPE, confidence=0.5, sources=("tree",)),
        Proposal(
            mask=DOT, confidence=0.4, sources=("a", "b"), kind=RegionKind.OBJECT, labels=(label,)
        ),
    )
    read = again(tmp_path, forms.PROPOSALS, value)
    for a, b in zip(read, value, strict=True):
        assert_same(a.mask, b.mask)
        assert (a.confidence, a.sources, a.kind, a.labels) == (
            b.confidence, b.sources, b.kind, b.labels
        )  # fmt: skip


def test_poses_and_faces(tmp_path: Path) -> None:
    pose = Pose(
        key_points=(KeyPoint(x_px=1.5, y_px=2.0, confidence=0.5),) * 17,
        hands=(Point(x_px=3.0, y_px=4.0),),
        method="sticks@1",
    )
    assert again(tmp_path / "poses", forms.POSES, (pose, None)) == (pose, None)
    faces = (face_in(0, 0, 30, 40),)
    assert again(tmp_path / "faces", forms.FACES, faces) == faces
