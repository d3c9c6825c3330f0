"""`iconograph evaluate`: relations, search and detection measured against annotations."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.evaluate_extraction import evaluate_extraction
from iconograph.cli.evaluate_photos import photos
from iconograph.cli.evaluate_relations import relations
from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json, progress_bar
from iconograph.ingest.profiles import Budget

if TYPE_CHECKING:
    from iconograph.graph.model.vector import TextEncoder
    from iconograph.graph.store.port import GraphStore
    from iconograph.ingest.models.detect.port import Detector

app = typer.Typer(
    no_args_is_help=True, help="Measure relations, search and detection against annotations."
)

app.command()(relations)
app.command()(photos)
app.command("extraction")(evaluate_extraction)

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


@app.command()
def detection(  # noqa: PLR0913  one parameter for each option
    annotations: Annotated[
        Path, typer.Argument(help="JSON with images and the boxes of their persons.")
    ],
    *,
    pictures: Annotated[Path, typer.Option(help="Folder of the picture files.")],
    detector: Annotated[
        str,
        typer.Option(help="centernet, a model of the registry, or a folder with an ONNX detector."),
    ] = "centernet",
    budget: Annotated[Budget, typer.Option(help="How often centernet looks.")] = Budget.NORMAL,
    goal_recall: Annotated[
        float, typer.Option(min=0, max=1, help="Recall whose precision is told.")
    ] = 0.48,
    json: Json = False,
) -> None:
    """Average precision and recall of the persons that a detector finds, by style.

    Pictures in which nobody boxed anyone are left out, and said to be. Boxes marked as difficult
    are neither to be found nor counted as wrong.

    Example: iconograph evaluate detection boxes.json --pictures pictures/ --budget fast
    """
    from iconograph.evaluation.boxed import read_boxes
    from iconograph.evaluation.detection import evaluate_detection
    from iconograph.evaluation.detection_table import detection_table

    boxed = read_boxes(annotations)
    opened = _opened_detector(detector, budget)
    with progress_bar(people_console()) as bar:
        task = bar.add_task("detecting", total=None)
        evaluation = evaluate_detection(
            boxed,
            pictures,
            opened,
            goal_recall=goal_recall,
            on_picture=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if json:
        print_json(evaluation.to_record())
    else:
        answer_console().print(detection_table(evaluation))


def _opened_detector(detector: str, budget: Budget) -> Detector:
    """A detector that gives all it sees, however unsure it is."""
    from iconograph.ingest.models.detect.centernet import CenterNetDetector
    from iconograph.ingest.models.detect.person_onnx import End2EndDetector

    if detector == "centernet":
        return CenterNetDetector.open(cache_folder(), budget=budget, smallest_person_confidence=0.0)
    if Path(detector).is_dir():
        return End2EndDetector.of_folder(Path(detector))
    return End2EndDetector.open(cache_folder(), name=detector)


def _graph_of(
    annotations: Path, pictures: Path | None, edges: Edges, encoders: tuple[TextEncoder, ...]
) -> GraphStore:
    """A graph in memory of annotated pictures, with text vectors where there are encoders."""
    from iconograph.evaluation.annotations import read_annotations
    from iconograph.evaluation.pixels import pixels_at_hand
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
            bundle = derive(bundle, thresholds=thresholds, pixels=pixels_at_hand(bundle.image))
        for encoder in encoders:
            bundle = TextVectors(encoder)(bundle, None)
        graph.write(bundle)
    return graph
