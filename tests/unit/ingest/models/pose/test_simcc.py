from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.graph.model.pose import Side
from iconograph.graph.model.run import ModelRef
from iconograph.ingest.models.pose.simcc import (
    KeyPointSet,
    SimccPoses,
    SimccSettings,
    decoded,
    padded_window,
    read_settings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

SETTINGS = SimccSettings(mean=(0.0, 0.0, 0.0), std=(255.0, 255.0, 255.0))
MODEL = ModelRef(name="brightest")
BOX = (60.0, 40.0, 160.0, 200.0)


class Brightest:
    """Answers each key point where the input is brightest, as a row of scores along each side."""

    def __init__(
        self, key_points: int = 17, batch: int | None = None, most: int = 99, peak: float = 1.0
    ) -> None:
        self.inputs = {"input": (batch, 3, 256, 192)}
        self.key_points = key_points
        self.most = most
        self.peak = peak
        self.batches: list[int] = []

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        red = feeds["input"][:, 0]
        self.batches.append(len(red))
        if len(red) > self.most:
            message = "too many at once"
            raise ModelMemoryError(message)
        found = {}
        for name, axis, size in (("simcc_x", 1, 192), ("simcc_y", 2, 256)):
            profile = red.max(axis=axis)
            steps = np.arange(size * 2) / 2
            rows = np.stack([np.interp(steps, np.arange(size), row) for row in profile])
            found[name] = np.repeat(rows[:, np.newaxis], self.key_points, axis=1) * self.peak
        return found


def a_blob(x: float, y: float, *, size_px: tuple[int, int] = (240, 260)) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[: size_px[1], : size_px[0]]
    bright = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 6.0**2))
    return np.repeat(np.rint(255 * bright)[..., np.newaxis], 3, axis=2).astype(np.uint8)


@given(
    x=st.floats(2, 380), y=st.floats(2, 508), wide=st.floats(1.5, 8), ratio=st.sampled_from([1, 2])
)
def test_peaks_are_found_between_steps(x: float, y: float, wide: float, ratio: int) -> None:
    along = [
        np.exp(-((np.arange(size) - at) ** 2) / (2 * wide**2))[np.newaxis, np.newaxis]
        for size, at in ((384, x), (512, y))
    ]
    places, scores = decoded(along[0], along[1], ratio)
    assert places[0, 0] * ratio == pytest.approx((x, y), abs=0.05)
    assert 0.9 < scores[0, 0] <= 1


def test_the_lower_peak_is_the_score_and_flat_answers_stay_put() -> None:
    flat, high = np.zeros((1, 2, 8)), np.zeros((1, 2, 6))
    high[0, :, 0] = 3.0
    places, scores = decoded(flat, high, 2.0)
    assert places == pytest.approx(np.zeros((1, 2, 2)))
    assert (scores == 0).all()
    assert decoded(high, high, 2.0)[1] == pytest.approx(np.ones((1, 2)))


def test_a_window_keeps_the_shape_of_what_it_holds() -> None:
    for box in (BOX, (0, 0, 300, 10)):
        window = padded_window(np.array(box), (192, 256))
        corners = window.in_picture_px(np.array([(0.0, 0.0), (192.0, 256.0)]))
        extent = corners[1] - corners[0]
        assert extent[0] / extent[1] == pytest.approx(192 / 256)
        assert (extent >= 1.25 * (np.array(box[2:]) - box[:2]) - 1e-9).all()
        assert corners.mean(axis=0) == pytest.approx((np.array(box[:2]) + box[2:]) / 2)


def test_a_bright_spot_is_found_in_the_picture() -> None:
    (pose,) = SimccPoses(Brightest(), SETTINGS, MODEL)(
        a_blob(110.3, 120.7), np.array([BOX], np.float32)
    )
    assert pose is not None
    assert pose.hands == ()
    assert pose.method == "simcc@1"
    for point in pose.key_points:
        assert (point.x_px, point.y_px) == pytest.approx((110.3, 120.7), abs=0.3)
        assert point.confidence > 0.95


@given(dx=st.floats(-25, 25), dy=st.floats(-30, 30))
def test_a_shifted_box_finds_the_same_place(dx: float, dy: float) -> None:
    x0, y0, x1, y1 = BOX
    boxes = np.array([BOX, (x0 + dx, y0 + dy, x1 + dx, y1 + dy)], np.float32)
    first, second = SimccPoses(Brightest(), SETTINGS, MODEL)(a_blob(110, 120), boxes)
    assert first is not None
    assert second is not None
    one, other = first.key_points[0], second.key_points[0]
    assert (one.x_px, one.y_px) == pytest.approx((other.x_px, other.y_px), abs=0.4)


def test_whole_body_key_points_give_hands() -> None:
    settings = SimccSettings(
        mean=SETTINGS.mean, std=SETTINGS.std, key_points=KeyPointSet.WHOLEBODY133
    )
    (pose,) = SimccPoses(Brightest(133), settings, MODEL)(
        a_blob(110, 120), np.array([BOX], np.float32)
    )
    assert pose is not None
    assert len(pose.key_points) == 17
    assert [(round(hand.x_px), round(hand.y_px)) for hand in pose.hands] == [(110, 120)] * 2
    assert [finger.side for finger in pose.index_fingers] == list(Side)


@pytest.mark.parametrize(
    ("batch", "most", "batches"),
    [
        pytest.param(None, 99, [5], id="all at once"),
        pytest.param(None, 2, [5, 2, 2, 1], id="memory for two"),
        pytest.param(2, 99, [2, 2, 2], id="fixed at two"),
        pytest.param(1, 99, [1] * 5, id="fixed at one"),
    ],
)
def test_boxes_go_in_batches(batch: int | None, most: int, batches: list[int]) -> None:
    session = Brightest(batch=batch, most=most)
    poses = SimccPoses(session, SETTINGS, MODEL)(a_blob(110, 120), np.array([BOX] * 5, np.float32))
    assert session.batches == batches
    assert all(pose == poses[0] and pose for pose in poses)


@pytest.mark.parametrize(
    ("boxes", "size"),
    [
        pytest.param(np.empty((0, 4)), (240, 260), id="no boxes"),
        pytest.param(np.array([(900, 900, 950, 999)]), (240, 260), id="outside"),
        pytest.param(np.array([(0, 0, 1, 1)]), (1, 1), id="a picture of one pixel"),
        pytest.param(np.array([(5, 5, 6, 6)]), (240, 260), id="one pixel"),
    ],
)
def test_where_there_is_no_body(boxes: NDArray[np.float64], size: tuple[int, int]) -> None:
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    poses = SimccPoses(Brightest(peak=0.1), SETTINGS, MODEL)(pixels, boxes.astype(np.float32))
    assert poses == (None,) * len(boxes)


def test_an_answer_that_does_not_fit_its_settings() -> None:
    estimator = SimccPoses(Brightest(key_points=26), SETTINGS, MODEL)
    with pytest.raises(ModelOutputError, match=r"expected \(1, 17, 384\) and \(1, 17, 512\)"):
        estimator(a_blob(110, 120), np.array([BOX], np.float32))


GOOD = """
input_size_px = [96, 128]
mean = [1, 2, 3]
std = [4.5, 5, 6]
split_ratio = 2
key_points = "wholebody133"
"""


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pose.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_settings(path) == SimccSettings(
        input_size_px=(96, 128),
        mean=(1, 2, 3),
        std=(4.5, 5, 6),
        split_ratio=2.0,
        key_points=KeyPointSet.WHOLEBODY133,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("[96, 128]", "[96]", id="one side"),
        pytest.param("[96, 128]", "[96.5, 128]", id="half a pixel"),
        pytest.param("[4.5, 5, 6]", "[0, 5, 6]", id="no spread"),
        pytest.param('"wholebody133"', '"halpe26"', id="other key points"),
        pytest.param("split_ratio = 2", "split_ratio = 0", id="no steps"),
        pytest.param("mean", "means", id="missing"),
        pytest.param("[1, 2, 3]", "[1, 2, ", id="no TOML"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "pose.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(MissingModelError, match=r"pose\.toml"):
        read_settings(path)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "pose.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(MissingModelError, match=r"model\.onnx"):
        SimccPoses.open_folder(tmp_path)
