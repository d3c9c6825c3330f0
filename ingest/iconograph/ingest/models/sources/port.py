"""What brings the files of a model, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from iconograph.ingest.models.record import ModelRecord


class Stage(StrEnum):
    """What a pull is doing."""

    WAITING = "waiting for another pull"
    DOWNLOADING = "downloading"
    CHECKING = "checking"
    CONVERTING = "converting"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullProgress:
    """How far the pull of a model is; `total_bytes` is 0 where it is not known."""

    model: str
    stage: Stage
    done_bytes: int = 0
    total_bytes: int = 0


Report = Callable[[PullProgress], None]

Fetch = Callable[[ModelRecord, Path, Report], Mapping[str, Path]]
"""Brings the files of a model into a folder of the cache, and says where each is, by its name.

The hashes are not checked here. What a broken download left in the folder may be gone on with.
Raises `MissingModelError` with what to do when the source cannot be reached or lacks a file.
"""

PARTIAL = "partial"
"""The part of the folder for files that the next pull can go on with."""

ARCHIVES = "archives"
"""The part of the folder for wheels and tarballs, which several models may share in one pull."""


def unpacked_folder(record: ModelRecord, workshop: Path) -> Path:
    """Where files of a model go that are had at once; made when it is not there."""
    folder = workshop / ARCHIVES / "unpacked" / record.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def partial_folder(record: ModelRecord, workshop: Path) -> Path:
    """Where the pieces of a model's files are gathered; made when it is not there."""
    folder = workshop / PARTIAL / record.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def by_hand(record: ModelRecord) -> str:
    """What to do where a source cannot be reached."""
    names = ", ".join(file.name for file in record.files)
    return (
        f"put {names} into the folder that `iconograph models path {record.name}` names, "
        "then pull again"
    )
