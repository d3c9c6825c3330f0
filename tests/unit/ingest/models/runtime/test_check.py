from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from iconograph.graph.errors import InvalidValueError, ModelOutputError
from iconograph.ingest.models.runtime.check import require_feeds, require_finite, short_of_memory

INPUTS: dict[str, tuple[int | None, ...]] = {"picture": (1, None, 3)}
DTYPES = {"picture": np.dtype(np.float32)}


def test_feeds_that_fit_pass() -> None:
    require_feeds("net.onnx", INPUTS, DTYPES, {"picture": np.zeros((1, 7, 3), np.float32)})


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        pytest.param({}, "net.onnx takes picture, got nothing", id="none"),
        pytest.param({"image": np.zeros(1)}, "takes picture, got image", id="name"),
        pytest.param(
            {"picture": np.zeros((2, 7, 3), np.float32)},
            r"is float32 of \(2, 7, 3\), expected float32 of 1 x any x 3",
            id="shape",
        ),
        pytest.param(
            {"picture": np.zeros((1, 3), np.float32)}, "expected float32 of 1 x any x 3", id="axes"
        ),
        pytest.param({"picture": np.zeros((1, 7, 3))}, "is float64 of", id="type"),
    ],
)
def test_other_feeds_are_refused(feeds: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        require_feeds("net.onnx", INPUTS, DTYPES, feeds)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf], ids=str)
def test_an_answer_that_is_not_finite_is_refused_by_name(number: float) -> None:
    outputs = {"counts": np.array([1, 2]), "scores": np.array([0.5, number], np.float32)}
    with pytest.raises(ModelOutputError, match=r"net\.onnx answered 1 of 2 numbers of scores"):
        require_finite("net.onnx", outputs)


@pytest.mark.parametrize(
    ("error", "short"),
    [
        pytest.param(MemoryError(), True, id="python"),
        pytest.param(
            RuntimeError("Failed to allocate memory for requested buffer"), True, id="ort"
        ),
        pytest.param(RuntimeError("CUDA failure 2: out of memory"), True, id="cuda"),
        pytest.param(RuntimeError("std::bad_alloc"), True, id="c++"),
        pytest.param(RuntimeError("wrong shape"), False, id="other"),
    ],
)
def test_what_means_that_memory_is_short(error: Exception, short: bool) -> None:  # noqa: FBT001
    assert short_of_memory(error) is short
