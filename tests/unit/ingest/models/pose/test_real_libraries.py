"""What the adapters of large pose models say before any library is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.pose.mmpose import MmposePoses
from iconograph.ingest.models.pose.vitpose import VitPosePoses

ADAPTERS = [VitPosePoses, MmposePoses]


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_empty_folder(adapter: type[VitPosePoses | MmposePoses], tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"lacks config\.json"):
        adapter.open_folder(tmp_path, name="mine")


def test_pickles_are_not_vitpose_weights(tmp_path: Path) -> None:
    for file in ("config.json", "preprocessor_config.json", "pytorch_model.bin"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(MissingModelError, match=r"holds pytorch_model\.bin.*convert them"):
        VitPosePoses.open_folder(tmp_path)


@pytest.mark.parametrize(
    ("files", "said"),
    [([], "no weights"), (["a.pth", "b.safetensors"], r"a\.pth, b\.safetensors")],
    ids=["none", "two"],
)
def test_mmpose_takes_one_file_of_weights(tmp_path: Path, files: list[str], said: str) -> None:
    for file in ("config.json", *files):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(MissingModelError, match=f"holds {said}.*expected one"):
        MmposePoses.open_folder(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("mmpose") is not None, reason="mmpose is installed")
def test_without_mmpose(tmp_path: Path) -> None:
    for file in ("config.json", "model.safetensors"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(MissingExtraError, match=r"environment of its own with tools/mmpose"):
        MmposePoses.open_folder(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_torch(tmp_path: Path) -> None:
    for file in ("config.json", "preprocessor_config.json", "model.safetensors"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(MissingExtraError, match=r"pip install 'iconograph\[ml\]'"):
        VitPosePoses.open_folder(tmp_path)
