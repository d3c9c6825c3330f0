"""Small model records for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from iconograph.ingest.models.record import ModelFile, ModelRecord
from iconograph.ingest.models.sources.port import Fetch, Report, unpacked_folder

WEIGHTS = bytes(range(256)) * 400
WORDS = b'{"words": []}'
CONTENTS = {"weights.onnx": WEIGHTS, "words.json": WORDS}


def file_of(name: str, content: bytes, path: str = "") -> ModelFile:
    """A model file of some bytes."""
    return ModelFile(
        name=name,
        path=path or f"data/{name}",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


FILES = tuple(file_of(name, content) for name, content in CONTENTS.items())


def record_of(**changes: Any) -> ModelRecord:
    """The record of a model of two files, some fields changed."""
    fields: dict[str, Any] = {
        "name": "tiny",
        "task": "test",
        "source": "folder:/nowhere",
        "revision": "1.0.0",
        "files": FILES,
        "licence": "Apache-2.0",
    }
    return ModelRecord(**{**fields, **changes})


def bringing(contents: dict[str, bytes]) -> Fetch:
    """A source that always has these files."""

    def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
        del report
        folder = unpacked_folder(record, workshop)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return {name: folder / name for name in contents}

    return fetch


def files_below(folder: Path) -> list[str]:
    """Files in the cache, without the lock that pulls leave."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return sorted(str(path) for path in found if path.name != "lock")
