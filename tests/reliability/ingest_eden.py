"""Ingests an Eden folder in a process of its own: FOLDER STORE_URL PICTURES [LARGEST_FILE_BYTES].

Prints a line for each image that is stored, then the report as one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from iconograph.graph.store.open import open_store
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.report import Event, ImageDone
from tests.unit.ingest.folders import eden_items


def tell(event: Event) -> None:
    if isinstance(event, ImageDone):
        print(event.name, flush=True)  # noqa: T201  what the test waits for


def main(folder: str, url: str, pictures: str, largest_file_bytes: str = "") -> None:
    items = eden_items(Path(folder), pictures=int(pictures))
    with open_store(url) as store:
        if largest_file_bytes:
            limit = int(largest_file_bytes)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        report = ingest(items, store, on_event=tell)
    print(json.dumps(report.to_record()))  # noqa: T201  what the test reads


main(*sys.argv[1:])
