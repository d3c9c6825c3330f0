"""An ingest that is stopped, by whatever, is taken up by running it again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import compare_stores
from iconograph.ingest.pipeline import ingest
from tests.unit.ingest.folders import eden_items

ROOT = Path(__file__).parents[2]
PICTURES = 24


def started(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.reliability.ingest_eden", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def sqlite_url(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}"


def images_in(url: str) -> int:
    with open_store(url, read_only=True) as store:
        return store.info().counts["image"]


def ingest_again_and_compare(folder: Path, url: str) -> None:
    """Run the ingest again, and once into a fresh store; both must be equal."""
    whole = sqlite_url(folder, "whole.db")
    with open_store(url) as store, open_store(whole) as fresh:
        assert ingest(eden_items(folder, pictures=PICTURES), store).complete
        assert ingest(eden_items(folder, pictures=PICTURES), fresh).complete
        assert compare_stores(store, fresh).equal
        assert fresh.info().counts["image"] == PICTURES


@pytest.mark.parametrize("images_before", [1, 12])
def test_killed_in_the_middle_then_run_again_gives_an_equal_store(
    tmp_path: Path, images_before: int
) -> None:
    url = sqlite_url(tmp_path, "killed.db")
    with started(tmp_path, url, PICTURES) as process:
        assert process.stdout
        for _ in range(images_before):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert images_before <= images_in(url) <= PICTURES
    ingest_again_and_compare(tmp_path, url)


def test_an_interrupt_from_the_keyboard_ends_cleanly(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path, "interrupted.db")
    with started(tmp_path, url, PICTURES) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate()
    assert errors == ""
    assert process.returncode == 0
    report = json.loads(out.splitlines()[-1])
    assert report["interrupted"]
    # The interrupt may come after an image was stored and before it was counted.
    assert images_in(url) - report["written"] in (0, 1)
    assert images_in(url) < PICTURES
    ingest_again_and_compare(tmp_path, url)


def test_a_full_disk_stops_with_a_report_and_loses_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path, "full.db")
    with started(tmp_path, url, PICTURES, 800_000) as process:
        out, errors = process.communicate()
    assert errors == ""
    report: dict[str, Any] = json.loads(out.splitlines()[-1])
    assert not report["complete"]
    assert [problem["code"] for problem in report["problems"]] == ["STORE_WRITE"]
    assert report["stopped"]
    assert 0 < report["written"] < PICTURES
    assert images_in(url) == report["written"]
    ingest_again_and_compare(tmp_path, url)


def test_a_store_opened_for_reading_stops_with_a_report(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path, "kept.db")
    with open_store(url) as store:
        ingest(eden_items(tmp_path, pictures=1), store)
    with open_store(url, read_only=True) as store:
        report = ingest(eden_items(tmp_path, pictures=3), store)
    assert [problem.code for problem in report.left_out] == ["STORE_WRITE"]
    assert (report.written, report.unchanged) == (0, 1)
    assert images_in(url) == 1
