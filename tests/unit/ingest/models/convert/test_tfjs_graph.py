from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.convert.tfjs_graph import read_graph
from tests.unit.ingest.models.convert.tfjs_models import node, text, write_model

NODES = [
    node("late", "Add", "split:1", "weight", "^order"),
    node("unused", "Relu", "x"),
    node("x", "Placeholder", shape={"shape": {"dim": [{"size": "-1"}, {"size": "3"}]}}),
    node("weight", "Const"),
    node("split", "Unpack", "x:0", num={"i": "2"}, axis={"i": "0"}, T={"type": "DT_FLOAT"}),
]


def test_only_what_the_outputs_need_is_kept_inputs_first(tmp_path: Path) -> None:
    graph = read_graph(write_model(tmp_path, NODES, {"late": [-1, 3]}))

    assert [node.name for node in graph.nodes] == ["x", "split", "weight", "late"]
    assert graph.nodes[-1].inputs == ("split:1", "weight")
    assert graph.outputs == {"late": (None, 3)}


def test_attributes_are_decoded(tmp_path: Path) -> None:
    attributes = {
        "padding": text("SAME"),
        "strides": {"list": {"i": ["1", "2"]}},
        "fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu6")["s"]]}},
        "explicit": {"list": {}},
        "half": {"b": True},
        "epsilon": {"f": 0.5},
        "kind": {"type": "DT_INT32"},
    }
    nodes = [node("x", "Placeholder", shape={"shape": {"dim": [{"size": "2"}]}}, **attributes)]
    (read,) = read_graph(write_model(tmp_path, nodes, {"x": [2]})).nodes

    assert read.attributes == {
        "shape": [2],
        "padding": "SAME",
        "strides": [1, 2],
        "fused_ops": ["BiasAdd", "Relu6"],
        "explicit": [],
        "half": True,
        "epsilon": 0.5,
        "kind": "int32",
    }


FLOATS = np.array([[0.5, -1.25], [2.0, 1024.0]], dtype=np.float32)


@pytest.mark.parametrize(
    ("stored", "entry", "expected"),
    [
        pytest.param(FLOATS, {"dtype": "float32"}, FLOATS, id="float32"),
        pytest.param(
            FLOATS.astype(np.float16),
            {"dtype": "float32", "quantization": {"dtype": "float16"}},
            FLOATS,
            id="float16",
        ),
        pytest.param(
            np.array([[0, 1], [2, 255]], dtype=np.uint8),
            {"dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0}},
            np.array([[-1, -0.5], [0, 126.5]], dtype=np.float32),
            id="uint8-steps",
        ),
        pytest.param(
            np.array([[1, -2], [3, 4]], dtype=np.int32),
            {"dtype": "int32"},
            np.array([[1, -2], [3, 4]], dtype=np.int32),
            id="int32",
        ),
    ],
)
def test_weights_are_restored(
    tmp_path: Path, stored: Any, entry: dict[str, Any], expected: Any
) -> None:
    weights = [{"name": "w", "shape": [2, 2], **entry}]
    path = write_model(tmp_path, [node("w", "Const")], {"w": [2, 2]}, weights, stored.tobytes())
    found = read_graph(path).weights["w"]

    assert found.dtype == expected.dtype
    assert np.array_equal(found, expected)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("no json", "is not a TensorFlow.js graph model", id="no-json"),
        pytest.param("[]", "is not a TensorFlow.js graph model", id="list"),
        pytest.param('{"modelTopology": {}}', "graph model: KeyError", id="layers-model"),
    ],
)
def test_a_file_that_is_no_graph_model_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "net.json").write_text(content)
    with pytest.raises(InvalidValueError, match=message):
        read_graph(tmp_path / "net.json")


def test_weights_of_another_length_are_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path, [node("x", "Const")], {"x": [1]}, [], b"more")
    with pytest.raises(InvalidValueError, match="hold 4 bytes, expected 0"):
        read_graph(path)


def test_an_output_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path, NODES, {"late": [-1, 3]})
    with pytest.raises(InvalidValueError, match="has no outputs early; it has late"):
        read_graph(path, ("early",))
