from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelOutputError
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.person_onnx import End2EndDetector

onnx = pytest.importorskip("onnx", reason="makes tiny ONNX files")

PERSON = '[[classes]]\nlabel = "person"\nkind = "person"\n'
DARK = (20, 40, 60)
"""The colour of the picture in which a network finds the one thing that is lighter."""


def folder_of(
    folder: Path, model: Any, settings: str = 'family = "yolox"', classes: str = PERSON
) -> Path:
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    (folder / "detector.toml").write_text(settings, encoding="utf-8")
    (folder / "classes.toml").write_text(classes, encoding="utf-8")
    return folder


def model_of(nodes: list[Any], constants: dict[str, Any], outputs: list[Any], side: Any) -> Any:
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    pixels = helper.make_tensor_value_info(
        "input", onnx.TensorProto.FLOAT, [1, 3, side or "height", side or "width"]
    )
    graph = helper.make_graph(
        nodes,
        "tiny",
        [pixels],
        outputs,
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def end_to_end_model(side: int | None = 64) -> Any:
    """`dets` and `labels` of one box, whose score is the mean of the first channel over 1000."""
    helper, floats, ints = onnx.helper, onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    constants = {
        "box": np.array([[[8, 8, 40, 24]]], np.float32),
        "first": np.array([0], np.int64),
        "thousand": np.array(1000, np.float32),
        "shape": np.array([1, 1, 1], np.int64),
        "labels_": np.array([[0]], np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["input", "first"], ["channel"], axis=1),
        helper.make_node("ReduceMean", ["channel"], ["mean"], axes=[1, 2, 3]),
        helper.make_node("Div", ["mean", "thousand"], ["score_"]),
        helper.make_node("Reshape", ["score_", "shape"], ["score"]),
        helper.make_node("Concat", ["box", "score"], ["dets"], axis=2),
        helper.make_node("Identity", ["labels_"], ["labels"]),
    ]
    outputs = [
        helper.make_tensor_value_info("dets", floats, [1, "n", 5]),
        helper.make_tensor_value_info("labels", ints, [1, "n"]),
    ]
    return model_of(nodes, constants, outputs, side)


def grid_model() -> Any:
    """A grid of YOLOX for 64 px: each cell of stride 8 is as sure of a thing as it is bright."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    weights = np.zeros((6, 3, 8, 8), np.float32)
    weights[4] = 1 / (255 * 3 * 64)
    bias = np.array([0.5, 0.5, np.log(2), np.log(2), 0, 1], np.float32)
    constants = {
        "weights": weights,
        "bias": bias,
        "cells": np.array([1, 6, 64], np.int64),
        "coarse": np.zeros((1, 20, 6), np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["input", "weights", "bias"], ["maps"], strides=[8, 8]),
        helper.make_node("Reshape", ["maps", "cells"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["fine"], perm=[0, 2, 1]),
        helper.make_node("Concat", ["fine", "coarse"], ["output"], axis=1),
    ]
    outputs = [helper.make_tensor_value_info("output", floats, [1, 84, 6])]
    return model_of(nodes, constants, outputs, 64)


@pytest.mark.parametrize(
    ("settings", "score"),
    [
        ('family = "yolox"', 60 / 1000),
        ('family = "rtmdet"\nmean = [0, 0, 0]\nstd = [0.1, 1, 1]', 600 / 1000),
        ("std = [0.1, 1, 1]", 200 / 1000),
    ],
    ids=["blue comes first", "normalised", "red comes first"],
)
def test_dets_and_labels_of_a_real_file(tmp_path: Path, settings: str, score: float) -> None:
    folder = folder_of(tmp_path / "tiny", end_to_end_model(), settings)

    found = End2EndDetector.of_folder(folder, threads=1)(np.full((128, 128, 3), DARK, np.uint8))

    assert found.labels == ("person",)
    assert found.kinds == (RegionKind.PERSON,)
    assert found.boxes_px[0] == pytest.approx([16, 16, 80, 48])
    assert found.confidences == pytest.approx([score], abs=1e-6)


def test_a_network_of_any_size_takes_the_long_side(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "free", end_to_end_model(None), "input_size_px = 96\nmean = [-900, 0, 0]"
    )

    found = End2EndDetector.of_folder(folder, threads=1)(np.full((48, 192, 3), DARK, np.uint8))

    assert found.boxes_px[0] == pytest.approx([16, 16, 80, 48])


def test_a_grid_of_a_real_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "grid", grid_model())
    pixels = np.zeros((128, 128, 3), np.uint8)
    pixels[32:48, 64:80] = 200

    found = End2EndDetector.of_folder(folder, threads=1)(pixels)

    assert found.confidences == pytest.approx([200 / 255], abs=1e-4)
    assert found.boxes_px[0] == pytest.approx([72 - 16, 40 - 16, 72 + 16, 40 + 16], abs=1e-3)


def test_the_model_is_known_by_its_hash(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "humanart", end_to_end_model())
    (model,) = End2EndDetector.of_folder(folder, threads=1).models

    assert model.name == "humanart"
    assert model.sha256 == hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()


def test_numbers_that_are_not_finite_are_an_error(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "nan", end_to_end_model(), "mean = [nan, 0, 0]")

    with pytest.raises(ModelOutputError, match="not finite"):
        End2EndDetector.of_folder(folder, threads=1)(np.zeros((64, 64, 3), np.uint8))


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda folder: (folder / "classes.toml").unlink(), r"lacks classes\.toml"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"no"), "cannot be opened"),
    ],
    ids=["a file is missing", "no ONNX"],
)
def test_folders_that_cannot_be_used(
    tmp_path: Path, break_it: Callable[[Path], object], message: str
) -> None:
    folder = folder_of(tmp_path / "tiny", end_to_end_model())
    break_it(folder)

    with pytest.raises(MissingModelError, match=message):
        End2EndDetector.of_folder(folder, threads=1)
