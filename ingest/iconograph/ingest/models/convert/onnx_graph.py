"""An ONNX graph under construction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Attribute = str | int | list[int] | tuple[int, ...]

OPSET = 17
"""Its Reduce operators still take their axes as an attribute; every onnxruntime we allow has it."""

IR_VERSION = 8
CHANNELS_FIRST, CHANNELS_LAST = (0, 3, 1, 2), (0, 2, 3, 1)


class OnnxGraph:
    """Collects operators and constants; names follow from the order of calls alone.

    `weights` are the values known when converting; `free_input` names the input whose height and
    width are left open, with those that it was trained at (pixels).
    Pictures keep the channels-last order of the graph that is converted. Where an operator of ONNX
    wants channels first they are turned before and after; onnxruntime takes these turns out when it
    opens the file.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.weights = weights
        self.free_input: tuple[str, tuple[int, int]] | None = None
        self._nodes: list[Any] = []
        self._constants: dict[str, NDArray[Any]] = {}
        self._inputs: list[Any] = []

    def add_input(self, name: str, dtype: str, shape: Sequence[int | str]) -> None:
        """Declare an input; a text in the shape names a size that is left open."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))

    def add(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str | None = None,
        **attributes: Attribute,
    ) -> str:
        """Add an operator with one output, and say the output's name."""
        output = output or f"value_{len(self._nodes)}"
        self.add_many(operator, inputs, [output], **attributes)
        return output

    def add_many(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Attribute
    ) -> None:
        """Add an operator with named outputs."""
        from onnx import helper

        for name in inputs:
            if name in self.weights:
                self._constants.setdefault(name, self.weights[name])
        given: dict[str, Any] = {"name": f"node_{len(self._nodes)}", **attributes}
        self._nodes.append(helper.make_node(operator, inputs, outputs, **given))

    def constant(self, values: Any) -> str:  # noqa: ANN401  anything that makes an array
        """Add a constant and say its name."""
        name = f"constant_{len(self._constants)}"
        self._constants[name] = np.ascontiguousarray(values)
        return name

    def whole_numbers(self, values: Any) -> str:  # noqa: ANN401  anything that makes an array
        """Add a list of int64, as shapes and axes are given."""
        return self.constant(np.asarray(values, dtype=np.int64).reshape(-1))

    def channels_first(self, value: str) -> str:
        """A picture (n x height x width x channels) turned to n x channels x height x width."""
        return self.add("Transpose", [value], perm=CHANNELS_FIRST)

    def channels_last(self, value: str, output: str) -> str:
        """A picture turned back, under a name."""
        return self.add("Transpose", [value], output, perm=CHANNELS_LAST)

    def serialised(self, outputs: Mapping[str, Sequence[int | str]]) -> bytes:
        """The checked model as bytes: the same calls and the same onnx give the same bytes."""
        import onnx
        from onnx import helper, numpy_helper

        declared = [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape))
            for name, shape in outputs.items()
        ]
        constants = [numpy_helper.from_array(v, name) for name, v in self._constants.items()]
        graph = helper.make_graph(self._nodes, "graph", self._inputs, declared, constants)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="iconograph",
        )
        onnx.checker.check_model(model)
        serialised: bytes = model.SerializeToString(deterministic=True)
        return serialised
