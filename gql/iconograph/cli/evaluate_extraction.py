"""`iconograph evaluate extraction`: regions found in drawn pictures measured against their truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iconograph.cli.ingest import ModelsChoice, Relations, extraction, pipeline_stages
from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json, progress_bar
from iconograph.ingest.profiles import Budget


def evaluate_extraction(  # noqa: PLR0913  one parameter for each option
    corpus: Annotated[
        Path, typer.Argument(help="A folder of drawn pictures with their annotations.json.")
    ],
    *,
    models: Annotated[ModelsChoice, typer.Option(help="The profile to measure.")] = (
        ModelsChoice.MINI
    ),
    budget: Annotated[Budget, typer.Option(help="How much time models may take.")] = Budget.NORMAL,
    style: Annotated[str, typer.Option(help="Measure pictures of this style alone.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Pictures at the most.")] = None,
    json: Json = False,
) -> None:
    """Recall, names, duplicates, persons' AP, time, and "A relation B" from pixels against truth.

    Example: iconograph evaluate extraction demo/pictures
    """
    from iconograph.evaluation.extraction import evaluate_extraction as measure
    from iconograph.evaluation.extraction import table
    from iconograph.gql.search_tools import find_search_tools
    from iconograph.graph.errors import MissingModelError

    looking = extraction(models, budget)
    if looking is None:
        message = "there are no models to measure; name a profile with --models"
        raise MissingModelError(message)
    stages, _ = pipeline_stages(Relations.DERIVE, extraction=looking, with_groups=True)
    tools = find_search_tools(cache_folder())
    space = looking.encoder.space.name if looking.encoder else ""
    pictures = tools.openers[space]() if space in tools.openers else None
    with progress_bar(people_console()) as bar:
        task = bar.add_task("looking", total=limit)
        evaluation = measure(
            corpus,
            stages,
            profile=models.value,
            vectors=looking.vectors,
            encoders=(*tools.encoders, *([pictures] if pictures else [])),
            pictures=pictures,
            style=style,
            limit=limit,
            on_picture=lambda done: bar.update(task, completed=done),
        )
    if json:
        print_json(evaluation.to_record())
    else:
        answer_console().print(table(evaluation), markup=False)
