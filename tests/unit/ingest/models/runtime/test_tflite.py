from __future__ import annotations

import sys
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingExtraError
from iconograph.ingest.models.runtime.tflite import open_interpreter


def test_without_its_package_it_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(MissingExtraError, match=r"ai-edge-litert.*iconograph\[people\]"):
        open_interpreter(tmp_path / "net.tflite")
