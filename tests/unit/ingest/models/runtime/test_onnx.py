from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.errors import MissingModelError, ModelMemoryError, ModelOutputError
from iconograph.ingest.models.runtime.onnx import open_session

# Two ONNX models of one or two operators each, serialised.
LOGARITHM = (
    "CAg6XAoLCgF4EgF5IgNMb2cKDQoBeBIBbiIFU2hhcGUSAWdaFAoBeBIPCg0IARIJCgMSAW4KAggDYhQKAXkSDwoNCAES"
    "CQoDEgFuCgIIA2IPCgFuEgoKCAgHEgQKAggCQgQKABAR"
)
ZEROS = (
    "CAg6RwobCgVzaGFwZRIBeSIPQ29uc3RhbnRPZlNoYXBlEgFnWhMKBXNoYXBlEgoKCAgHEgQKAggBYhAKAXkSCwoJCAES"
    "BQoDEgFuQgQKABAR"
)


def model(folder: Path, content: str) -> Path:
    path = folder / "net.onnx"
    path.write_bytes(base64.b64decode(content))
    return path


@pytest.mark.parametrize("threads", [None, 1])
def test_outputs_come_by_name(tmp_path: Path, threads: int | None) -> None:
    session = open_session(model(tmp_path, LOGARITHM), threads=threads)
    outputs = session.run({"x": np.exp(np.arange(6, dtype=np.float32)).reshape(2, 3)})

    assert session.inputs == {"x": (None, 3)}
    assert list(outputs) == ["y", "n"]
    assert outputs["y"] == pytest.approx(np.arange(6).reshape(2, 3), abs=1e-5)
    assert outputs["n"].tolist() == [2, 3]


def test_an_answer_that_is_not_a_number_names_model_and_output(tmp_path: Path) -> None:
    session = open_session(model(tmp_path, LOGARITHM))
    with pytest.raises(ModelOutputError, match=r"net\.onnx answered 3 of 3 numbers of y"):
        session.run({"x": np.full((1, 3), -1, np.float32)})


def test_memory_that_is_short_has_its_own_error(tmp_path: Path) -> None:
    session = open_session(model(tmp_path, ZEROS))
    with pytest.raises(ModelMemoryError, match=r"net\.onnx needs more memory than is free"):
        session.run({"shape": np.array([1 << 50])})
    assert session.run({"shape": np.array([2])})["y"].tolist() == [0, 0]


@pytest.mark.parametrize("content", ["", "bm90IG9ubng="], ids=["empty", "text"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(MissingModelError, match="cannot be opened by onnxruntime"):
        open_session(model(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"absent\.onnx cannot be opened"):
        open_session(tmp_path / "absent.onnx")
