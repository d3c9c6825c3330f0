"""`iconograph search`: ask the graph in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, Json, StoreUrl, cache_folder, opened
from iconograph.cli.output import answer_console, people_console, print_json
from iconograph.graph.model.region import Level

if TYPE_CHECKING:
    from iconograph.graph.search.answer import Answer


def search(  # noqa: PLR0913  one parameter for each option
    query: Annotated[str, typer.Argument(help='Such as "woman beside a dog".')],
    *,
    store: StoreUrl = DEFAULT_STORE,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Works to show.")] = 10,
    level: Annotated[Level | None, typer.Option(help="Search this level only.")] = None,
    maker: Annotated[list[str] | None, typer.Option(help="Part of a maker's name.")] = None,
    from_year: Annotated[int | None, typer.Option(help="Made in this year or later.")] = None,
    to_year: Annotated[int | None, typer.Option(help="Made in this year or earlier.")] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Least confidence of a relation.")
    ] = 0.0,
    unrelated: Annotated[
        bool,
        typer.Option(
            "--unrelated",
            help="Then show works with all that is asked for, in which a relation was not found.",
        ),
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why for each hit.")] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="Write a picture of each hit into this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Ask the graph in words; the answer says what was understood, what was found and why.

    With --unrelated, works that show all that is asked for but in which a relation
    was not found come after those in which all is so, and each says what it lacks:
    iconograph search "woman holding a flower" --unrelated

    Example: iconograph search "woman beside a dog" --store sqlite:///iconograph.db --explain
    """
    from iconograph.gql.search_tools import find_search_tools
    from iconograph.graph.search.report import answer_record, explain_text
    from iconograph.graph.search.search import SearchOptions
    from iconograph.graph.store.candidates import WorkFilter

    tools = find_search_tools(cache_folder())
    options = SearchOptions(
        limit=limit,
        level=level,
        min_confidence=min_confidence,
        work_filter=WorkFilter(
            makers=tuple(maker or ()), earliest_year=from_year, latest_year=to_year
        ),
        unrelated=unrelated,
    )
    with opened(store, read_only=True) as graph:
        answer = tools.ask(graph, query, options)
    if pictures:
        from iconograph.cli.pictures import write_pictures

        write_pictures(answer, pictures)
    if json:
        print_json(answer_record(answer))
    elif explain:
        answer_console().print(explain_text(answer), markup=False)
    else:
        print_hits(answer)
    for note in (*answer.notes, *tools.lacks):
        people_console().print(f"note: {note}", markup=False, style="dim")


def print_hits(answer: Answer, most: int | None = None) -> None:
    """A line for each of the first hits: rank, score, title and the sentence that was found."""
    console = answer_console()
    if not answer.hits:
        console.print("nothing in the graph matches; that is the answer, not a failure")
    for rank, hit in enumerate(answer.hits[:most], start=1):
        console.print(
            f"{rank:>3}  {hit.score:.2f}  [bold]{hit.image.file_name}[/]  {hit.work.title}"
        )
        names = {match.region.id: match.region.label or match.role for match in hit.matches}
        for edge in hit.edges:
            ends = names.get(edge.subject_id, "?"), names.get(edge.object_id, "?")
            sentence = f"{ends[0]} {edge.kind.words} {ends[1]}"
            console.print(
                f"           {sentence}  ({edge.layer}, {edge.method}, {edge.confidence:.2f})",
                markup=False,
            )
        if hit.because:
            console.print(f"           {hit.because}", markup=False)
