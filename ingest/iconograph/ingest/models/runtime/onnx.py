"""ONNX files, run by onnxruntime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import MissingModelError, ModelError, ModelMemoryError
from iconograph.ingest.models.runtime.check import (
    memory_message,
    require_feeds,
    require_finite,
    short_of_memory,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from iconograph.ingest.models.runtime.port import Session

PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
"""In order of preference; those that the installed onnxruntime has are used."""

ERRORS_ONLY = 3
"""onnxruntime's log level: its warnings concern the model's maker, not its user."""

DTYPES = {
    "tensor(bool)": np.bool_,
    "tensor(double)": np.float64,
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
    "tensor(uint8)": np.uint8,
}


def open_session(path: Path, *, threads: int | None = None) -> Session:
    """A session of an ONNX file, on a CUDA device where onnxruntime offers one.

    `threads` are those inside one operator, onnxruntime's own choice when None. Raises
    `MissingModelError` for a file that onnxruntime cannot open.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    if threads is not None:
        options.intra_op_num_threads = threads
    offered = onnxruntime.get_available_providers()
    providers = [provider for provider in PROVIDERS if provider in offered]
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:
        # onnxruntime's errors have no common base.
        if short_of_memory(error):
            raise ModelMemoryError(memory_message(path.name)) from error
        message = f"{path} cannot be opened by onnxruntime: {error}; expected an ONNX model"
        raise MissingModelError(message) from error
    return OnnxSession(session, path.name)


class OnnxSession:
    """A `Session` of onnxruntime; open one with `open_session`."""

    def __init__(self, session: InferenceSession, model: str) -> None:
        self._session = session
        self._model = model
        self._outputs = [output.name for output in session.get_outputs()]
        self._dtypes = {given.name: np.dtype(DTYPES[given.type]) for given in session.get_inputs()}
        self._inputs = {
            given.name: tuple(size if isinstance(size, int) else None for size in given.shape)
            for given in session.get_inputs()
        }

    @property
    def inputs(self) -> Mapping[str, tuple[int | None, ...]]:
        """Shape of each input by name; None for a size that the file leaves open."""
        return self._inputs

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        """The outputs by name; raises as `Session` says, and `ModelError` where the model fails."""
        require_feeds(self._model, self._inputs, self._dtypes, feeds)
        try:
            answers = self._session.run(self._outputs, dict(feeds))
        except Exception as error:
            if short_of_memory(error):
                raise ModelMemoryError(memory_message(self._model)) from error
            message = f"{self._model} failed in onnxruntime: {error}"
            raise ModelError(message) from error
        outputs = dict(zip(self._outputs, answers, strict=True))
        require_finite(self._model, outputs)
        return outputs
