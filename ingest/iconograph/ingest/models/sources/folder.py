"""Files in a folder on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources.port import PullProgress, Stage, unpacked_folder

if TYPE_CHECKING:
    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.sources.port import Report

CHUNK_BYTES = 1 << 22


def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
    """Copies of the files, since the originals may be changed or taken away."""
    folder = Path(record.source_place).expanduser()
    target_folder = unpacked_folder(record, workshop)
    copies: dict[str, Path] = {}
    done_bytes = 0
    for file in record.files:
        origin, target = folder / file.path, target_folder / file.name
        if not origin.is_file():
            message = f"{record.name} needs {origin}, which is not there; place it there or add the"
            message += f" model anew: iconograph models add {record.name} --from FOLDER"
            raise MissingModelError(message)
        with origin.open("rb") as read, target.open("wb") as written:
            while chunk := read.read(CHUNK_BYTES):
                written.write(chunk)
                done_bytes += len(chunk)
                report(
                    PullProgress(
                        model=record.name,
                        stage=Stage.DOWNLOADING,
                        done_bytes=done_bytes,
                        total_bytes=record.size_bytes,
                    )
                )
        copies[file.name] = target
    return copies
