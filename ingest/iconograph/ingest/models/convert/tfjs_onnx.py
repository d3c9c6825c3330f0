"""A TensorFlow.js graph model as one ONNX file with float32 weights."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import InvalidValueError, MissingExtraError
from iconograph.ingest.models.convert.onnx_graph import OnnxGraph
from iconograph.ingest.models.convert.operators import ELEMENT_AND_SHAPE_OPERATORS
from iconograph.ingest.models.convert.picture_operators import PICTURE_OPERATORS
from iconograph.ingest.models.convert.tfjs_graph import read_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iconograph.ingest.models.convert.tfjs_graph import Node

OPERATORS = {**ELEMENT_AND_SHAPE_OPERATORS, **PICTURE_OPERATORS}


def require_converter(needed_by: str) -> None:
    """Raise `MissingExtraError` unless the package onnx is installed."""
    if find_spec("onnx") is None:
        raise MissingExtraError(needed_by, package="onnx", extra="people")


def converted(path: Path, *, outputs: tuple[str, ...] = (), free_size: bool = False) -> bytes:
    """The ONNX file of a graph model, the same bytes for the same files and version of onnx.

    With `free_size` height and width of its picture input (n x height x width x 3) are left open;
    they must be multiples of the network's stride, 32 mostly. Inputs, outputs and their order of
    axes stay those of the graph. Raises `InvalidValueError` for what cannot be said in ONNX,
    `MissingExtraError` without the package onnx.
    """
    require_converter(f"the conversion of {path.name}")
    source = read_graph(path, outputs)
    graph = OnnxGraph(source.weights)
    for node in source.nodes:
        if node.operator == "Placeholder":
            _add_input(node, graph, free_size=free_size)
        elif node.operator in OPERATORS:
            OPERATORS[node.operator](node, graph)
        elif node.operator != "Const":
            message = (
                f"{path.name}: the operator {node.operator} of {node.name} has no conversion; "
                f"expected one of {', '.join(sorted(OPERATORS))}"
            )
            raise InvalidValueError(message)
    return graph.serialised(
        {name: _shape(name, shape, free_size) for name, shape in source.outputs.items()}
    )


def _add_input(node: Node, graph: OnnxGraph, *, free_size: bool) -> None:
    shape: list[int | str] = [size if size > 0 else "n" for size in node.attributes["shape"]]
    if free_size:
        _, height_px, width_px, _ = node.attributes["shape"]
        graph.free_input = (node.name, (height_px, width_px))
        shape[1:3] = ["height_px", "width_px"]
    graph.add_input(node.name, node.attributes["dtype"], shape)


def _shape(name: str, shape: Sequence[int | None], free_size: bool) -> list[int | str]:  # noqa: FBT001
    """A declared output shape; sizes that follow from a free input are open themselves."""
    return [
        f"{name}:{axis}" if size is None or (free_size and 0 < axis < len(shape) - 1) else size
        for axis, size in enumerate(shape)
    ]
