from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.profiles import PROFILES, chosen, missing_from, profile_named

RECORD = """
[{name}]
task = "detect everything"
source = "folder:/nowhere"
revision = "1"
licence = "CC0-1.0"
profiles = ["full"]

[[{name}.files]]
name = "model.onnx"
path = "model.onnx"
sha256 = "{sha256}"
size_bytes = 2000000
"""


def place(cache: Path, name: str, *, content: bytes | None = b"weights") -> None:
    """A model of the profile full, placed by hand; without content its file is missing."""
    folder = cache / "models" / name
    folder.mkdir(parents=True)
    sha256 = hashlib.sha256(content or b"").hexdigest()
    (folder / "model.toml").write_text(RECORD.format(name=name, sha256=sha256))
    if content is not None:
        (folder / "model.onnx").write_bytes(content)


def test_no_models_are_no_profile(tmp_path: Path) -> None:
    assert chosen("none", tmp_path).profile is None


def test_auto_takes_the_best_that_is_ready_and_says_why(tmp_path: Path) -> None:
    place(tmp_path, "one")
    choice = chosen("auto", tmp_path)
    assert choice.profile == profile_named("full")
    assert choice.why.startswith("full is the best that is ready here")


def test_auto_passes_over_what_is_not_complete_and_says_how_to_get_it(tmp_path: Path) -> None:
    place(tmp_path, "one")
    place(tmp_path, "two", content=None)
    choice = chosen("auto", tmp_path)
    assert choice.profile != profile_named("full")
    assert "the profile full lacks 1 models (2.0 MB); get them with" in choice.why
    assert "models pull two" in choice.why
    assert "models pull centernet movenet-lightning" in choice.why


def test_a_file_that_is_not_the_pinned_one_is_lacking(tmp_path: Path) -> None:
    place(tmp_path, "one")
    (tmp_path / "models" / "one" / "model.onnx").write_bytes(b"tampered")
    lacking = missing_from(profile_named("full"), tmp_path)
    assert lacking
    assert [record.name for record in lacking] == ["one"]


def test_a_profile_asked_for_that_is_not_complete_is_an_error_that_helps(tmp_path: Path) -> None:
    place(tmp_path, "one")
    with pytest.raises(MissingModelError) as caught:
        chosen("laptop", tmp_path)
    message = str(caught.value)
    assert "the profile laptop lacks " in message
    assert "iconograph models pull centernet" in message
    assert "--models full works now" in message


def test_a_profile_of_which_no_model_is_known_says_how_to_add_one(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="not all models of the profile full are known"):
        chosen("full", tmp_path)


def test_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="there are none, auto, full, laptop, mini"):
        chosen("huge", tmp_path)
    assert [profile.name for profile in PROFILES] == ["full", "laptop", "mini"]
