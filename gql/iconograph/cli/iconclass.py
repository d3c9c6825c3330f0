"""`iconograph iconclass`: the index of Iconclass texts that search uses, and look-ups in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(no_args_is_help=True, help="The Iconclass index: build it, look things up.")

Language = Annotated[str, typer.Option(help="en or de.")]


def index_path() -> Path:
    """Where the index of this user is kept."""
    from iconograph.gql.search_tools import ICONCLASS_FILE

    return cache_folder() / ICONCLASS_FILE


@app.command()
def build() -> None:
    """Build the index from the installed package `iconclass`; takes seconds and some 40 MB.

    Example: iconograph iconclass build
    """
    from iconograph.graph.iconography.iconclass.build import build_index

    path = index_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    console = people_console()
    with console.status("reading Iconclass") as status:
        build_index(path, lambda done: status.update(f"reading Iconclass: {done:,} notations"))
    console.print(f"the index is at {path}", markup=False)


@app.command()
def find(
    words: Annotated[str, typer.Argument(help='Such as "lily" or "Verkündigung".')],
    *,
    language: Language = "en",
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    json: Json = False,
) -> None:
    """Find notations by their texts and keywords.

    Example: iconograph iconclass find Ziege --language de
    """
    from iconograph.graph.iconography.iconclass.index import IconclassIndex

    index = IconclassIndex.open(index_path())
    terms = index.search(words, language, limit)
    index.close()
    if json:
        print_json({"terms": [{"notation": t.notation, "texts": dict(t.texts)} for t in terms]})
        return
    for term in terms:
        answer_console().print(f"{term.notation:<16} {term.texts.get(language, '')}", markup=False)
