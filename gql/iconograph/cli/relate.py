"""`iconograph relate`: work the relations of a stored graph out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from iconograph.cli.ingest import run
from iconograph.cli.options import DEFAULT_STORE, StoreUrl, opened
from iconograph.cli.output import answer_console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.store.port import GraphStore
    from iconograph.ingest.items import Item


def relate(*, store: StoreUrl = DEFAULT_STORE) -> None:
    """Work the relations of a stored graph out again, without reading the pictures again.

    Machine relations of the same methods are replaced; asserted and reviewed ones stay.

    Example: iconograph relate --store sqlite:///iconograph.db
    """
    from iconograph.relations.stage import DeriveRelations
    from iconograph.relations.thresholds import read_thresholds

    with opened(store) as graph:
        done = run(_stored(graph), graph, (DeriveRelations(thresholds=read_thresholds()),))
    answer_console().print(
        f"{done.written} images changed, {done.unchanged} unchanged: {done.edges:,} edges"
    )
    raise typer.Exit(0 if done.complete else 1)


def _stored(graph: GraphStore) -> Iterator[Item]:
    from iconograph.ingest.items import Item

    for bundle in graph.bundles():
        yield Item(draft=bundle)
