"""The models of the profile laptop, where they were pulled, open and answer in their shapes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_path

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.registry import load_registry, located, record_named
from iconograph.ingest.models.runtime.onnx import open_session
from iconograph.ingest.models.runtime.port import Session
from iconograph.ingest.models.runtime.tflite import open_interpreter

CACHE = Path(os.environ.get("ICONOGRAPH_CACHE") or user_cache_path("iconograph"))


def opened(name: str) -> Session:
    try:
        (path,) = located(record_named(name), CACHE).values()
        opener = open_session if path.suffix == ".onnx" else open_interpreter
        return opener(path, threads=1)
    except (MissingModelError, MissingExtraError) as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("name", "shape", "dtype", "outputs"),
    [
        ("centernet", (1, 96, 64, 3), np.float32, [(1, 24, 16, 4), (1, 24, 16, 80)]),
        ("movenet-lightning", (1, 192, 192, 3), np.int32, [(1, 1, 17, 3)]),
        (
            "blazepose-landmark",
            (1, 256, 256, 3),
            np.float32,
            [(1, 195), (1, 1), (1, 256, 256, 1), (1, 64, 64, 39), (1, 117)],
        ),
        ("face-detection", (1, 192, 192, 3), np.float32, [(1, 2304, 16), (1, 2304, 1)]),
        ("face-mesh", (1, 192, 192, 3), np.float32, [(1, 1, 1, 1404), (1, 1, 1, 1)]),
        ("iris", (1, 64, 64, 3), np.float32, [(1, 213), (1, 15)]),
        ("palm-detection", (1, 192, 192, 3), np.float32, [(1, 2016, 18), (1, 2016, 1)]),
        ("hand-landmark", (1, 224, 224, 3), np.float32, [(1, 63), (1, 1), (1, 1), (1, 63)]),
    ],
)
def test_it_answers_in_its_shapes(
    name: str, shape: tuple[int, ...], dtype: type, outputs: list[tuple[int, ...]]
) -> None:
    session = opened(name)
    found = session.run({next(iter(session.inputs)): np.full(shape, 0.5, dtype)})

    assert [output.shape for output in found.values()] == outputs


@pytest.mark.parametrize(
    "record",
    [record for record in load_registry().values() if record.source_kind != "shipped"],
    ids=lambda record: record.name,
)
def test_input_sizes_are_those_of_the_files(record: object) -> None:
    known = record_named(getattr(record, "name"))  # noqa: B009
    if known.input_size_px is None:
        pytest.skip("it takes any size")
    session = opened(known.name)
    (_, height_px, width_px, _) = next(iter(session.inputs.values()))

    assert (width_px, height_px) == known.input_size_px


def test_a_tflite_session_refuses_other_shapes() -> None:
    session = opened("iris")
    with pytest.raises(ValueError, match="expected float32 of 1 x 64 x 64 x 3"):
        session.run({next(iter(session.inputs)): np.zeros((1, 32, 32, 3), np.float32)})


def test_a_file_that_is_no_tflite_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert", reason="the extra `people` is not installed")
    (tmp_path / "net.tflite").write_text("not one")
    with pytest.raises(MissingModelError, match="cannot be opened by ai-edge-litert"):
        open_interpreter(tmp_path / "net.tflite")
