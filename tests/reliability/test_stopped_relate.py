"""Relating again that is stopped leaves every image whole, as it was or as it becomes."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from iconograph.cli.relate import StoredItems
from iconograph.graph.model.region import Level
from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import compare_stores
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.report import IngestReport
from iconograph.ingest.stages.text_vectors import TextVectors
from iconograph.relations.groups.stage import GroupFigures
from iconograph.relations.stage import DeriveRelations
from iconograph.relations.thresholds import Thresholds
from tests.reliability.relate_eden import SHIPPED, UNBOUND, relating
from tests.unit.ingest.folders import eden_items
from tests.unit.relations.groups.test_freshness import Letters

ROOT = Path(__file__).parents[2]
PICTURES = 12
BREAK = """CREATE TRIGGER broken BEFORE DELETE ON region
WHEN (SELECT count(*) FROM region WHERE level = 'group') <= {whole}
BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END"""


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of pictures with a group and a scene each."""
    folder = tmp_path_factory.mktemp("eden")
    stages = (
        DeriveRelations(thresholds=SHIPPED),
        GroupFigures(thresholds=SHIPPED),
        TextVectors(Letters()),
    )
    with open_store(f"sqlite:///{folder / 'graph.db'}") as store:
        assert ingest(eden_items(folder, pictures=PICTURES), store, stages=stages).complete
    return folder / "graph.db"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def copied(path: Path, target: Path) -> str:
    shutil.copy(path, target)
    return url_of(target)


def related(url: str, thresholds: Thresholds = UNBOUND) -> IngestReport:
    with open_store(url) as store:
        return ingest(StoredItems(store), store, stages=relating(thresholds))


def groups_in(url: str) -> int:
    with open_store(url, read_only=True) as store:
        return sum(
            region.level is Level.GROUP for bundle in store.bundles() for region in bundle.regions
        )


def unlike(url: str, other: str) -> set[str]:
    """The images that two stores hold differently; when a run was started does not count."""
    with open_store(url) as a, open_store(other) as b:
        differing = compare_stores(a, b).differing
    return {d.image_id for d in differing if any(not r.startswith("run ") for r in d.records)}


def require_each_whole(url: str, before: str, after: str) -> int:
    """Every image is as in one of two stores; gives how many are as in the second."""
    changed, unchanged = unlike(url, before), unlike(url, after)
    assert not changed & unchanged
    assert len(changed | unchanged) == PICTURES
    return len(changed)


def test_other_thresholds_change_groups_and_again_changes_nothing(
    grouped: Path, tmp_path: Path
) -> None:
    url = copied(grouped, tmp_path / "related.db")
    first, second = related(url), related(url)
    back = related(url, SHIPPED)

    assert (first.written, second.written, back.written) == (PICTURES, 0, PICTURES)
    with open_store(url) as store, open_store(url_of(grouped)) as shipped:
        assert compare_stores(store, shipped).differing == ()


def test_the_same_thresholds_change_nothing(grouped: Path, tmp_path: Path) -> None:
    url = copied(grouped, tmp_path / "same.db")

    assert groups_in(url) == PICTURES
    assert related(url, SHIPPED).written == 0


def test_killed_in_the_middle_each_image_is_whole_and_running_again_goes_on(
    grouped: Path, tmp_path: Path
) -> None:
    url, whole = copied(grouped, tmp_path / "killed.db"), copied(grouped, tmp_path / "whole.db")
    assert related(whole).complete
    command = [sys.executable, "-m", "tests.reliability.relate_eden", url]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(4):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    done = require_each_whole(url, url_of(grouped), whole)
    again = related(url)

    assert 4 <= done <= PICTURES
    assert again.written == PICTURES - done
    assert require_each_whole(url, url_of(grouped), whole) == PICTURES


def test_broken_in_the_middle_of_an_image_it_stays_as_it_was(grouped: Path, tmp_path: Path) -> None:
    url, whole = copied(grouped, tmp_path / "broken.db"), copied(grouped, tmp_path / "whole.db")
    related(whole)
    with sqlite3.connect(tmp_path / "broken.db") as connection:
        connection.execute(BREAK.format(whole=PICTURES - 3))
    report = related(url)

    assert "broken on purpose" in report.stopped
    assert require_each_whole(url, url_of(grouped), whole) == report.written == 3
    with sqlite3.connect(tmp_path / "broken.db") as connection:
        connection.execute("DROP TRIGGER broken")
    assert related(url).written == PICTURES - 3
    assert require_each_whole(url, url_of(grouped), whole) == PICTURES
