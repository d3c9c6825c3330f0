"""Files at an address on the web."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources.port import (
    PullProgress,
    Stage,
    by_hand,
    partial_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from iconograph.ingest.models.record import ModelFile, ModelRecord
    from iconograph.ingest.models.sources.port import Report

CHUNK_BYTES = 1 << 18
SILENCE_S = 30.0
"""A server that says nothing for so long is taken for gone."""

TRIES = 3
"""A download that breaks is gone on with so often before the pull gives up."""

AGENT = "iconograph"

BREAKS = (http.client.HTTPException, URLError, ConnectionError, TimeoutError, ssl.SSLError)
"""How a connection ends early; a full disk raises other errors and is not tried again."""


def fetch(record: ModelRecord, workshop: Path, report: Report) -> dict[str, Path]:
    """The files, each gone on with from where an earlier download broke off.

    What was downloaded stays in the folder when the pull gives up, for the next one.
    """
    folder = partial_folder(record, workshop)
    files: dict[str, Path] = {}
    done_bytes = 0
    for file in record.files:
        address = f"{record.source_place.rstrip('/')}/{quote(file.path)}"
        download = _Download(record, file, address, folder / file.name, done_bytes, report)
        download.complete()
        files[file.name] = download.target
        done_bytes += file.size_bytes
    return files


@dataclass(frozen=True, slots=True)
class _Download:
    """One file on its way; `before_bytes` are those of the model's files before it."""

    record: ModelRecord
    file: ModelFile
    address: str
    target: Path
    before_bytes: int
    report: Report

    def complete(self) -> None:
        """Download what is lacking; raises `MissingModelError` when the tries are used up."""
        said = "it ended too early"
        for _ in range(TRIES):
            if self._size() == self.file.size_bytes:
                return
            try:
                self._append()
            except HTTPError as error:
                error.close()
                self.target.unlink(missing_ok=True)
                message = f"{self.address} answers {error.code} {error.reason}, expected the file; "
                message += f"try later, or {by_hand(self.record)}"
                raise MissingModelError(message) from error
            except BREAKS as error:
                said = str(error) or type(error).__name__
        if self._size() != self.file.size_bytes:
            message = (
                f"the download of {self.address} broke off after {self._size()} of "
                f"{self.file.size_bytes} bytes ({said}); what is there is kept: "
                "run the same command again to go on"
            )
            raise MissingModelError(message)

    def _append(self) -> None:
        """Go on where the file ends, or start anew where the server only sends the whole."""
        start = self._size() if self._size() < self.file.size_bytes else 0
        asked = {"Range": f"bytes={start}-"} if start else {}
        request = Request(self.address, headers={"User-Agent": AGENT, **asked})  # noqa: S310  see ModelRecord
        with urlopen(request, timeout=SILENCE_S) as answer:  # noqa: S310  see ModelRecord
            done = start if _goes_on(answer, start) else 0
            # Each piece goes to the disk as it comes: what is there when we are killed is kept.
            with self.target.open("ab" if done else "wb", buffering=0) as written:
                while chunk := answer.read1(CHUNK_BYTES):
                    done += len(chunk)
                    if done > self.file.size_bytes:
                        break
                    written.write(chunk)
                    self.report(self._progress(done))
        if done > self.file.size_bytes:
            self.target.unlink()
            message = f"{self.address} holds more than the {self.file.size_bytes} bytes expected; "
            raise MissingModelError(message + "nothing was kept")

    def _progress(self, done_bytes: int) -> PullProgress:
        return PullProgress(
            model=self.record.name,
            stage=Stage.DOWNLOADING,
            done_bytes=self.before_bytes + done_bytes,
            total_bytes=self.record.size_bytes,
        )

    def _size(self) -> int:
        return self.target.stat().st_size if self.target.is_file() else 0


def _goes_on(answer: http.client.HTTPResponse, start: int) -> bool:
    """Whether the server sends the rest from where we asked, and not the whole file."""
    span = answer.headers.get("Content-Range", "")
    return answer.status == HTTPStatus.PARTIAL_CONTENT and span.startswith(f"bytes {start}-")
