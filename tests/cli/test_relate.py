"""`iconograph relate`, in this process, since it is called so often here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as PillowImage
from typer.testing import CliRunner

from iconograph.cli.main import app
from iconograph.graph.errors import StoreUnavailableError
from iconograph.graph.model.region import Level
from iconograph.graph.store.open import open_store
from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.stages.text_vectors import text_of
from iconograph.relations.groups.renewal import has_groups
from tests.builders import TEXT_SPACE, random_vectors

if TYPE_CHECKING:
    from iconograph.graph.model.bundle import ImageBundle

PICTURES = 2
Command = Callable[..., str]


def command_in(folder: Path) -> Command:
    """What calls the command with a cache of its own and gives what it prints."""

    def call(*words: str | Path) -> str:
        told = (*map(str, words), "--store", f"sqlite:///{folder / 'graph.db'}")
        cache = {"ICONOGRAPH_CACHE": str(folder / "cache")}
        done = CliRunner().invoke(app, told, env=cache, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with a few drawn pictures, without groups, and of these pictures."""
    folder = tmp_path_factory.mktemp("drawn")
    annotations = write_corpus(folder / "pictures", count=PICTURES, seed=7)
    record = json.loads(annotations.read_text())
    record["annotations"] = [
        {**region, "parent_id": None, "caption": ""}
        for region in record["annotations"]
        if region["level"] == "entity"
    ]
    annotations.write_text(json.dumps(record))
    command_in(folder)("ingest", folder / "pictures", "--annotations", annotations)
    return folder


@pytest.fixture
def drawn(drawn_once: Path, tmp_path: Path) -> Path:
    """A folder with a copy of that store; its pictures are those of the first folder."""
    shutil.copy(drawn_once / "graph.db", tmp_path)
    return tmp_path


@pytest.fixture
def relate(drawn: Path) -> Command:
    """Call it with the command's words."""
    call = command_in(drawn)
    return lambda *words: call("relate", *words)


def bundles_in(folder: Path) -> list[ImageBundle]:
    with open_store(f"sqlite:///{folder / 'graph.db'}", read_only=True) as store:
        return list(store.bundles())


def answered(text: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_groups_come_when_asked_for_and_are_renewed_from_then_on(
    relate: Command, drawn: Path
) -> None:
    without = answered(relate("--json"))
    asked = answered(relate("--groups", "--json"))
    grouped = bundles_in(drawn)
    again = answered(relate("--json"))

    assert (without["written"], asked["written"], again["written"]) == (0, PICTURES, 0)
    assert all(has_groups(bundle) for bundle in grouped)
    assert asked["regions"] > without["regions"]


def test_groups_can_be_left_and_vectors_of_other_words_never_stay(
    relate: Command, drawn: Path
) -> None:
    with open_store(f"sqlite:///{drawn / 'graph.db'}") as store:
        for bundle in list(store.bundles()):
            store.write(replace(bundle, vectors=(random_vectors(TEXT_SPACE, bundle.regions),)))
    before = {region.id: text_of(region) for b in bundles_in(drawn) for region in b.regions}
    left = answered(relate("--no-groups", "--json"))
    printed = relate("--groups")
    now = bundles_in(drawn)
    changed = {r.id for b in now for r in b.regions if before.get(r.id) != text_of(r)}
    with_vectors = {i for b in now for vectors in b.vectors for i in vectors.region_ids}

    assert (left["written"], left["regions_without_vectors"]) == (0, {})
    assert changed & set(before)
    assert not changed & with_vectors
    assert with_vectors == set(before) - changed
    assert f"{len(changed)} regions have no vector in {TEXT_SPACE.name}" in printed


def test_a_picture_that_is_gone_or_another_file_is_counted(
    drawn_once: Path, tmp_path: Path
) -> None:
    shutil.copytree(drawn_once, tmp_path, dirs_exist_ok=True)
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as store:
        for bundle, name in zip(list(store.bundles()), ("gone.jpg", "spoilt.jpg"), strict=True):
            uri = (tmp_path / name).as_uri()
            store.write(replace(bundle, image=replace(bundle.image, uri=uri)))
    (tmp_path / "spoilt.jpg").write_bytes(b"no picture")
    relate = partial(command_in(tmp_path), "relate", "--groups")
    printed = relate()
    PillowImage.new("RGB", (60, 40)).save(tmp_path / "spoilt.jpg")
    with_another = relate()
    scenes = [r for b in bundles_in(tmp_path) for r in b.regions if r.level is Level.SCENE]

    assert "2 pictures not at hand" in printed
    assert "2 pictures not at hand" in with_another
    assert len(scenes) >= PICTURES


def test_a_store_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    expected = "no such file; ingest something into it first or give another path"
    with pytest.raises(StoreUnavailableError, match=expected):
        command_in(tmp_path)("relate")

    assert not (tmp_path / "graph.db").exists()


def test_the_progress_says_what_is_done(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    told = ("relate", "--no-vectors", "--store", f"sqlite:///{drawn / 'graph.db'}")
    done = CliRunner().invoke(app, told, catch_exceptions=False)

    assert "relating" in done.stderr
    assert "ingesting" not in done.stderr
