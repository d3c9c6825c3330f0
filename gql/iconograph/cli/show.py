"""`iconograph show`: a stored picture with its regions and edges drawn on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, StoreUrl, opened
from iconograph.cli.output import people_console, require_writable
from iconograph.graph.model.edge import EdgeKind

PICTURE_ENDINGS = (".jpeg", ".jpg", ".png", ".webp")


def show(
    file: Annotated[
        str, typer.Argument(help="The picture's file, its name, or its id in the store.")
    ],
    *,
    store: StoreUrl = DEFAULT_STORE,
    out: Annotated[Path, typer.Option(help="PNG, JPEG or WebP to write.")] = Path("picture.png"),
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Draw relations at least so sure.")
    ] = 0.5,
    kind: Annotated[
        list[EdgeKind] | None, typer.Option(help="Draw these relations alone; repeatable.")
    ] = None,
) -> None:
    """Draw a stored picture's regions, key points, gazes, axes and edges on it.

    Example: iconograph show kiss_hayez.jpg --out kiss.png
    """
    from iconograph.cli.pictures import find_bundle, picture_of
    from iconograph.relations.drawing.scene import draw_scene

    require_writable(out, endings=PICTURE_ENDINGS)
    with opened(store, read_only=True) as graph:
        bundle = find_bundle(graph, file)
    edges = [
        edge
        for edge in bundle.edges
        if edge.confidence >= min_confidence and (not kind or edge.kind in kind)
    ]
    drawn = draw_scene(picture_of(bundle.image), bundle.regions, edges, axes=bundle.axes)
    drawn.save(out)
    people_console().print(f"{len(bundle.regions)} regions, {len(edges)} edges: {out}")
