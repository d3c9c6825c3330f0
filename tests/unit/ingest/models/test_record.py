from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.models.record import Conversion
from iconograph.ingest.models.record_toml import records_of, text_of
from tests.unit.ingest.models.records import FILES, file_of, record_of

GRAPH = (file_of("net.json", b"{}"), file_of("net.bin", b"1234"))
CONVERSION = Conversion(kind="tfjs-graph@1", to="net.onnx", free_size=True, outputs=("a/b", "c"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"name": "Tiny Model"}, "name is 'Tiny Model', expected a-z", id="name"),
        pytest.param({"name": "../tiny"}, "name is", id="name-leaves-the-cache"),
        pytest.param({"licence": " "}, "tiny.licence is ' ', expected some text", id="licence"),
        pytest.param(
            {"source": "ftp:x"}, "tiny.source is 'ftp:x', expected one of pypi:", id="kind"
        ),
        pytest.param({"source": "pypi:"}, "expected pypi:PLACE", id="no-place"),
        pytest.param({"source": "https:x"}, "expected https://", id="address"),
        pytest.param({"source": "http://a.example/x"}, "expected https://", id="not-encrypted"),
        pytest.param({"source": "http://127.0.0.1.example/"}, "expected https://", id="lookalike"),
        pytest.param({"source": "npm:x", "revision": ""}, "expected a pinned revision", id="loose"),
        pytest.param({"files": ()}, "expected at least one file", id="no-file"),
        pytest.param({"files": FILES[:1] * 2}, "expected distinct names", id="twice"),
        pytest.param({"profiles": ("huge",)}, "expected mini, laptop, full", id="profile"),
        pytest.param({"files": GRAPH}, "'net.bin', expected .*could run code", id="bin"),
    ],
)
def test_a_record_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        record_of(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"name": "net.pt"}, "could run code when read", id="pt"),
        pytest.param({"name": "net.pkl"}, "could run code when read", id="pkl"),
        pytest.param({"name": "net.pth"}, "could run code when read", id="pth"),
        pytest.param({"name": "a/net.onnx"}, "a file name without folders", id="folder"),
        pytest.param({"name": ".net.onnx"}, "a file name without folders", id="hidden"),
        pytest.param({"path": "../net.onnx"}, "a path inside the source", id="above"),
        pytest.param({"path": "/net.onnx"}, "a path inside the source", id="absolute"),
        pytest.param({"sha256": "ABC"}, "expected 64 hex", id="hash"),
        pytest.param({"size_bytes": 0}, "expected more than 0", id="empty"),
    ],
)
def test_a_file_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        record_of(files=(dataclasses.replace(FILES[0], **changes),))


def test_the_hash_of_a_model_follows_from_its_files_and_their_conversion() -> None:
    one, two = record_of(files=FILES[:1]), record_of()
    graph = record_of(files=GRAPH, conversion=CONVERSION)
    fixed = dataclasses.replace(CONVERSION, free_size=False)

    assert one.sha256 == FILES[0].sha256
    assert two.sha256 == record_of(files=FILES[::-1]).sha256 != one.sha256
    assert graph.sha256 != record_of(files=GRAPH, conversion=fixed).sha256


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(record_of(), id="plain"),
        pytest.param(record_of(files=GRAPH, conversion=CONVERSION), id="converted"),
        pytest.param(
            record_of(
                licence_note='said "so"\nin\ttwo \\ lines: Dürer\x7f',
                profiles=("mini", "full"),
                input_size_px=(192, 256),
                space="clip:x",
                dim=512,
            ),
            id="all-fields",
        ),
    ],
)
def test_a_record_is_read_as_it_was_written(record: Any) -> None:
    assert records_of(text_of(record), "here") == {"tiny": record}


TEXT = text_of(record_of(input_size_px=(192, 192)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('task = "test"', "task = 3", "tiny.task is 3, expected str", id="type"),
        pytest.param("size_bytes = 13", "size_bytes = true", "is True, expected int", id="bool"),
        pytest.param("[192, 192]", "[192]", r"is \[192\], expected \[width, height\]", id="size"),
        pytest.param("[192, 192]", '["a"]', "expected list", id="members"),
        pytest.param("task", "tsak", r"unknown fields \['tsak'\] and lacks \['task'\]", id="typo"),
        pytest.param('task = "test"', "task", "here is not TOML", id="syntax"),
        pytest.param("weights.onnx", "weights.pt", "here: .*could run code", id="pickle"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_by_name(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidValueError, match=message):
        records_of(TEXT.replace(old, new), "here")


def test_something_else_than_a_table_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="tiny is 3, expected a table"):
        records_of("tiny = 3", "here")
