"""`iconograph relate`: work the relations of a stored graph out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from iconograph.cli.ingest import run
from iconograph.cli.options import DEFAULT_STORE, StoreUrl, opened
from iconograph.cli.output import answer_console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.model.work import Image
    from iconograph.graph.store.port import GraphStore
    from iconograph.ingest.items import Item
    from iconograph.ingest.pictures import Picture


def relate(*, store: StoreUrl = DEFAULT_STORE) -> None:
    """Work the relations of a stored graph out again, with the pictures that are still at hand.

    Machine relations of the same methods are replaced; asserted and reviewed ones stay. Of a picture
    that is not at hand, or is another file by now, the regions alone are looked at.

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
        yield Item(draft=bundle, picture=_picture_of(bundle.image))


def _picture_of(image: Image) -> Picture | None:
    from iconograph.cli.pictures import local_path
    from iconograph.ingest.pictures import read_picture

    path = local_path(image)
    if path is None or not path.is_file():
        return None
    picture = read_picture(path, verify=False)
    return picture if picture.sha256 == image.id else None
