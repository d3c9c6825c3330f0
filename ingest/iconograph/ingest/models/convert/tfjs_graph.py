"""Reads a TensorFlow.js graph model: a JSON graph, with its weights in files beside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import InvalidValueError

if TYPE_CHECKING:
    from numpy.typing import NDArray

STORED_AS = {"float32": "<f4", "int32": "<i4", "bool": "|b1", "uint8": "|u1"}
"""How weights that are not quantised lie in the file."""

QUANTISED_AS = {"float16": "<f2", "uint8": "|u1", "uint16": "<u2"}

TYPES = {"DT_FLOAT": "float32", "DT_INT32": "int32", "DT_BOOL": "bool", "DT_UINT8": "uint8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An operator with the names of its inputs and its decoded attributes.

    Attributes are ints, floats, bools, texts, lists of these, and names of element types.
    """

    name: str
    operator: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TfjsGraph:
    """Nodes that the outputs need, inputs before what uses them; weights by name.

    `outputs` gives each output's shape, None for sizes that are open.
    """

    nodes: tuple[Node, ...]
    weights: Mapping[str, NDArray[Any]]
    outputs: Mapping[str, tuple[int | None, ...]]


def read_graph(path: Path, outputs: tuple[str, ...] = ()) -> TfjsGraph:
    """The graph in a file, cut down to what some outputs need; all of its signature when empty.

    Raises `InvalidValueError` for a file that is no graph model, or has no such output.
    """
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
        nodes = {raw["name"]: _node(raw) for raw in model["modelTopology"]["node"]}
        signature = model.get("signature") or model["userDefinedMetadata"]["signature"]
        shapes = {_value(out["name"]): _shape(out) for out in signature["outputs"].values()}
        weights = _weights(model["weightsManifest"], path.parent)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"{path} is not a TensorFlow.js graph model: {error!r}"
        raise InvalidValueError(message) from error
    unknown = sorted(set(outputs) - set(shapes))
    if unknown:
        message = f"{path} has no outputs {', '.join(unknown)}; it has {', '.join(sorted(shapes))}"
        raise InvalidValueError(message)
    wanted = {name: shapes[name] for name in outputs or shapes}
    return TfjsGraph(nodes=_needed(nodes, tuple(wanted)), weights=weights, outputs=wanted)


def source_of(value: str) -> str:
    """The name of the node that answers a value: `split:1` is the second answer of `split`."""
    return value.partition(":")[0]


def _value(name: str) -> str:
    """A value's name; a node's first answer goes by the node's own name."""
    return name.removesuffix(":0")


def _node(raw: Mapping[str, Any]) -> Node:
    return Node(
        name=raw["name"],
        operator=raw["op"],
        # ^ marks an order of execution, not a value.
        inputs=tuple(_value(name) for name in raw.get("input", ()) if not name.startswith("^")),
        attributes={key: _attribute(given) for key, given in raw.get("attr", {}).items()},
    )


def _attribute(given: Mapping[str, Any]) -> Any:  # noqa: ANN401  attributes have many types
    match given:
        case {"s": _} | {"i": _}:
            return _scalar(given)
        case {"list": members}:
            return [
                _scalar({kind: member}) for kind in ("i", "s") for member in members.get(kind, ())
            ]
        case {"shape": shape}:
            return [int(dim["size"]) for dim in shape.get("dim", ())]
        case {"type": name}:
            return TYPES.get(name, name)
    return next(iter(given.values()), None)


def _scalar(given: Mapping[str, str]) -> int | str:
    """Whole numbers are written as text, texts as base64."""
    return int(given["i"]) if "i" in given else base64.b64decode(given["s"]).decode()


def _shape(output: Mapping[str, Any]) -> tuple[int | None, ...]:
    sizes = [int(dim["size"]) for dim in output["tensorShape"].get("dim", ())]
    return tuple(size if size > 0 else None for size in sizes)


def _weights(manifest: list[Mapping[str, Any]], folder: Path) -> dict[str, NDArray[Any]]:
    weights: dict[str, NDArray[Any]] = {}
    for group in manifest:
        data = b"".join((folder / Path(name).name).read_bytes() for name in group["paths"])
        start = 0
        for entry in group["weights"]:
            stored = _stored_as(entry)
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, stored, count, start)
            start += count * stored.itemsize
            weights[entry["name"]] = _restored(values, entry).reshape(entry["shape"])
        if start != len(data):
            message = f"{group['paths']} hold {len(data)} bytes, expected {start}"
            raise ValueError(message)
    return weights


def _stored_as(entry: Mapping[str, Any]) -> np.dtype[Any]:
    quantised = entry.get("quantization")
    return np.dtype(QUANTISED_AS[quantised["dtype"]] if quantised else STORED_AS[entry["dtype"]])


def _restored(values: NDArray[Any], entry: Mapping[str, Any]) -> NDArray[Any]:
    """Weights as the graph computes with them: value = stored * scale + min where quantised."""
    quantised = entry.get("quantization") or {}
    if "scale" in quantised:
        scale, least = np.float32(quantised["scale"]), np.float32(quantised["min"])
        values = values.astype(np.float32) * scale + least
    return values.astype(entry["dtype"])


def _needed(nodes: Mapping[str, Node], outputs: tuple[str, ...]) -> tuple[Node, ...]:
    """The nodes that the outputs need, each after those it needs itself."""
    ordered: dict[str, Node] = {}
    waiting = [(source_of(name), False) for name in reversed(outputs)]
    seen: set[str] = set()
    while waiting:
        name, inputs_done = waiting.pop()
        if inputs_done:
            ordered[name] = nodes[name]
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(source_of(value), False) for value in reversed(nodes[name].inputs)]
    return tuple(ordered.values())
