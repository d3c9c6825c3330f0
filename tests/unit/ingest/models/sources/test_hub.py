"""The real client of the hub, with a hub of two files on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.pull import pull
from tests.unit.ingest.models.records import CONTENTS, files_below, record_of
from tests.unit.ingest.models.serving import Site, serving

COMMIT = "a" * 40
RECORD = record_of(source="hub:owner/name", revision=COMMIT)
SITE = {f"/owner/name/resolve/{COMMIT}/data/{name}": data for name, data in CONTENTS.items()}


def asked_at(site: Site, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    reason = "the hub's client is not installed"
    constants = pytest.importorskip("huggingface_hub.constants", reason=reason)
    monkeypatch.setattr(constants, "ENDPOINT", site.url)
    template = f"{site.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


def test_files_come_by_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(SITE) as site:
        site.headers = {"X-Repo-Commit": COMMIT}
        asked_at(site, monkeypatch, tmp_path / "hub")
        paths = pull(RECORD, tmp_path / "cache")

    assert {name: path.read_bytes() for name, path in paths.items()} == CONTENTS
    assert files_below(tmp_path / "cache") == [
        "models/tiny/weights.onnx",
        "models/tiny/words.json",
    ]


def test_a_file_that_the_hub_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({}) as site:
        asked_at(site, monkeypatch, tmp_path / "hub")
        with pytest.raises(MissingModelError, match=r"did not give data/weights\.onnx: .* or put"):
            pull(RECORD, tmp_path / "cache")

    assert not (tmp_path / "cache" / "models" / "tiny").exists()
