from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import InputError
from iconograph.ingest.models.adding import add, described, model_files, write_record
from iconograph.ingest.models.registry import load_registry, located, record_named


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "clip"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    (folder / "model.pt").write_bytes(b"pickle")
    (folder / "deeper").mkdir()
    return folder


def test_files_that_could_run_code_are_left_out(folder: Path) -> None:
    assert [path.name for path in model_files(folder)] == ["config.json", "model.safetensors"]


def test_an_added_model_is_copied_and_known(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    record = described(folder, name="clip", task="encode pictures", licence="MIT", dim=512)
    add(record, cache)
    (folder / "config.json").unlink()
    known = record_named("clip", cache)

    assert known == record
    assert located(known, cache)["model.safetensors"].read_bytes() == b"weights"


def test_a_model_added_again_is_replaced(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    add(described(folder, name="clip", task="encode", licence="MIT"), cache)
    (folder / "model.safetensors").write_bytes(b"better")
    add(described(folder, name="clip", task="encode", licence="MIT"), cache)

    assert (
        located(record_named("clip", cache), cache)["model.safetensors"].read_bytes() == b"better"
    )


def test_a_model_placed_in_the_cache_is_known_once_described(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "net"
    folder.mkdir(parents=True)
    (folder / "net.onnx").write_bytes(b"onnx")
    record = described(folder, name="net", task="segment", licence="MIT")
    add(record, tmp_path)

    assert located(record_named("net", tmp_path), tmp_path) == {"net.onnx": folder / "net.onnx"}


def test_weights_of_ours_get_their_record_beside_them(folder: Path) -> None:
    record = described(folder, name="clip", task="t", licence="MIT", source="shipped")
    path = write_record(record, folder)

    assert path == folder / "model.toml"
    assert 'source = "shipped"' in path.read_text()


def test_the_name_of_one_of_our_models_is_refused(folder: Path, tmp_path: Path) -> None:
    record = described(folder, name="centernet", task="t", licence="MIT")
    with pytest.raises(InputError, match="centernet is the name of a model that we know"):
        add(record, tmp_path)
    assert load_registry(tmp_path) == load_registry()


def test_a_folder_of_pickles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(b"pickle")
    with pytest.raises(InputError, match=r"holds model\.pt; expected .*\.safetensors"):
        described(tmp_path, name="clip", task="t", licence="MIT")


@pytest.mark.parametrize(
    ("name", "message"),
    [pytest.param("Clip!", "name is 'Clip!'", id="name")],
)
def test_a_field_that_cannot_be_is_refused(folder: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        described(folder, name=name, task="t", licence="MIT")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent is not a folder"):
        model_files(tmp_path / "absent")
