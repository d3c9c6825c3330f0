"""`iconograph ingest`: pictures with what is said about them, into a store."""

from __future__ import annotations

import json as json_module
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, Json, StoreUrl, cache_folder, opened
from iconograph.cli.output import (
    answer_console,
    people_console,
    print_json,
    progress_bar,
    require_writable,
)
from iconograph.ingest.profiles import Budget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from iconograph.graph.store.port import GraphStore
    from iconograph.ingest.items import Item
    from iconograph.ingest.pipeline import Stage
    from iconograph.ingest.problems import Problem
    from iconograph.ingest.profile_models import Extraction
    from iconograph.ingest.report import Event, IngestReport

JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson"})
STOPPED, INTERRUPTED = 3, 130

MINI_ALONE = (
    "warning: mini knows drawn scenes only; what it says of a painting is worth nothing. "
    "For paintings: iconograph models pull --profile laptop"
)


class ModelsChoice(StrEnum):
    """Which models look at the pictures."""

    NONE = "none"
    MINI = "mini"
    LAPTOP = "laptop"
    FULL = "full"
    AUTO = "auto"


class Relations(StrEnum):
    """Which edges are stored."""

    DERIVE = "derive"
    ONLY_ASSERTED = "only-asserted"
    NONE = "none"


def ingest(  # noqa: PLR0913  one parameter for each option
    paths: Annotated[
        list[Path],
        typer.Argument(help="Pictures, folders of pictures, or a .jsonl file of an export."),
    ],
    *,
    annotations: Annotated[
        list[Path] | None, typer.Option(help="COCO JSON with regions and relations.")
    ] = None,
    regions: Annotated[
        list[Path] | None, typer.Option(help="CSV of regions: file,label,x0,y0,x1,y1.")
    ] = None,
    metadata: Annotated[
        Path | None, typer.Option(help="CSV of works: file,title,artist,year,rights, ...")
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    relations: Annotated[
        Relations, typer.Option(help="Work relations out, keep those of the source only, or none.")
    ] = Relations.DERIVE,
    models: Annotated[
        ModelsChoice | None,
        typer.Option(
            help="Find regions in the pictures with these models; auto takes the best that is here. "
            "Without it: none where --annotations or --regions are given, else auto.",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        Budget, typer.Option(help="How much time models may take for a picture.")
    ] = Budget.NORMAL,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Pictures worked on at once.")] = 1,
    groups: Annotated[
        bool | None,
        typer.Option(
            "--groups/--no-groups",
            help="Add groups and scenes with composed captions. Without it: where models run.",
            show_default=False,
        ),
    ] = None,
    vectors: Annotated[
        bool, typer.Option(help="Give regions text vectors where the model is there.")
    ] = True,
    report: Annotated[
        Path | None, typer.Option(help="Write what was done and left out as JSON.")
    ] = None,
    json: Json = False,
) -> None:
    """Bring pictures and what is said about them into a store; run it again to go on or renew.

    Models find the regions that nobody has outlined; what people said is never changed. Exit code 1
    says that something was left out; --report tells what.

    Example: iconograph ingest pictures/ --metadata works.csv
    """
    if report:
        require_writable(report)
    restored = [path for path in paths if path.suffix in JSONL_SUFFIXES]
    pictures = [path for path in paths if path.suffix not in JSONL_SUFFIXES]
    _require_apart(restored, pictures, annotations, regions, metadata, models)
    items = _items(restored, pictures, annotations, regions, metadata)
    asked = models or (ModelsChoice.NONE if annotations or regions else ModelsChoice.AUTO)
    looking = None if restored else extraction(asked, budget, with_scenes=groups is False)
    stages, lacks = (
        ((), ())
        if restored
        else pipeline_stages(
            relations,
            extraction=looking,
            with_groups=looking is not None if groups is None else groups,
            with_vectors=vectors,
        )
    )
    for lack in lacks:
        people_console().print(f"note: {lack}", markup=False, style="dim")
    with opened(store) as graph:
        done = run(items, graph, stages, workers=workers, keep_known=looking is not None)
    _tell(done, report, as_json=json)


def run(  # noqa: PLR0913  one argument for each choice
    items: Iterable[Item | Problem],
    graph: GraphStore,
    stages: tuple[Stage, ...],
    *,
    workers: int = 1,
    keep_known: bool = False,
    doing: str = "ingesting",
) -> IngestReport:
    """Ingest with a progress bar that names what is `doing`, rate and time left on standard error."""
    from iconograph.ingest import pipeline
    from iconograph.ingest.report import ProblemFound, Progress, Started

    console = people_console()
    with progress_bar(console) as bar:
        task = bar.add_task(doing, total=None)

        def follow(event: Event) -> None:
            match event:
                case Started(total=total):
                    bar.update(task, total=total)
                case Progress(done=done, images_per_s=rate):
                    bar.update(task, completed=done, description=f"{doing}, {rate:.1f}/s")
                case ProblemFound(problem=problem):
                    print_problem(bar.console, problem)

        return pipeline.ingest(
            items, graph, stages=stages, workers=workers, keep_known=keep_known, on_event=follow
        )


def extraction(
    asked: ModelsChoice, budget: Budget = Budget.NORMAL, *, with_scenes: bool = False
) -> Extraction | None:
    """The stages of the models asked for, opened; None for no models. Says which and why.

    With `with_scenes` the whole picture is a scene even without the stage of groups.
    """
    from iconograph.ingest.profile_models import opened_profile
    from iconograph.ingest.profiles import chosen

    choice = chosen(asked.value, cache_folder())
    if asked is not ModelsChoice.NONE:
        people_console().print(f"models: {choice.why}", markup=False, style="dim")
    if choice.profile is None:
        return None
    if asked is ModelsChoice.AUTO and choice.profile.name == "mini":
        people_console().print(MINI_ALONE, markup=False, style="yellow")
    return opened_profile(choice.profile, cache_folder(), budget=budget, with_scenes=with_scenes)


def pipeline_stages(
    relations: Relations,
    *,
    extraction: Extraction | None = None,
    with_groups: bool = False,
    with_vectors: bool = True,
) -> tuple[tuple[Stage, ...], tuple[str, ...]]:
    """What happens to each draft, in order, and what is lacking for more."""
    stages: list[Stage] = list(extraction.first) if extraction else []
    lacks: tuple[str, ...] = ()
    if relations is Relations.DERIVE:
        from iconograph.relations.stage import DeriveRelations
        from iconograph.relations.thresholds import read_thresholds

        stages.append(DeriveRelations(thresholds=read_thresholds()))
    elif relations is Relations.NONE:
        from iconograph.relations.stage import WithoutRelations

        stages.append(WithoutRelations())
    if with_groups:
        from iconograph.relations.groups.stage import GroupFigures
        from iconograph.relations.thresholds import read_thresholds

        stages.append(GroupFigures(thresholds=read_thresholds()))
    stages += extraction.last if extraction else ()
    if with_vectors:
        from iconograph.gql.search_tools import find_text_encoders
        from iconograph.ingest.stages.text_vectors import TextVectors

        encoders, lacks = find_text_encoders(cache_folder())
        stages += [TextVectors(encoder) for encoder in encoders]
    return tuple(stages), lacks


def print_problem(console: Console, problem: Problem) -> None:
    """One line for a person."""
    console.print(f"{problem.severity.value}: {problem.where}: {problem.message}", markup=False)


def _require_apart(restored: list[Path], *others: object) -> None:
    """Raise `InputError` where a graph is to be read back together with anything else."""
    from iconograph.graph.errors import InputError

    if restored and any(others):
        message = (
            "a .jsonl file holds a whole graph and is read back as it is; "
            "ingest it apart from pictures and annotations, and without --models"
        )
        raise InputError(message)


def _items(
    restored: list[Path],
    pictures: list[Path],
    annotations: list[Path] | None,
    regions: list[Path] | None,
    metadata: Path | None,
) -> Iterable[Item | Problem]:
    from iconograph.ingest.annotated import annotated_items
    from iconograph.ingest.items import jsonl_items

    if restored:
        return (item for path in restored for item in jsonl_items(path))
    return annotated_items(
        pictures,
        annotations=annotations or (),
        regions_csv=regions or (),
        metadata=metadata,
    )


def _tell(done: IngestReport, report: Path | None, *, as_json: bool) -> None:
    record = done.to_record()
    if report:
        text = json_module.dumps(record, ensure_ascii=False, indent=2)
        report.write_text(text + "\n", encoding="utf-8")
    if as_json:
        print_json(record)
    else:
        rate = done.regions / done.seconds_s if done.seconds_s else 0.0
        answer_console().print(
            f"{done.written} images written, {done.unchanged} unchanged: {done.regions:,} regions, "
            f"{done.edges:,} edges in {done.seconds_s:.1f} s ({rate:,.0f} regions/s)"
        )
        if done.left_out:
            answer_console().print(f"{len(done.left_out)} things left out")
    if done.interrupted:
        raise typer.Exit(INTERRUPTED)
    if done.stopped:
        raise typer.Exit(STOPPED)
    raise typer.Exit(0 if done.complete else 1)
