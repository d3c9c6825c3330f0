"""What is said of a folder before the library is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.transformers_model import Architecture, TransformersModel

FILES = ("config.json", "more.json")
ARCHITECTURE = Architecture(
    network="NoSuchModel", processor="NoSuchProcessor", files=FILES, modules=("no_such_module",)
)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), r"mine lacks config\.json, more\.json"),
        (("config.json",), r"mine lacks more\.json"),
        (FILES, "mine holds no weights"),
        ((*FILES, "a.safetensors", "b.safetensors"), r"holds a\.safetensors, b\.safetensors"),
    ],
    ids=["nothing", "one file", "no weights", "weights twice"],
)
def test_an_incomplete_folder(tmp_path: Path, files: tuple[str, ...], said: str) -> None:
    for file in files:
        (tmp_path / file).touch()

    with pytest.raises(MissingModelError, match=said):
        TransformersModel.load(tmp_path, ARCHITECTURE, name="mine")


def test_a_module_that_the_processor_would_miss_late(tmp_path: Path) -> None:
    for file in (*FILES, "model.safetensors"):
        (tmp_path / file).touch()

    with pytest.raises(MissingExtraError, match=r"mine needs the package no_such_module.*\[ml\]"):
        TransformersModel.load(tmp_path, ARCHITECTURE, name="mine")


@pytest.mark.skipif(
    importlib.util.find_spec("transformers") is not None, reason="transformers is installed"
)
def test_without_the_library(tmp_path: Path) -> None:
    for file in ("config.json", "model.safetensors"):
        (tmp_path / file).touch()

    with pytest.raises(MissingExtraError, match=r"mine needs the package transformers"):
        TransformersModel.load(tmp_path, Architecture(network="A", processor="B"), name="mine")


def test_an_unknown_model(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no model is named 'mine'"):
        TransformersModel.open(tmp_path, ARCHITECTURE, name="mine")
