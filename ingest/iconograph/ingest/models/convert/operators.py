"""How each operator of a TensorFlow.js graph is said in ONNX: elements and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from iconograph.ingest.models.convert.onnx_graph import OnnxGraph
    from iconograph.ingest.models.convert.tfjs_graph import Node

SAME_MEANING: Mapping[str, str] = {
    "Add": "Add",
    "AddV2": "Add",
    "Identity": "Identity",
    "Mul": "Mul",
    "RealDiv": "Div",
    "Relu": "Relu",
    "Sigmoid": "Sigmoid",
    "Sqrt": "Sqrt",
    "Sub": "Sub",
}
"""Operators that differ in name alone."""


def add_same(node: Node, graph: OnnxGraph) -> None:
    """Add an operator that ONNX has under another name."""
    graph.add(SAME_MEANING[node.operator], node.inputs, node.name)


def add_relu6(node: Node, graph: OnnxGraph) -> None:
    """min(max(x, 0), 6)."""
    relu6(graph, node.inputs[0], node.name)


def relu6(graph: OnnxGraph, value: str, output: str | None = None) -> str:
    """Cut a value to 0..6."""
    limits = [graph.constant(np.float32(limit)) for limit in (0, 6)]
    return graph.add("Clip", [value, *limits], output)


def add_cast(node: Node, graph: OnnxGraph) -> None:
    """Another element type."""
    graph.add("Cast", node.inputs, node.name, to=_element_type(node.attributes["DstT"]))


def add_squared_difference(node: Node, graph: OnnxGraph) -> None:
    """(a - b) * (a - b)."""
    difference = graph.add("Sub", node.inputs)
    graph.add("Mul", [difference, difference], node.name)


def add_floor_division(node: Node, graph: OnnxGraph) -> None:
    """Whole-number division; ONNX cuts towards 0, the same for the indices that it is used on."""
    if node.attributes.get("T") != "int32":
        message = f"FloorDiv {node.name} divides {node.attributes.get('T')}, expected int32"
        raise InvalidValueError(message)
    graph.add("Div", node.inputs, node.name)


def add_mean(node: Node, graph: OnnxGraph) -> None:
    """Mean over axes."""
    axes = [int(axis) for axis in _weight(node, graph, 1).reshape(-1)]
    keep = int(bool(node.attributes.get("keep_dims", False)))
    graph.add("ReduceMean", node.inputs[:1], node.name, axes=axes, keepdims=keep)


def add_arg_max(node: Node, graph: OnnxGraph) -> None:
    """Index of the largest along an axis, int32."""
    axis = int(_weight(node, graph, 1))
    found = graph.add("ArgMax", node.inputs[:1], axis=axis, keepdims=0)
    graph.add("Cast", [found], node.name, to=_element_type("int32"))


def add_concatenation(node: Node, graph: OnnxGraph) -> None:
    """Values one after the other along an axis, which comes last among the inputs."""
    axis = int(_weight(node, graph, -1))
    graph.add("Concat", node.inputs[:-1], node.name, axis=axis)


def add_reshape(node: Node, graph: OnnxGraph) -> None:
    """The same elements in another shape."""
    shape = graph.whole_numbers(_weight(node, graph, 1))
    graph.add("Reshape", [node.inputs[0], shape], node.name)


def add_new_axis(node: Node, graph: OnnxGraph) -> None:
    """One more axis of size 1."""
    axis = graph.whole_numbers(_weight(node, graph, 1))
    graph.add("Unsqueeze", [node.inputs[0], axis], node.name)


def add_squeeze(node: Node, graph: OnnxGraph) -> None:
    """Some axes of size 1 fewer."""
    axes = graph.whole_numbers(node.attributes["squeeze_dims"])
    graph.add("Squeeze", [node.inputs[0], axes], node.name)


def add_stack(node: Node, graph: OnnxGraph) -> None:
    """Values side by side along a new axis."""
    axis = node.attributes.get("axis", 0)
    at = graph.whole_numbers([axis])
    layers = [graph.add("Unsqueeze", [value, at]) for value in node.inputs]
    graph.add("Concat", layers, node.name, axis=axis)


def add_unstack(node: Node, graph: OnnxGraph) -> None:
    """The layers along an axis, one by one; the second is named `NAME:1`."""
    axis, count = node.attributes.get("axis", 0), node.attributes["num"]
    layers = [f"{node.name}/layer:{place}" for place in range(count)]
    ones = graph.whole_numbers([1] * count)
    graph.add_many("Split", [node.inputs[0], ones], layers, axis=axis)
    at = graph.whole_numbers([axis])
    for place, layer in enumerate(layers):
        output = f"{node.name}:{place}" if place else node.name
        graph.add("Squeeze", [layer, at], output)


def add_gather_points(node: Node, graph: OnnxGraph) -> None:
    """Elements at index tuples."""
    places = graph.add("Cast", node.inputs[1:], to=_element_type("int64"))
    graph.add("GatherND", [node.inputs[0], places], node.name)


def _weight(node: Node, graph: OnnxGraph, place: int) -> NDArray[Any]:
    """An input that has to be known now, such as a shape or an axis."""
    name = node.inputs[place]
    if name not in graph.weights:
        message = f"{node.operator} {node.name} takes {name}, which is computed, expected a weight"
        raise InvalidValueError(message)
    return graph.weights[name]


def _element_type(name: str) -> int:
    from onnx import helper

    return helper.np_dtype_to_tensor_dtype(np.dtype(name))


ELEMENT_AND_SHAPE_OPERATORS: Mapping[str, Callable[[Node, OnnxGraph], None]] = {
    **dict.fromkeys(SAME_MEANING, add_same),
    "ArgMax": add_arg_max,
    "Cast": add_cast,
    "ConcatV2": add_concatenation,
    "ExpandDims": add_new_axis,
    "FloorDiv": add_floor_division,
    "GatherNd": add_gather_points,
    "Mean": add_mean,
    "Pack": add_stack,
    "Relu6": add_relu6,
    "Reshape": add_reshape,
    "SquaredDifference": add_squared_difference,
    "Squeeze": add_squeeze,
    "Unpack": add_unstack,
}
