"""Files of a repository on a model hub, at a pinned commit."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources.port import (
    PullProgress,
    Stage,
    by_hand,
    partial_folder,
)

if TYPE_CHECKING:
    from iconograph.ingest.models.record import ModelFile, ModelRecord
    from iconograph.ingest.models.sources.port import Report

DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
"""These concern the cache, not the hub."""


def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
    """The files by the hub's own client, which goes on with what broke off.

    Raises `MissingModelError` without the package huggingface-hub, and with the client's own words
    when it fails.
    """
    try:
        from huggingface_hub import hf_hub_download
    except ImportError as error:
        message = f"{record.source} is downloaded by the package huggingface-hub, which is not "
        message += f"installed: pip install huggingface-hub; or {by_hand(record)}"
        raise MissingModelError(message) from error
    folder = partial_folder(record, workshop)
    files: dict[str, Path] = {}
    done_bytes = 0
    for file in record.files:
        try:
            got = hf_hub_download(
                record.source_place, file.path, revision=record.revision, local_dir=folder
            )
        except Exception as error:
            if isinstance(error, OSError) and error.errno in DISK_ERRORS:
                raise
            # The client's errors have no common base.
            raise MissingModelError(_said(record, file, error)) from error
        files[file.name] = Path(got)
        done_bytes += file.size_bytes
        report(
            PullProgress(
                model=record.name,
                stage=Stage.DOWNLOADING,
                done_bytes=done_bytes,
                total_bytes=record.size_bytes,
            )
        )
    return files


def _said(record: ModelRecord, file: ModelFile, error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"{record.source} did not give {file.path}: {words}; try later, or {by_hand(record)}"
