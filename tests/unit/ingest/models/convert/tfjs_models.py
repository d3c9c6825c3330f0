"""Small TensorFlow.js graph models, written as that library writes them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any


def text(words: str) -> dict[str, str]:
    """An attribute that is a text."""
    return {"s": base64.b64encode(words.encode()).decode()}


def node(name: str, operator: str, *inputs: str, **attributes: Any) -> dict[str, Any]:
    """An operator as the file writes it."""
    return {"name": name, "op": operator, "input": list(inputs), "attr": attributes}


def write_model(
    folder: Path,
    nodes: list[dict[str, Any]],
    outputs: dict[str, list[int]],
    weights: list[dict[str, Any]] | None = None,
    data: bytes = b"",
) -> Path:
    """Write a graph model of two files."""
    sizes = {name: [{"size": str(size)} for size in shape] for name, shape in outputs.items()}
    model = {
        "modelTopology": {"node": nodes},
        "signature": {
            "outputs": {n: {"name": f"{n}:0", "tensorShape": {"dim": d}} for n, d in sizes.items()}
        },
        "weightsManifest": [{"paths": ["net.bin"], "weights": weights or []}],
    }
    (folder / "net.bin").write_bytes(data)
    path = folder / "net.json"
    path.write_text(json.dumps(model))
    return path
