"""`iconograph evaluate`: relations and search measured against annotations."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json

if TYPE_CHECKING:
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.store.port import GraphStore

app = typer.Typer(
    no_args_is_help=True, help="Measure relations and search against annotated pictures."
)

Annotations = Annotated[
    Path, typer.Argument(help="Annotated pictures: JSON with images, entities and relations.")
]
PicturesFolder = Annotated[Path | None, typer.Option(help="Folder of the picture files.")]


class Edges(StrEnum):
    """Which edges the graph that is searched has."""

    ASSERTED = "asserted"
    DERIVED = "derived"
    BOTH = "both"


@app.command()
def relations(
    annotations: Annotations,
    *,
    pictures: PicturesFolder = None,
    json: Json = False,
) -> None:
    """Precision, recall and swap accuracy of each kind of relation, beside simple baselines.

    The regions are those of the annotations. Example: iconograph evaluate relations judged.json
    """
    from iconograph.evaluation.annotations import read_annotations
    from iconograph.evaluation.relations import evaluate_relations, relation_table
    from iconograph.relations.thresholds import read_thresholds

    evaluation = evaluate_relations(
        read_annotations(annotations, pictures), thresholds=read_thresholds()
    )
    if json:
        print_json(evaluation.to_record())
    else:
        answer_console().print(relation_table(evaluation))


@app.command()
def search(
    queries: Annotated[Path, typer.Argument(help="JSON with queries and the files that answer.")],
    *,
    annotations: Annotated[Path, typer.Option(help="The annotated pictures to be searched.")],
    pictures: PicturesFolder = None,
    edges: Annotated[
        Edges, typer.Option(help="Search the relations judged by people, those derived, or both.")
    ] = Edges.BOTH,
    json: Json = False,
) -> None:
    """nDCG@10, success@5 and swap accuracy of the search, beside simple baselines.

    Example: iconograph evaluate search queries.json --annotations judged.json
    """
    from iconograph.evaluation.search import evaluate_search, table
    from iconograph.gql.search_tools import find_search_tools

    tools = find_search_tools(cache_folder())
    with _graph_of(annotations, pictures, edges, tools.encoders) as graph:
        evaluation = evaluate_search(
            graph,
            queries,
            lexicon=tools.lexicon,
            encoders=tools.encoders,
            concepts=tools.concepts,
        )
    if json:
        print_json(evaluation.to_record())
    else:
        answer_console().print(table(evaluation), markup=False)
    for lack in tools.lacks:
        people_console().print(f"note: {lack}", markup=False, style="dim")


def _graph_of(
    annotations: Path, pictures: Path | None, edges: Edges, encoders: tuple[TextEncoder, ...]
) -> GraphStore:
    """A graph in memory of annotated pictures, with text vectors where there are encoders."""
    from iconograph.evaluation.annotations import read_annotations
    from iconograph.graph.store.open import open_store
    from iconograph.ingest.stages.text_vectors import TextVectors
    from iconograph.relations.derive import derive
    from iconograph.relations.thresholds import read_thresholds

    thresholds = read_thresholds()
    graph = open_store("memory:")
    for picture in read_annotations(annotations, pictures).pictures:
        bundle = picture.bundle
        if edges is Edges.DERIVED:
            bundle = replace(bundle, edges=())
        if edges is not Edges.ASSERTED:
            bundle = derive(bundle, thresholds=thresholds)
        for encoder in encoders:
            bundle = TextVectors(encoder)(bundle, None)
        graph.write(bundle)
    return graph
