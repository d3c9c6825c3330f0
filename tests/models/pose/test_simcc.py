"""A file of the deploy format, made here: three channels, each a key point's colour."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iconograph.ingest.models.pose.simcc import SimccPoses

if TYPE_CHECKING:
    from numpy.typing import NDArray

onnx = pytest.importorskip("onnx", reason="needs the extra `ml`")

SETTINGS = """
input_size_px = [96, 128]
mean = [0, 0, 0]
std = [255, 255, 255]
split_ratio = 2
key_points = "coco17"
"""
WIDE, HIGH = 96, 128


def a_file(path: Path, *, batch: int | str = "batch", key_points: int = 17) -> None:
    """Key point k goes to where channel k mod 3 is brightest: columns and rows, made twice as fine."""
    h, t = onnx.helper, onnx.TensorProto
    weights = np.zeros((key_points, 3, 1, 1), dtype=np.float32)
    weights[np.arange(key_points), np.arange(key_points) % 3] = 1.0
    nodes: list[Any] = [h.make_node("Conv", ["input", "weights"], ["maps"], kernel_shape=[1, 1])]
    for name, axis in (("x", 2), ("y", 3)):
        nodes += [
            h.make_node("ReduceMax", ["maps"], [f"max_{name}"], axes=[axis], keepdims=0),
            h.make_node(
                "Resize",
                [f"max_{name}", "", "scales"],
                [f"simcc_{name}"],
                mode="linear",
                coordinate_transformation_mode="asymmetric",
            ),
        ]
    value = h.make_tensor_value_info
    graph = h.make_graph(
        nodes,
        "brightest",
        [value("input", t.FLOAT, [batch, 3, HIGH, WIDE])],
        [
            value("simcc_x", t.FLOAT, [batch, key_points, WIDE * 2]),
            value("simcc_y", t.FLOAT, [batch, key_points, HIGH * 2]),
        ],
        [
            onnx.numpy_helper.from_array(weights, "weights"),
            onnx.numpy_helper.from_array(np.array([1, 1, 2], dtype=np.float32), "scales"),
        ],
    )
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


@pytest.fixture(params=["batch", 1], ids=["any batch", "batch of one"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    a_file(tmp_path / "model.onnx", batch=request.param)
    (tmp_path / "pose.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def a_picture(*blobs: tuple[float, float], size_px: int = 300) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[:size_px, :size_px]
    channels = [np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 9.0**2)) for x, y in blobs]
    return np.asarray(np.rint(255 * np.stack(channels, axis=-1)), dtype=np.uint8)


BLOBS = ((120.0, 90.0), (150.0, 160.0), (135.5, 200.25))


def test_each_key_point_lies_on_its_colour(folder: Path) -> None:
    boxes = np.array([(90, 60, 180, 230), (70, 50, 210, 260)], dtype=np.float32)
    poses = SimccPoses.open_folder(folder, name="brightest")(a_picture(*BLOBS), boxes)
    for pose in poses:
        assert pose is not None
        assert pose.method == "brightest@1"
        for row, point in enumerate(pose.key_points):
            assert (point.x_px, point.y_px) == pytest.approx(BLOBS[row % 3], abs=0.6)
            assert point.confidence > 0.9


@pytest.mark.parametrize("shift", [(-20.0, 10.0), (15.0, -25.0), (3.3, 4.4)], ids=str)
def test_a_shifted_crop_shifts_the_places_in_the_input_and_not_in_the_picture(
    folder: Path, shift: tuple[float, float]
) -> None:
    box = np.array([(80, 50, 190, 240)], dtype=np.float32)
    estimator = SimccPoses.open_folder(folder)
    (still,) = estimator(a_picture(*BLOBS), box)
    (moved,) = estimator(a_picture(*BLOBS), box + np.array([*shift, *shift], np.float32))
    assert still is not None
    assert moved is not None
    for one, other in zip(still.key_points, moved.key_points, strict=True):
        assert (one.x_px, one.y_px) == pytest.approx((other.x_px, other.y_px), abs=0.7)
