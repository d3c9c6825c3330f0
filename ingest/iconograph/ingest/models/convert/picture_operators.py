"""How operators on pictures are said in ONNX: convolution, pooling, resizing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.convert.operators import SAME_MEANING, relu6

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iconograph.ingest.models.convert.onnx_graph import OnnxGraph
    from iconograph.ingest.models.convert.tfjs_graph import Node

PADDINGS = {"SAME": "SAME_UPPER", "VALID": "VALID"}


def add_convolution(node: Node, graph: OnnxGraph) -> None:
    """A convolution, with the bias and the activation that were fused into it.

    Weights are height x width x inputs x outputs, ONNX wants outputs x inputs x height x width;
    in a depthwise one each channel is a group of its own.
    """
    weights = graph.weights[node.inputs[1]]
    height, width, channels, _ = weights.shape
    depthwise = "Depthwise" in node.operator
    if depthwise:
        turned = weights.transpose(2, 3, 0, 1).reshape(-1, 1, height, width)
    else:
        turned = weights.transpose(3, 2, 0, 1)
    fused = list(node.attributes.get("fused_ops", ()))
    inputs = [graph.channels_first(node.inputs[0]), graph.constant(turned)]
    if "BiasAdd" in fused:
        inputs.append(graph.constant(graph.weights[node.inputs[2]].reshape(-1)))
        fused.remove("BiasAdd")
    found = graph.add(
        "Conv",
        inputs,
        auto_pad=PADDINGS[node.attributes["padding"]],
        dilations=(node.attributes.get("dilations") or [1, 1, 1, 1])[1:3],
        group=channels if depthwise else 1,
        kernel_shape=[height, width],
        strides=node.attributes["strides"][1:3],
    )
    graph.channels_last(_activated(graph, node, found, fused), node.name)


def add_resizing(node: Node, graph: OnnxGraph) -> None:
    """Bilinear resizing to a size that is a weight, in proportion to the input where that is free.

    TensorFlow has three ways to lay one grid of pixels over another; each has a name in ONNX.
    """
    way = "half_pixel" if node.attributes.get("half_pixel_centers") else "asymmetric"
    if node.attributes.get("align_corners"):
        way = "align_corners"
    picture = graph.channels_first(node.inputs[0])
    found = graph.add(
        "Resize",
        [picture, "", "", _new_size(node, graph, picture)],
        mode="linear",
        coordinate_transformation_mode=way,
    )
    graph.channels_last(found, node.name)


def _new_size(node: Node, graph: OnnxGraph, picture: str) -> str:
    """n, channels, and the height and width that a picture is resized to."""
    height_width = graph.weights[node.inputs[1]]
    start, end = graph.whole_numbers([0]), graph.whole_numbers([2])
    kept = graph.add("Slice", [graph.add("Shape", [picture]), start, end])
    if graph.free_input is None:
        return graph.add("Concat", [kept, graph.whole_numbers(height_width)], axis=0)
    name, fixed_px = graph.free_input
    first, last = graph.whole_numbers([1]), graph.whole_numbers([3])
    given = graph.add("Slice", [graph.add("Shape", [name]), first, last])
    larger = graph.add("Mul", [given, graph.whole_numbers(height_width)])
    free = graph.add("Div", [larger, graph.whole_numbers(fixed_px)])
    return graph.add("Concat", [kept, free], axis=0)


def _activated(graph: OnnxGraph, node: Node, value: str, fused: list[str]) -> str:
    match fused:
        case []:
            return value
        case ["Relu6"]:
            return relu6(graph, value)
        case [name] if name in SAME_MEANING:
            return graph.add(SAME_MEANING[name], [value])
    message = f"{node.name} has {fused} fused into it, expected Relu, Relu6 or Sigmoid"
    raise InvalidValueError(message)


CONVOLUTIONS = (
    "Conv2D",
    "DepthwiseConv2dNative",
    "FusedDepthwiseConv2dNative",
    "_FusedConv2D",
)

PICTURE_OPERATORS: Mapping[str, Callable[[Node, OnnxGraph], None]] = {
    **dict.fromkeys(CONVOLUTIONS, add_convolution),
    "ResizeBilinear": add_resizing,
}
