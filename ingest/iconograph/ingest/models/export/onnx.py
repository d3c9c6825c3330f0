"""A torch module as an ONNX file, with weights of 32, 16 or 8 bits."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.ingest.models.libraries import library

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OPSET = 17
SMALLEST_HALVED = 1024
"""Weights of fewer numbers stay as they are: there is nothing to gain."""

EIGHT_BIT_OPERATORS = ("MatMul", "Gemm", "Gather")
"""Operators whose weights become 8-bit; convolutions have no fast 8-bit kernel on a CPU."""


class Precision(StrEnum):
    """How weights are kept; inputs and outputs are float32 and int64 in any case."""

    FP32 = "fp32"
    FP16 = "fp16"
    """Halved on disk and computed with 32 bits: as fast as FP32, as exact but for rounding."""
    INT8 = "int8"
    """Matrices and embeddings 8-bit, computed with 8 bits on activations scaled as they come;
    other weights as with FP16."""


def export_module(  # noqa: PLR0913  each names a part of the file
    module: Any,  # noqa: ANN401  a torch.nn.Module
    example: tuple[Any, ...],
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    free: Mapping[str, Mapping[int, str]],
    precision: Precision = Precision.FP32,
) -> None:
    """Trace a module on example tensors; `free` names the axes that may change, by tensor.

    A module has 2 GB of 32-bit weights at the most, as an ONNX file has. Raises
    `MissingExtraError` without torch or onnx.
    """
    torch = library("torch", needed_by="the export to ONNX")
    library("onnx", needed_by="the export to ONNX")
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / "traced.onnx"
        with _traceable(torch):
            torch.onnx.export(
                module.eval().cpu(),
                example,
                str(traced),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={name: dict(axes) for name, axes in free.items()},
                opset_version=OPSET,
                dynamo=False,
            )
        _written(traced, path, precision)


@contextmanager
def _traceable(torch: Any) -> Iterator[None]:  # noqa: ANN401  the module
    # torch's fused attention has no ONNX operator.
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # The tracer warns of every Python branch; tests compare the answers instead.
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)


def _written(traced: Path, path: Path, precision: Precision) -> None:
    onnx = library("onnx", needed_by="the export to ONNX")
    source = traced
    if precision is Precision.INT8:
        source = traced.with_name("int8.onnx")
        _eight_bit(traced, source)
    model = onnx.load(str(source))
    if precision is not Precision.FP32:
        _halve(model.graph, onnx)
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))


def _eight_bit(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = source.with_name("prepared.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=list(EIGHT_BIT_OPERATORS),
        )


def _halve(graph: Any, onnx: Any) -> None:  # noqa: ANN401  onnx.GraphProto and the module
    """Keep large float32 weights as float16 with a cast behind, which is folded at load."""
    casts = []
    for weight in graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED or values.ndim < 2:  # noqa: PLR2004
            continue
        name, halved = weight.name, f"{weight.name}_half"
        limit = np.finfo(np.float16).max
        half = np.clip(values, -limit, limit).astype(np.float16)
        weight.CopyFrom(onnx.numpy_helper.from_array(half, halved))
        casts.append(onnx.helper.make_node("Cast", [halved], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
