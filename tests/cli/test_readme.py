"""Every `iconograph` command of the README is run, in order, in a folder that has what it names."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import run_in

README = Path(__file__).resolve().parents[2] / "README.md"
NOT_RUN = {
    "serve": "it runs until interrupted; tests/wire/test_serve.py runs it",
    "models": "it asks a package index; tests/unit/ingest/models run it on local files",
}


def readme_commands() -> list[list[str]]:
    """The words of each command line that begins with `iconograph`."""
    lines = (line.removeprefix("$ ") for line in lines_of(README.read_text()))
    return [shlex.split(line, comments=True) for line in lines if line.startswith("iconograph ")]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


@pytest.fixture(scope="module")
def folder(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, annotations and works under the names that the README uses."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(corpus, folder / "pictures")
    told = json.loads((corpus / "annotations.json").read_text())
    first = told["images"][0]["file_name"]
    (folder / "pictures" / first).rename(folder / "pictures" / "ambassadors.jpg")
    for name, target in (("annotations.json", "coco.json"), ("metadata.csv", "works.csv")):
        text = (corpus / name).read_text().replace(first, "ambassadors.jpg")
        (folder / target).write_text(text)
    (folder / "demo").mkdir()
    told_by = ("--annotations", "coco.json", "--store", "sqlite:///demo/demo.db")
    run_in(folder, "ingest", "pictures", *told_by)
    return folder


@pytest.mark.neo4j
def test_every_command_of_the_readme_runs(folder: Path, neo4j_url: str) -> None:
    from iconograph.graph.store.neo4j.store import Neo4jStore

    with Neo4jStore.open(neo4j_url) as store:
        store.clear()
    shutil.copy(folder / "demo" / "demo.db", folder / "iconograph.db")
    ran = []
    for _, *words in readme_commands():
        if words[0] in NOT_RUN:
            continue
        here = [neo4j_url if word.startswith("bolt://") else word for word in words]
        run_in(folder, *here)
        ran.append(words[0])

    assert {"search", "ingest", "show", "store", "export", "iconclass"} <= set(ran)
    assert (folder / "claims.nq").stat().st_size > 10_000


def test_the_make_words_of_the_readme_exist() -> None:
    makefile = (README.parent / "Makefile").read_text()
    words = [line.split()[1] for line in lines_of(README.read_text()) if line.startswith("make ")]

    assert {"demo", "test", "neo4j"} <= set(words)
    assert [word for word in words if f"\n{word}:" not in makefile] == []
