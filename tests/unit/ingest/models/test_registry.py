from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from iconograph.graph.errors import InvalidValueError, MissingExtraError, MissingModelError
from iconograph.ingest.models.record import Conversion, ModelRecord
from iconograph.ingest.models.record_toml import text_of
from iconograph.ingest.models.registry import (
    ModelState,
    expected_paths,
    load_registry,
    located,
    model_ref,
    record_named,
    state_of,
    working_profile,
)
from tests.unit.ingest.models.records import CONTENTS, FILES, file_of, record_of

TOKENIZER = record_named("minilm-tokenizer")
CONVERTED = record_of(
    files=(file_of("net.json", b"{}"),), conversion=Conversion(kind="tfjs-graph@1", to="net.onnx")
)


def place(record: ModelRecord, cache: Path, contents: dict[str, bytes]) -> Path:
    folder = cache / "models" / record.name
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("record", load_registry().values(), ids=lambda record: record.name)
def test_every_model_is_pinned_and_has_a_licence(record: ModelRecord) -> None:
    assert record.revision or record.source == "shipped"
    assert record.licence
    if record.source_kind in ("pypi", "npm"):
        assert re.fullmatch(r"\d+\.\d+\.\d+", record.revision)
        assert re.fullmatch(r"[0-9a-f]{64}", record.archive_sha256)
        assert record.archive_size_bytes > record.size_bytes / 2


def test_the_profile_laptop_finds_persons_poses_and_faces() -> None:
    laptop = {name for name, record in load_registry().items() if "laptop" in record.profiles}

    assert laptop == {
        "blazepose-landmark",
        "centernet",
        "face-detection",
        "face-mesh",
        "hand-landmark",
        "iris",
        "movenet-lightning",
    }


def test_a_model_of_unknown_licence_says_so() -> None:
    record = record_named("centernet")

    assert record.licence == "unknown"
    assert "a person" in record.licence_note


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(MissingModelError, match=r"no model is named 'x'; there are .*minilm"):
        record_named("x")


def test_a_missing_file_is_named_with_size_licence_place_and_cures(tmp_path: Path) -> None:
    assert state_of(TOKENIZER, tmp_path) is ModelState.MISSING
    with pytest.raises(MissingModelError) as raised:
        located(TOKENIZER, tmp_path)

    said = str(raised.value)
    assert str(tmp_path / "models" / "minilm-tokenizer" / "tokenizer.json") in said
    assert "(0.5 MB, licence Apache-2.0)" in said
    assert "iconograph models pull minilm-tokenizer" in said
    assert "works now" in said or "no profile works" in said


def test_files_that_fit_are_located_by_name(tmp_path: Path) -> None:
    folder = place(record_of(), tmp_path, CONTENTS)

    assert located(record_of(), tmp_path) == {name: folder / name for name in CONTENTS}
    assert state_of(record_of(), tmp_path) is ModelState.READY


def test_a_file_of_another_hash_is_refused(tmp_path: Path) -> None:
    place(record_of(), tmp_path, {**CONTENTS, "words.json": b"{}"})

    assert state_of(record_of(), tmp_path) is ModelState.BROKEN
    with pytest.raises(
        MissingModelError, match=f"has SHA-256 44136f.*expected {FILES[1].sha256}.*words.json"
    ):
        located(record_of(), tmp_path)


def test_a_model_whose_package_is_missing_names_the_extra(tmp_path: Path) -> None:
    record = record_of(source="installed:no-such-package", extra="text")

    assert state_of(record, tmp_path) is ModelState.MISSING
    with pytest.raises(MissingExtraError, match=r"pip install 'iconograph\[text\]'"):
        located(record, tmp_path)


@pytest.mark.parametrize(
    ("made_from", "content", "message"),
    [
        pytest.param(CONVERTED.sha256, b"onnx", "", id="whole"),
        pytest.param(CONVERTED.sha256, b"other", "has SHA-256", id="changed"),
        pytest.param("0" * 64, b"onnx", "was made of 0000", id="made-of-another-model"),
        pytest.param(None, b"onnx", "was made of None", id="no-account"),
    ],
)
def test_a_converted_file_is_held_against_the_account_of_its_making(
    tmp_path: Path, made_from: str | None, content: bytes, message: str
) -> None:
    folder = place(CONVERTED, tmp_path, {"net.onnx": content})
    if made_from is not None:
        about = {"made_from": made_from, "sha256": file_of("net.onnx", b"onnx").sha256}
        (folder / "converted.json").write_text(json.dumps(about))
    if not message:
        assert located(CONVERTED, tmp_path) == {"net.onnx": folder / "net.onnx"}
        return
    with pytest.raises(MissingModelError, match=message):
        located(CONVERTED, tmp_path)


def test_models_placed_by_hand_are_known_with_the_cache(tmp_path: Path) -> None:
    folder = place(record_of(), tmp_path, CONTENTS)
    (folder / "model.toml").write_text(text_of(record_of()))

    assert "tiny" not in load_registry()
    assert record_named("tiny", tmp_path) == record_of()
    assert set(located(record_named("tiny", tmp_path), tmp_path)) == set(CONTENTS)


def test_a_record_in_the_folder_of_another_model_is_refused(tmp_path: Path) -> None:
    place(record_of(name="other"), tmp_path, {"model.toml": text_of(record_of()).encode()})
    with pytest.raises(InvalidValueError, match="describes tiny, expected one model named other"):
        load_registry(tmp_path)


def test_one_of_our_models_cannot_be_replaced_by_a_file_in_the_cache(tmp_path: Path) -> None:
    text = text_of(record_of(name="minilm-tokenizer"))
    place(TOKENIZER, tmp_path, {"model.toml": text.encode()})

    assert record_named("minilm-tokenizer", tmp_path) == TOKENIZER


def test_shipped_weights_lie_beside_the_code(tmp_path: Path) -> None:
    (path, *_) = expected_paths(record_of(source="shipped"), tmp_path).values()

    assert path.parts[-4:] == ("models", "weights", "tiny", "weights.onnx")
    assert tmp_path not in path.parents


def test_a_profile_works_when_all_its_files_are_there(tmp_path: Path) -> None:
    assert working_profile(tmp_path) in (None, "mini")
    for record in load_registry().values():
        if "laptop" in record.profiles:
            for path in expected_paths(record, tmp_path).values():
                path.parent.mkdir(parents=True)
                path.touch()
    assert working_profile(tmp_path) == "laptop"
    assert working_profile(tmp_path, without="iris") in (None, "mini")


def test_a_model_reference_names_version_and_hash() -> None:
    reference = model_ref(TOKENIZER)

    assert (reference.name, reference.revision) == ("minilm-tokenizer", "0.8.3")
    assert reference.sha256 == TOKENIZER.files[0].sha256
    assert model_ref(record_of(revision="")).revision == record_of().sha256[:12]
