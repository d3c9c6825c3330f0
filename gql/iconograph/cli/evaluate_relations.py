"""`iconograph evaluate relations`: edges from given regions measured against annotations."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json, progress_bar
from iconograph.graph.errors import InputError

if TYPE_CHECKING:
    from iconograph.evaluation.annotations import AnnotatedSet
    from iconograph.ingest.pipeline import Stage


class BodyModels(StrEnum):
    """Whose models look at given figures."""

    NONE = "none"
    MINI = "mini"
    LAPTOP = "laptop"


def relations(  # noqa: PLR0913  one parameter for each option
    annotations: Annotated[
        Path,
        typer.Argument(
            help="JSON with images, entities and relations, or a folder of drawn pictures."
        ),
    ],
    *,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of the picture files that the JSON names.")
    ] = None,
    models: Annotated[
        BodyModels, typer.Option(help="Models that look for poses and gazes in the given boxes.")
    ] = BodyModels.NONE,
    style: Annotated[str, typer.Option(help="Drawn pictures of this style alone.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Drawn pictures at the most.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for plots of each kind and all numbers as JSON.")
    ] = None,
    json: Json = False,
) -> None:
    """Precision, recall, AP, calibration and swap accuracy of each kind, beside simple baselines.

    The regions are those of the annotations; what is known besides grows row by row.

    Example: iconograph evaluate relations judged.json --pictures pictures/ --models laptop

    Example: iconograph evaluate relations demo/pictures --style northern --models mini
    """
    from iconograph.evaluation.relation_table import relation_table
    from iconograph.evaluation.relations import evaluate_relations
    from iconograph.relations.thresholds import read_thresholds

    annotated = _annotated(annotations, pictures, style, limit)
    has_files = annotations.is_dir() or pictures is not None
    looking = _opened_bodies(models, has_files=has_files)
    with progress_bar(people_console()) as bar:
        task = bar.add_task("looking", total=len(annotated.pictures), visible=bool(looking))
        evaluation = evaluate_relations(
            annotated,
            thresholds=read_thresholds(),
            figures=looking,
            on_picture=lambda done: bar.update(task, completed=done),
        )
    if out:
        from iconograph.evaluation.relation_plots import write_evaluation

        write_evaluation(evaluation, out)
    if json:
        print_json(evaluation.to_record())
    else:
        answer_console().print(relation_table(evaluation))


def _annotated(
    annotations: Path, pictures: Path | None, style: str, limit: int | None
) -> AnnotatedSet:
    from iconograph.evaluation.annotations import read_annotations
    from iconograph.evaluation.relation_drawn import read_drawn

    if annotations.is_dir():
        return read_drawn(annotations, style=style, limit=limit)
    if style or limit:
        message = (
            f"--style and --limit choose among drawn pictures, but {annotations} is no folder; "
            "leave them out or name a folder of drawn pictures"
        )
        raise InputError(message)
    return read_annotations(annotations, pictures)


def _opened_bodies(models: BodyModels, *, has_files: bool) -> Stage | None:
    """The stage that looks at given figures, remembering what it saw; None for no models."""
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.profile_models import OUTPUTS
    from iconograph.ingest.stages.figures import figures_of_profile

    if models is BodyModels.NONE:
        return None
    if not has_files:
        message = f"--models {models.value} looks at pixels; say where they are with --pictures"
        raise InputError(message)
    cache = OutputCache(cache_folder() / OUTPUTS)
    return figures_of_profile(models.value, cache_folder(), cache=cache)
