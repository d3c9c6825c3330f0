from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.encode.open_clip import OpenClipEncoder
from iconograph.ingest.models.record import ModelFile, ModelRecord
from iconograph.ingest.models.record_toml import text_of
from iconograph.ingest.models.registry import RECORD_FILE, model_ref, sha256_of
from tests.models.tiny import clip_folder

pytest.importorskip("open_clip", reason="needs the extra `ml`")

SPACE = "clip:tiny/random"


@pytest.fixture
def record(tmp_path: Path) -> ModelRecord:
    """A model that a user placed in the cache by hand."""
    folder = clip_folder(tmp_path / "models" / "tiny")
    record = ModelRecord(
        name="tiny",
        task="encode pictures and texts",
        source=f"folder:{folder}",
        revision="1",
        licence="none",
        space=SPACE,
        dim=32,
        files=tuple(
            ModelFile(
                name=path.name,
                path=path.name,
                sha256=sha256_of(path),
                size_bytes=path.stat().st_size,
            )
            for path in sorted(folder.iterdir())
        ),
    )
    (folder / RECORD_FILE).write_text(text_of(record), encoding="utf-8")
    return record


def test_a_model_of_the_registry(tmp_path: Path, record: ModelRecord) -> None:
    encoder = OpenClipEncoder.open(tmp_path, name="tiny")

    assert encoder.space.name == SPACE
    assert encoder.models == (model_ref(record),)
    assert encoder.encode(["Eve"]).shape == (1, record.dim)


def test_weights_with_another_hash(tmp_path: Path, record: ModelRecord) -> None:
    weights = tmp_path / "models" / record.name / "open_clip_model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")

    with pytest.raises(MissingModelError, match="tiny"):
        OpenClipEncoder.open(tmp_path, name="tiny")
