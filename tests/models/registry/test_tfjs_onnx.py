"""Converted graphs answer what numpy computes for the operators of the original."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.convert.tfjs_onnx import converted
from iconograph.ingest.models.runtime.onnx import open_session
from tests.unit.ingest.models.convert.tfjs_models import node, text, write_model

pytest.importorskip("onnx", reason="the package onnx of the extra `people` is not installed")

Floats = NDArray[np.float32]
RANDOM = np.random.default_rng(7)
PICTURE = RANDOM.normal(size=(1, 6, 5, 3)).astype(np.float32)
KERNEL = RANDOM.normal(size=(3, 3, 3, 4)).astype(np.float32)
BIAS = RANDOM.normal(size=4).astype(np.float32)
DEPTHWISE = RANDOM.normal(size=(3, 3, 3, 2)).astype(np.float32)


def convolved(picture: Floats, kernel: Floats, *, stride: int, same: bool) -> Floats:
    """TensorFlow's convolution; where padding is uneven, the end gets more."""
    size = kernel.shape[0]
    if same:
        pads = [
            max((-(-side // stride) - 1) * stride + size - side, 0) for side in picture.shape[1:3]
        ]
        around = [(0, 0), *[(pad // 2, pad - pad // 2) for pad in pads], (0, 0)]
        picture = np.pad(picture, around)
    windows = np.lib.stride_tricks.sliding_window_view(picture, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    answer: Floats = np.einsum("nhwcij,ijco->nhwo", windows, kernel)
    return answer


def relu6(values: NDArray[Any]) -> NDArray[Any]:
    cut: NDArray[Any] = np.clip(values, 0, 6)
    return cut


def depthwise(picture: Floats, kernel: Floats, *, stride: int, same: bool) -> Floats:
    """Each channel by itself, `kernel.shape[3]` answers a channel."""
    channels = [
        convolved(picture[..., [c]], kernel[:, :, [c]], stride=stride, same=same)
        for c in range(picture.shape[3])
    ]
    return np.concatenate(channels, axis=-1)


def resized(picture: Floats, height: int, width: int, *, half_pixel: bool) -> Floats:
    """Bilinear; half pixel: x' = (x + 0.5) * scale - 0.5, else x' = x * scale."""

    def weights(old: int, new: int) -> Floats:
        at = (np.arange(new) + 0.5) * old / new - 0.5 if half_pixel else np.arange(new) * old / new
        at = np.clip(at, 0, old - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, old - 1)
        matrix = np.zeros((new, old), np.float32)
        np.add.at(matrix, (np.arange(new), low), 1 - (at - low))
        np.add.at(matrix, (np.arange(new), high), at - low)
        return matrix

    rows, columns = weights(picture.shape[1], height), weights(picture.shape[2], width)
    answer: Floats = np.einsum("ah,nhwc,bw->nabc", rows, picture, columns)
    return answer


def conv(
    operator: str, *inputs: str, stride: int, padding: str, fused: tuple[str, ...] = ()
) -> Any:
    strides = {"list": {"i": ["1", str(stride), str(stride), "1"]}}
    words = {"list": {"s": [text(word)["s"] for word in fused]}}
    return node("y", operator, *inputs, strides=strides, padding=text(padding), fused_ops=words)


def ran(
    folder: Path, nodes: list[Any], weights: dict[str, NDArray[Any]], *, dtype: str = "DT_FLOAT"
) -> NDArray[Any]:
    shape = {"shape": {"dim": [{"size": str(size)} for size in PICTURE.shape]}}
    inputs = [node("x", "Placeholder", shape=shape, dtype={"type": dtype})]
    held = [node(name, "Const") for name in weights]
    entries = [
        {"name": name, "shape": list(array.shape), "dtype": str(array.dtype)}
        for name, array in weights.items()
    ]
    data = b"".join(array.tobytes() for array in weights.values())
    path = write_model(folder, [*inputs, *held, *nodes], {"y": [-1] * 4}, entries, data)
    model = folder / "net.onnx"
    model.write_bytes(converted(path))
    session = open_session(model, threads=1)
    picture = PICTURE if dtype == "DT_FLOAT" else (PICTURE * 10).astype(np.int32)
    return session.run({"x": picture})["y"]


WHOLE = np.array([1, 2], np.int32)
CASES: dict[str, tuple[Any, dict[str, NDArray[Any]], NDArray[Any]]] = {
    **{
        f"convolution-{padding}-{stride}": (
            conv("Conv2D", "x", "k", stride=stride, padding=padding),
            {"k": KERNEL},
            convolved(PICTURE, KERNEL, stride=stride, same=padding == "SAME"),
        )
        for padding in ("SAME", "VALID")
        for stride in (1, 2)
    },
    "fused-bias-relu6": (
        conv("_FusedConv2D", "x", "k", "b", stride=2, padding="SAME", fused=("BiasAdd", "Relu6")),
        {"k": KERNEL, "b": BIAS},
        relu6(convolved(PICTURE, KERNEL, stride=2, same=True) + BIAS),
    ),
    "fused-bias": (
        conv("_FusedConv2D", "x", "k", "b", stride=1, padding="SAME", fused=("BiasAdd",)),
        {"k": KERNEL, "b": BIAS},
        convolved(PICTURE, KERNEL, stride=1, same=True) + BIAS,
    ),
    "depthwise": (
        conv("DepthwiseConv2dNative", "x", "k", stride=2, padding="SAME"),
        {"k": DEPTHWISE},
        depthwise(PICTURE, DEPTHWISE, stride=2, same=True),
    ),
    "depthwise-fused-relu": (
        conv(
            "FusedDepthwiseConv2dNative",
            *("x", "k", "b"),
            stride=1,
            padding="VALID",
            fused=("BiasAdd", "Relu"),
        ),
        {"k": DEPTHWISE, "b": np.arange(-3, 3, dtype=np.float32)},
        np.maximum(depthwise(PICTURE, DEPTHWISE, stride=1, same=False) + np.arange(-3, 3), 0),
    ),
    "resize-half-pixel": (
        node("y", "ResizeBilinear", "x", "s", half_pixel_centers={"b": True}),
        {"s": np.array([12, 10], np.int32)},
        resized(PICTURE, 12, 10, half_pixel=True),
    ),
    "resize-from-corner": (
        node("y", "ResizeBilinear", "x", "s", half_pixel_centers={"b": False}),
        {"s": np.array([12, 10], np.int32)},
        resized(PICTURE, 12, 10, half_pixel=False),
    ),
    "mean": (
        node("y", "Mean", "x", "a", keep_dims={"b": True}),
        {"a": WHOLE},
        np.mean(PICTURE, axis=(1, 2), keepdims=True),
    ),
    "add-channels": (
        node("y", "AddV2", "x", "c"),
        {"c": BIAS[:3]},
        PICTURE + BIAS[:3],
    ),
    "squared-difference": (
        node("y", "SquaredDifference", "x", "c"),
        {"c": BIAS[:3]},
        (PICTURE - BIAS[:3]) ** 2,
    ),
    "relu6": (
        [node("ten", "Mul", "x", "c"), node("y", "Relu6", "ten")],
        {"c": np.full(3, 10, np.float32)},
        relu6(PICTURE * 10),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_operator_answers_what_numpy_computes(tmp_path: Path, case: str) -> None:
    operator, weights, expected = CASES[case]
    nodes = operator if isinstance(operator, list) else [operator]
    found = ran(tmp_path, nodes, weights)

    assert found.shape == expected.shape
    assert found == pytest.approx(expected, abs=1e-4)


def test_shapes_indices_and_types_are_said_in_onnx(tmp_path: Path) -> None:
    """The place of the largest number in each channel, as key points are read off heat maps."""
    integer = {"type": "DT_INT32"}
    nodes = [
        node("float", "Cast", "x", DstT={"type": "DT_FLOAT"}),
        node("layer", "Unpack", "float", num={"i": "1"}, axis={"i": "0"}),
        node("flat", "Reshape", "layer", "flat_shape"),
        node("place", "ArgMax", "flat", "zero"),
        node("row", "FloorDiv", "place", "five", T=integer),
        node("passed", "Mul", "row", "five"),
        node("column", "Sub", "place", "passed"),
        node("where", "Pack", "row", "column", "channel", axis={"i": "1"}, N={"i": "3"}),
        node("largest", "GatherNd", "layer", "where"),
        node("far", "ExpandDims", "largest", "zero"),
        node("near", "Squeeze", "far", squeeze_dims={"list": {"i": ["0"]}}),
        node("both", "ConcatV2", "near", "largest", "zero"),
        node("y", "Identity", "both"),
    ]
    weights = {
        "flat_shape": np.array([30, 3], np.int32),
        "zero": np.array(0, np.int32),
        "five": np.array(5, np.int32),
        "channel": np.arange(3, dtype=np.int32),
    }
    found = ran(tmp_path, nodes, weights, dtype="DT_INT32")
    largest = (PICTURE * 10).astype(np.int32).max(axis=(0, 1, 2))

    assert found.tolist() == [*largest, *largest]


def free_model(folder: Path) -> Path:
    """Half size by a convolution, then resized to the size that the input had: 6 x 6."""
    shape = {"shape": {"dim": [{"size": str(size)} for size in (1, 6, 6, 3)]}}
    first = conv("Conv2D", "x", "k", stride=2, padding="SAME")
    nodes = [
        node("x", "Placeholder", shape=shape, dtype={"type": "DT_FLOAT"}),
        node("k", "Const"),
        node("s", "Const"),
        {**first, "name": "small"},
        node("y", "ResizeBilinear", "small", "s", half_pixel_centers={"b": False}),
    ]
    weights = [
        {"name": "k", "shape": list(KERNEL.shape), "dtype": "float32"},
        {"name": "s", "shape": [2], "dtype": "int32"},
    ]
    data = KERNEL.tobytes() + np.array([6, 6], np.int32).tobytes()
    return write_model(folder, nodes, {"y": [1, 6, 6, 4], "small": [1, 3, 3, 4]}, weights, data)


@pytest.mark.parametrize("size", [(6, 6), (12, 8), (4, 10)], ids=str)
def test_a_free_size_keeps_the_proportions_inside(tmp_path: Path, size: tuple[int, int]) -> None:
    model = tmp_path / "net.onnx"
    model.write_bytes(converted(free_model(tmp_path), free_size=True))
    session = open_session(model, threads=1)
    picture = RANDOM.normal(size=(1, *size, 3)).astype(np.float32)
    found = session.run({"x": picture})
    small = convolved(picture, KERNEL, stride=2, same=True)

    assert session.inputs == {"x": (1, None, None, 3)}
    assert found["small"] == pytest.approx(small, abs=1e-4)
    assert found["y"] == pytest.approx(resized(small, *size, half_pixel=False), abs=1e-4)


def test_a_fixed_size_stays_fixed_and_outputs_can_be_chosen(tmp_path: Path) -> None:
    model = tmp_path / "net.onnx"
    model.write_bytes(converted(free_model(tmp_path), outputs=("small",)))
    session = open_session(model, threads=1)

    assert session.inputs == {"x": (1, 6, 6, 3)}
    assert list(session.run({"x": np.zeros((1, 6, 6, 3), np.float32)})) == ["small"]


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    path = free_model(tmp_path)

    assert converted(path, free_size=True) == converted(path, free_size=True) != converted(path)


def test_an_operator_without_conversion_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="operator MatrixInverse of y has no conversion"):
        ran(tmp_path, [node("y", "MatrixInverse", "x")], {})


@pytest.mark.parametrize(
    ("operator", "message"),
    [
        pytest.param(node("y", "Reshape", "x", "x"), "takes x, which is computed", id="shape"),
        pytest.param(
            node("y", "FloorDiv", "x", "x", T={"type": "DT_FLOAT"}), "expected int32", id="floor"
        ),
        pytest.param(
            conv("_FusedConv2D", "x", "k", stride=1, padding="SAME", fused=("Elu",)),
            r"has \['Elu'\] fused into it",
            id="activation",
        ),
    ],
)
def test_what_cannot_be_said_is_refused(tmp_path: Path, operator: Any, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        ran(tmp_path, [operator], {"k": KERNEL})
