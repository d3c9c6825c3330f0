"""`iconograph export`: the graph in forms that others read."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, StoreUrl, opened
from iconograph.cli.output import people_console, require_writable

if TYPE_CHECKING:
    from iconograph.graph.linked_data.jsonl import Counts
    from iconograph.graph.store.port import GraphStore


class Format(StrEnum):
    """What can be written."""

    JSONL = "jsonl"
    WEBANNO = "webanno"
    NQUADS = "nquads"


def export(  # noqa: PLR0913  one parameter for each option
    *,
    format: Annotated[  # noqa: A002  the option's own name
        Format, typer.Option("--format", help="jsonl (all of it), webanno (W3C), nquads (RDF).")
    ],
    store: StoreUrl = DEFAULT_STORE,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write, or for webanno a folder (a name without an ending) with one file "
            "for each picture; standard output when not given."
        ),
    ] = None,
    vectors: Annotated[bool, typer.Option("--vectors", help="jsonl: with vectors.")] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="webanno, nquads: with rejected relations.")
    ] = False,
    base: Annotated[
        str, typer.Option(help="webanno, nquads: what all addresses begin with.")
    ] = "https://example.org/iconograph/",
) -> None:
    """Write the whole graph, in constant memory.

    Example: iconograph export --format jsonl --vectors --out graph.jsonl
    """
    if out and (out.suffix or format is not Format.WEBANNO):
        require_writable(out)
    with ExitStack() as stack:
        graph = stack.enter_context(opened(store, read_only=True))
        if format is Format.NQUADS:
            from iconograph.graph.linked_data.claims import write_nquads
            from iconograph.graph.linked_data.iris import IriMinter

            target = stack.enter_context(out.open("wb")) if out else sys.stdout.buffer
            counts = write_nquads(graph, target, iris=IriMinter(base=base), with_rejected=rejected)
            _tell(counts)
            return
        if format is Format.WEBANNO:
            _tell(_write_annotations(graph, out, base, with_rejected=rejected))
            return
        text = stack.enter_context(out.open("w", encoding="utf-8")) if out else sys.stdout
        from iconograph.graph.linked_data.jsonl import write_jsonl

        counts = write_jsonl(graph, text, vectors=vectors)
        _tell(counts)


def _write_annotations(
    graph: GraphStore, out: Path | None, base: str, *, with_rejected: bool
) -> Counts:
    from iconograph.graph.linked_data import web_annotation
    from iconograph.graph.linked_data.iris import IriMinter

    iris = IriMinter(base=base)
    if out is None:
        return web_annotation.write_annotations(
            graph, sys.stdout, iris=iris, with_rejected=with_rejected
        )
    if out.suffix:
        with out.open("w", encoding="utf-8") as file:
            return web_annotation.write_annotations(
                graph, file, iris=iris, with_rejected=with_rejected
            )
    return web_annotation.write_annotation_folder(
        graph, out, iris=iris, with_rejected=with_rejected
    )


def _tell(counts: Counts) -> None:
    people_console().print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
