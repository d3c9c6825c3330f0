"""Relates a store again in a process of its own, with thresholds that bind nobody: STORE_URL.

Prints a line for each image that is done, then the report as one line of JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from iconograph.cli.relate import StoredItems
from iconograph.graph.store.open import open_store
from iconograph.ingest.pipeline import ingest
from iconograph.ingest.report import Event, ImageDone
from iconograph.ingest.stages.text_vectors import TextVectors
from iconograph.relations.groups.freshness import MissingVectors
from iconograph.relations.groups.stage import GroupFigures
from iconograph.relations.stage import DeriveRelations
from iconograph.relations.thresholds import read_thresholds
from tests.unit.relations.groups.test_freshness import Letters

if TYPE_CHECKING:
    from iconograph.ingest.pipeline import Stage
    from iconograph.relations.thresholds import Thresholds

SHIPPED = read_thresholds()
UNBOUND = replace(SHIPPED, groups=replace(SHIPPED.groups, smallest_weight=1.01), sha256="unbound")


def relating(thresholds: Thresholds) -> tuple[Stage, ...]:
    """The stages of `iconograph relate`, with small vectors of words."""
    letters = Letters()
    return (
        DeriveRelations(thresholds=thresholds),
        GroupFigures(thresholds=thresholds, only_renewing=True),
        MissingVectors(letters.space, lambda: TextVectors(letters)),
    )


def tell(event: Event) -> None:
    if isinstance(event, ImageDone):
        print(event.name, flush=True)  # noqa: T201  what the test waits for


def main(url: str) -> None:
    with open_store(url) as store:
        report = ingest(StoredItems(store), store, stages=relating(UNBOUND), on_event=tell)
    print(json.dumps(report.to_record()))  # noqa: T201  what the test reads


if __name__ == "__main__":
    main(*sys.argv[1:])
