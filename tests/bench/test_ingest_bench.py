"""Measures an ingest of pictures alone with the mini models: rate, where the time goes, memory."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iconograph.cli.ingest import ModelsChoice, Relations, extraction, pipeline_stages
from iconograph.graph.store.sqlite.store import SqliteStore
from iconograph.ingest import pipeline
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.report import ImageDone
from iconograph.ingest.scenes.corpus import write_corpus
from tests.bench.measuring import show, table_of

if TYPE_CHECKING:
    from rich.table import Table

    from iconograph.ingest.report import Event, IngestReport

PICTURES = int(os.environ.get("ICONOGRAPH_BENCH_PICTURES", "60"))
SEED = 60
WORKERS = (1, 2)
STATM = Path("/proc/self/statm")

pytestmark = [pytest.mark.bench, pytest.mark.timeout(7200)]


@dataclass(slots=True, kw_only=True)
class Measured:
    """One ingest: what it reported, how long it took, and the memory in use on the way."""

    report: IngestReport
    cpu_s: float
    memory_mib: dict[int, int]


@dataclass(slots=True)
class MemoryLog:
    """The resident memory of this process after so many pictures."""

    done: int = 0
    memory_mib: dict[int, int] = field(default_factory=dict)

    def follow(self, event: Event) -> None:
        """Note the memory after each tenth of the pictures."""
        if isinstance(event, ImageDone):
            self.done += 1
            if self.done % max(1, PICTURES // 10) == 0:
                self.memory_mib[self.done] = resident_mib()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder of drawn pictures, without what is known of them."""
    folder = tmp_path_factory.mktemp("drawn")
    write_corpus(folder, count=PICTURES, seed=SEED)
    return sorted(folder.glob("*.jpg"))


@pytest.mark.skipif(not STATM.exists(), reason="the resident memory is read from Linux's /proc")
def test_ingest_of_pictures_alone(
    pictures: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured: dict[int, Measured] = {}
    for workers in WORKERS:
        # A cache of its own for each, so that nothing is remembered.
        monkeypatch.setenv("ICONOGRAPH_CACHE", str(tmp_path / f"cache {workers}"))
        measured[workers] = ingested(pictures, tmp_path / f"{workers}.db", workers)
        assert measured[workers].report.written == len(pictures)
    show(_rates(measured), capsys)
    show(_shares(measured), capsys)
    show(_memory(measured), capsys)


def ingested(pictures: list[Path], store: Path, workers: int) -> Measured:
    """An ingest from scratch, the models opened before the clock starts."""
    opened = extraction(ModelsChoice.MINI)
    stages, _ = pipeline_stages(
        Relations.DERIVE, extraction=opened, with_groups=True, with_vectors=False
    )
    log = MemoryLog()
    started_s = time.process_time()
    with SqliteStore.open(str(store)) as graph:
        report = pipeline.ingest(
            annotated_items(pictures),
            graph,
            stages=stages,
            workers=workers,
            keep_known=True,
            on_event=log.follow,
        )
    return Measured(report=report, cpu_s=time.process_time() - started_s, memory_mib=log.memory_mib)


def resident_mib() -> int:
    """The memory of this process that is in use now."""
    pages = int(STATM.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _rates(measured: dict[int, Measured]) -> Table:
    columns = ("workers", "pictures/s", "wall s", "CPU s", "cores used", "regions", "edges")
    table = table_of(f"{PICTURES} drawn pictures alone, mini, {os.cpu_count()} cores", columns)
    for workers, one in measured.items():
        wall_s = one.report.seconds_s
        table.add_row(
            str(workers),
            f"{one.report.written / wall_s:.2f}",
            f"{wall_s:.1f}",
            f"{one.cpu_s:.1f}",
            f"{one.cpu_s / wall_s:.2f}",
            f"{one.report.regions:,}",
            f"{one.report.edges:,}",
        )
    return table


def _shares(measured: dict[int, Measured]) -> Table:
    table = table_of("where the time goes, wall time of one worker", ("stage", "ms each", "share"))
    one = measured[WORKERS[0]].report
    spent_s = dict(one.stage_seconds)
    spent_s["reading"] = max(0.0, one.seconds_s - sum(spent_s.values()))
    for stage, seconds in sorted(spent_s.items(), key=lambda pair: -pair[1]):
        each_ms = 1000 * seconds / one.written
        table.add_row(stage, f"{each_ms:.1f}", f"{seconds / one.seconds_s:.0%}")
    return table


def _memory(measured: dict[int, Measured]) -> Table:
    """The second ingest starts with what the first has left in the process."""
    counts = [*measured[WORKERS[0]].memory_mib]
    picked = counts[:: max(1, len(counts) // 5)] + counts[-1:]
    columns = ("workers", *(f"{count}" for count in dict.fromkeys(picked)))
    table = table_of("resident MiB after so many pictures", columns)
    for workers, one in measured.items():
        table.add_row(str(workers), *(f"{one.memory_mib[int(c)]:,}" for c in columns[1:]))
    return table
