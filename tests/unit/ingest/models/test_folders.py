from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.folders import (
    files_in,
    json_settings,
    three,
    toml_settings,
    weights_in,
)


def test_files_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").touch()

    assert files_in(tmp_path, ["a.onnx"], model="m") == {"a.onnx": tmp_path / "a.onnx"}


def test_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").touch()

    with pytest.raises(MissingModelError, match=r"of m lacks b\.onnx: .*copy"):
        files_in(tmp_path, ["a.onnx", "b.onnx"], model="m")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        pytest.param([], "no weights", id="empty"),
        pytest.param(["pytorch_model.bin"], r"pytorch_model\.bin.*not loaded", id="pickle"),
        pytest.param(["a.safetensors", "b.safetensors"], "expected one", id="two"),
    ],
)
def test_weights_that_cannot_be_chosen(tmp_path: Path, names: list[str], message: str) -> None:
    for name in names:
        (tmp_path / name).touch()

    with pytest.raises(MissingModelError, match=message):
        weights_in(tmp_path, model="m")


def test_safe_weights_are_chosen_beside_a_pickle(tmp_path: Path) -> None:
    for name in ("model.safetensors", "pytorch_model.bin"):
        (tmp_path / name).touch()

    assert weights_in(tmp_path, model="m").name == "model.safetensors"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("= 1", "is not TOML", id="not TOML"),
        pytest.param("size = 1", "lacks name", id="missing key"),
        pytest.param('name = 1\nsize = "x"', "lacks name, size", id="other types"),
    ],
)
def test_toml_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text)

    with pytest.raises(MissingModelError, match=message):
        toml_settings(path, {"name": str, "size": int})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("{", "is not JSON", id="not JSON"),
        pytest.param("[1]", "holds no object", id="no object"),
    ],
)
def test_json_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text)

    with pytest.raises(MissingModelError, match=message):
        json_settings(path)


def test_three() -> None:
    assert three([1, 2.5, 3]) == (1.0, 2.5, 3.0)
    with pytest.raises(ValueError, match="unpack"):
        three([1.0, 2.0])
