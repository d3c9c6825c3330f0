"""TensorFlow Lite files, run by ai-edge-litert without TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iconograph.graph.errors import (
    MissingExtraError,
    MissingModelError,
    ModelError,
    ModelMemoryError,
)
from iconograph.ingest.models.runtime.check import (
    memory_message,
    require_feeds,
    require_finite,
    short_of_memory,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ai_edge_litert.interpreter import Interpreter
    from numpy.typing import NDArray

    from iconograph.ingest.models.runtime.port import Session


def open_interpreter(path: Path, *, threads: int | None = None) -> Session:
    """A session of a .tflite file, on the processor.

    `threads` is the interpreter's own choice when None. Raises `MissingExtraError` without the
    package ai-edge-litert, `MissingModelError` for a file that it cannot open.
    """
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        needed_by = f"the model {path.name}"
        raise MissingExtraError(needed_by, package="ai-edge-litert", extra="people") from error
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=threads)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError, MemoryError) as error:
        if short_of_memory(error):
            raise ModelMemoryError(memory_message(path.name)) from error
        message = f"{path} cannot be opened by ai-edge-litert: {error}; expected a .tflite model"
        raise MissingModelError(message) from error
    return TfliteSession(interpreter, path.name)


class TfliteSession:
    """A `Session` of ai-edge-litert; open one with `open_interpreter`."""

    def __init__(self, interpreter: Interpreter, model: str) -> None:
        self._interpreter = interpreter
        self._model = model
        given = interpreter.get_input_details()
        self._places = {detail["name"]: detail["index"] for detail in given}
        self._dtypes = {detail["name"]: np.dtype(detail["dtype"]) for detail in given}
        self._inputs: dict[str, tuple[int | None, ...]] = {
            detail["name"]: tuple(int(size) for size in detail["shape"]) for detail in given
        }
        self._outputs = {
            detail["name"]: detail["index"] for detail in interpreter.get_output_details()
        }

    @property
    def inputs(self) -> Mapping[str, tuple[int | None, ...]]:
        """Shape of each input by name, as the file fixes it."""
        return self._inputs

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> dict[str, NDArray[Any]]:
        """The outputs by name; raises as `Session` says, and `ModelError` where the model fails."""
        require_feeds(self._model, self._inputs, self._dtypes, feeds)
        try:
            for name, place in self._places.items():
                self._interpreter.set_tensor(place, feeds[name])
            self._interpreter.invoke()
        except (RuntimeError, ValueError, MemoryError) as error:
            if short_of_memory(error):
                raise ModelMemoryError(memory_message(self._model)) from error
            message = f"{self._model} failed in ai-edge-litert: {error}"
            raise ModelError(message) from error
        outputs = {
            name: self._interpreter.get_tensor(place) for name, place in self._outputs.items()
        }
        require_finite(self._model, outputs)
        return outputs
