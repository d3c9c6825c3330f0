from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.profiles import PROFILES, chosen, missing_from, profile_named

RECORD = """
[{name}]
task = "{task} everything"
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


TASKS = ("detect", "segment", "encode")


def place(
    cache: Path, name: str, *, task: str = "detect", content: bytes | None = b"weights"
) -> None:
    """A model of the profile full, placed by hand; without content its file is missing."""
    folder = cache / "models" / name
    folder.mkdir(parents=True)
    sha256 = hashlib.sha256(content or b"").hexdigest()
    (folder / "model.toml").write_text(RECORD.format(name=name, task=task, sha256=sha256))
    if content is not None:
        (folder / "model.onnx").write_bytes(content)


def place_all(cache: Path) -> None:
    """A model for each task of the profile full."""
    for task in TASKS:
        place(cache, task, task=task)


def test_no_models_are_no_profile(tmp_path: Path) -> None:
    assert chosen("none", tmp_path).profile is None


def test_auto_takes_the_best_that_is_ready_and_says_why(tmp_path: Path) -> None:
    place_all(tmp_path)
    choice = chosen("auto", tmp_path)
    assert choice.profile == profile_named("full")
    assert choice.why.startswith("full is the best that is ready here")


def test_auto_passes_over_what_is_not_complete_and_says_how_to_get_it(tmp_path: Path) -> None:
    place_all(tmp_path)
    place(tmp_path, "two", content=None)
    choice = chosen("auto", tmp_path)
    assert choice.profile != profile_named("full")
    assert "the profile full lacks 1 model (2.0 MB): two (2.0 MB, licence CC0-1.0)" in choice.why
    assert "models pull two" in choice.why
    assert "models pull centernet movenet-lightning" in choice.why


def test_a_file_that_is_not_the_pinned_one_is_lacking(tmp_path: Path) -> None:
    place_all(tmp_path)
    (tmp_path / "models" / "detect" / "model.onnx").write_bytes(b"tampered")
    lacking = missing_from(profile_named("full"), tmp_path)
    assert lacking
    assert [record.name for record in lacking] == ["detect"]


def test_a_profile_asked_for_that_is_not_complete_is_an_error_that_helps(tmp_path: Path) -> None:
    place_all(tmp_path)
    with pytest.raises(MissingModelError) as caught:
        chosen("laptop", tmp_path)
    message = str(caught.value)
    assert "the profile laptop lacks " in message
    assert "centernet (4.2 MB, licence unknown)" in message
    assert "iconograph models pull centernet" in message
    assert f"into {tmp_path / 'models' / 'NAME'}" in message
    assert "--models full works now" in message


def test_a_profile_without_models_names_what_would_do_and_how_to_add_it(tmp_path: Path) -> None:
    place(tmp_path, "mine", task="segment")
    with pytest.raises(MissingModelError) as caught:
        chosen("full", tmp_path)
    message = str(caught.value)
    assert "detect, such as google/owlv2-base-patch16-ensemble (some 620 MB" in message
    assert "licence Apache-2.0" in message
    assert "segment, such as" not in message
    assert "models add NAME --from FOLDER --task detect" in message
    assert f"keeps them at {tmp_path / 'models' / 'NAME'}" in message
    assert "works now" in message


def test_auto_passes_over_a_profile_that_lacks_a_task(tmp_path: Path) -> None:
    place(tmp_path, "one", task="detect")
    choice = chosen("auto", tmp_path)
    assert choice.profile != profile_named("full")
    assert "the profile full lacks models of your own for: segment, such as" in choice.why


def test_auto_passes_over_a_profile_whose_package_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(profile_named("mini"), package="no_such_package", extra="people")
    monkeypatch.setattr("iconograph.ingest.profiles.PROFILES", (bare,))
    choice = chosen("auto", tmp_path)
    assert choice.profile is None
    assert "mini lacks the package no_such_package; install it with: pip" in choice.why
    assert "iconograph[people]" in choice.why


def test_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="there are none, auto, full, laptop, mini"):
        chosen("huge", tmp_path)
    assert [profile.name for profile in PROFILES] == ["full", "laptop", "mini"]
