"""`iconograph evaluate extraction`: regions found in drawn pictures measured against their truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.ingest import ModelsChoice, Relations, extraction, pipeline_stages
from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json, progress_bar
from iconograph.ingest.profiles import Budget

if TYPE_CHECKING:
    from iconograph.evaluation.extraction_search import Asking
    from iconograph.ingest.profile_models import Extraction


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
    store: Annotated[
        str, typer.Option(help="Keep what is found in this store, for --kept; a store of its own.")
    ] = "",
    kept: Annotated[
        bool, typer.Option("--kept", help="Look at no picture: measure what --store holds.")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Least confidence of a relation in the search.")
    ] = 0.0,
    json: Json = False,
) -> None:
    """Recall, names, duplicates, persons' AP, time, and "A relation B" from pixels against truth.

    The search is measured twice: as it is, and with works that lack the relation after the others.

    Example: iconograph evaluate extraction demo/pictures
    """
    from iconograph.evaluation import extraction as evaluation
    from iconograph.graph.store.open import open_store

    looking = _opened(models, budget, kept=kept, store=store)
    asking = _asking(looking, min_confidence)
    with open_store(store or "memory:") as graph, progress_bar(people_console()) as bar:
        if kept:
            measured = evaluation.evaluate_kept(
                corpus, graph, profile=models.value, asking=asking, style=style, limit=limit
            )
        else:
            task = bar.add_task("looking", total=limit)
            measured = evaluation.evaluate_extraction(
                corpus,
                pipeline_stages(Relations.DERIVE, extraction=looking, with_groups=True)[0],
                graph,
                profile=models.value,
                vectors=looking.vectors,
                asking=asking,
                style=style,
                limit=limit,
                on_picture=lambda done: bar.update(task, completed=done),
            )
    if json:
        print_json(measured.to_record())
    else:
        answer_console().print(evaluation.table(measured), markup=False)


def _opened(models: ModelsChoice, budget: Budget, *, kept: bool, store: str) -> Extraction:
    """The models to measure; raises where what is asked for cannot be measured."""
    from iconograph.graph.errors import InputError, MissingModelError

    if kept and not store:
        message = "--kept measures what a store holds; name it with --store"
        raise InputError(message)
    looking = extraction(models, budget)
    if looking is None:
        message = "there are no models to measure; name a profile with --models"
        raise MissingModelError(message)
    return looking


def _asking(looking: Extraction, min_confidence: float) -> Asking:
    """The encoders of this machine, and that of the space of the models' pictures."""
    from iconograph.evaluation.extraction_search import Asking
    from iconograph.gql.search_tools import find_search_tools

    tools = find_search_tools(cache_folder())
    space = looking.encoder.space.name if looking.encoder else ""
    pictures = tools.openers[space]() if space in tools.openers else None
    return Asking(
        encoders=(*tools.encoders, *([pictures] if pictures else [])),
        pictures=pictures,
        min_confidence=min_confidence,
    )
