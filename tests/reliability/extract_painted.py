"""Extracts a folder of painted pictures in a process of its own.

FOLDER STORE_URL CACHE [WORKERS [LARGEST_FILE_BYTES]]. Prints a line for each image that is done,
then the report as one line of JSON. A limit on the size of files stands for a full disk of the cache:
it is set while entries are written, and only then.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iconograph.graph.store.open import open_store
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.cache import Form, OutputCache
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.report import Event, ImageDone
from iconograph.ingest.stages.find_regions import FindRegions
from iconograph.ingest.stages.image_vectors import ImageVectors
from iconograph.ingest.stages.looks import Models, OneAtATime
from tests.unit.ingest.folders import NOON
from tests.unit.ingest.small_models import (
    Blots,
    ColourVectors,
    Cutter,
    Sticks,
    TopFaces,
    gaze_to_the_right,
    one_region_each,
)


class FullDisk(OutputCache):
    """A cache on a disk that takes no file above a size."""

    largest_bytes = 0

    def remembered(self, key: str, make: Callable[[], Any], form: Form[Any]) -> Any:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_bytes, before[1]))
        try:
            return super().remembered(key, make, form)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


def tell(event: Event) -> None:
    if isinstance(event, ImageDone):
        print(event.name, flush=True)  # noqa: T201  what the test waits for


def main(
    folder: str, url: str, cache_folder: str, workers: str = "1", largest_bytes: str = ""
) -> None:
    cache: OutputCache = OutputCache(Path(cache_folder))
    if largest_bytes:
        cache = FullDisk(Path(cache_folder))
        cache.largest_bytes = int(largest_bytes)
    encoder = OneAtATime(ColourVectors())
    models = Models(detectors=(Blots(),), segmenter=Cutter(), poses=Sticks(), faces=TopFaces())
    stages = (
        FindRegions(
            models,
            profile="test",
            assemble=one_region_each,
            gaze_of=gaze_to_the_right,
            cache=cache,
            now=NOON,
        ),
        ImageVectors(encoder, cache=cache),
    )
    items = annotated_items([Path(folder)], now=NOON)
    with open_store(url) as store:
        report = ingest(
            items, store, stages=stages, workers=int(workers), keep_known=True, on_event=tell
        )
    print(json.dumps(report.to_record()))  # noqa: T201  what the test reads


main(*sys.argv[1:])
