from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from iconograph.graph.errors import MissingExtraError, ModelOutputError
from iconograph.ingest.models.caption.blip import BlipCaptioner
from iconograph.ingest.models.encode.open_clip import OpenClipEncoder
from iconograph.ingest.models.libraries import finite, library
from iconograph.ingest.models.segment.sam import SamSegmenter


def test_a_library_that_is_not_there() -> None:
    with pytest.raises(MissingExtraError, match=r"a test needs the package no_such.*\[ml\]"):
        library("no_such.part", needed_by="a test")


def test_not_finite() -> None:
    numbers = np.array([1.0, np.nan], np.float32)

    assert finite(numbers[:1], model="m") is not None
    with pytest.raises(ModelOutputError, match="m answered numbers that are not finite"):
        finite(numbers, model="m")


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed here")
def test_without_torch_models_name_the_extra(tmp_path: Path) -> None:
    config = {"model_cfg": {"embed_dim": 8}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    (tmp_path / "open_clip_model.safetensors").touch()
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "sam.toml").write_text('name = "s"\narchitecture = "vit_b"')

    for load in (
        lambda: OpenClipEncoder.load(tmp_path, space="clip:a/b"),
        lambda: BlipCaptioner.load(tmp_path),
        lambda: SamSegmenter.load(tmp_path),
    ):
        with pytest.raises(MissingExtraError, match="ml"):
            load()
