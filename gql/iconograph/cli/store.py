"""`iconograph store`: look at a store, copy it, compare two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, Json, StoreUrl, opened
from iconograph.cli.output import answer_console, people_console, print_json, progress_bar

if TYPE_CHECKING:
    from iconograph.graph.store.port import StoreInfo

app = typer.Typer(no_args_is_help=True, help="Look at a store, copy it, compare two.")

Url = Annotated[str, typer.Argument(help="A store's URL.")]


@app.command()
def info(*, store: StoreUrl = DEFAULT_STORE, json: Json = False) -> None:
    """Count what a store holds.

    Example: iconograph store info --store sqlite:///iconograph.db
    """
    with opened(store, read_only=True) as opened_store:
        found = opened_store.info()
    if json:
        print_json(_record(found))
        return
    console = answer_console()
    console.print(f"{found.url}  ({found.engine}, schema {found.schema_version})")
    for name, count in found.counts.items():
        console.print(f"  {count:>9,}  {name}")
    for space in found.spaces:
        console.print(f"  vectors of {space.name}, {space.dim} dimensions")


@app.command()
def copy(source: Url, target: Url, *, json: Json = False) -> None:
    """Copy everything from one store into another: vectors, evidence, reviews and runs too.

    Example: iconograph store copy sqlite:///iconograph.db bolt://localhost:7687
    """
    from iconograph.graph.store.transfer import copy_store

    with opened(source, read_only=True) as from_store, opened(target) as to_store:
        total = from_store.info().counts.get("image", 0)
        with progress_bar(people_console()) as bar:
            task = bar.add_task("copying images", total=total)
            report = copy_store(from_store, to_store, on_image=lambda _: bar.advance(task))
    if json:
        print_json({"written": report.written, "unchanged": report.unchanged})
    else:
        answer_console().print(
            f"{report.written} images copied, {report.unchanged} were there and equal"
        )


@app.command()
def verify(first: Url, second: Url, *, json: Json = False) -> None:
    """Compare two stores record by record; the exit code is 1 when they differ.

    Example: iconograph store verify sqlite:///iconograph.db bolt://localhost:7687
    """
    from iconograph.graph.store.transfer import compare_stores

    with opened(first, read_only=True) as a, opened(second, read_only=True) as b:
        difference = compare_stores(a, b)
    if json:
        print_json(difference.to_record())
    else:
        console = answer_console()
        for line in difference.lines():
            console.print(line, markup=False)
    raise typer.Exit(0 if difference.equal else 1)


def _record(found: StoreInfo) -> dict[str, object]:
    return {
        "url": found.url,
        "engine": found.engine,
        "schema_version": found.schema_version,
        "counts": dict(found.counts),
        "spaces": [
            {"name": s.name, "dim": s.dim, "weights_sha256": s.weights_sha256} for s in found.spaces
        ],
    }
