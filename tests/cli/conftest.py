"""Runs the real command, in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PICTURES = 5
"""As few as hold Eve and her goat: drawing and ingesting them is most of what these tests take."""


def run_in(folder: Path, *words: str | Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with a cache of its own there."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("ICONOGRAPH", "NEO4J"))},
        "ICONOGRAPH_CACHE": str(folder / "cache"),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [sys.executable, "-m", "iconograph.cli", *map(str, words)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done


@pytest.fixture
def iconograph(tmp_path: Path) -> Run:
    """Call it with the command's words; `ok=False` expects a failure."""
    return partial(run_in, tmp_path)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a few small drawn pictures with annotations.json and metadata.csv."""
    from iconograph.ingest.scenes.corpus import write_corpus

    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, count=PICTURES, seed=7)
    return folder


@pytest.fixture(scope="session")
def ingested_once(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store made of the corpus with its annotations."""
    folder = tmp_path_factory.mktemp("ingested")
    annotations, works = corpus / "annotations.json", corpus / "metadata.csv"
    told = ("--annotations", annotations, "--metadata", works, "--store", "sqlite:///graph.db")
    run_in(folder, "ingest", corpus, *told)
    return folder / "graph.db"


@pytest.fixture
def ingested(ingested_once: Path, tmp_path: Path) -> Path:
    """The folder that the command runs in, with a copy of that store as `graph.db`."""
    shutil.copy(ingested_once, tmp_path / "graph.db")
    return tmp_path
