"""`iconograph models`: which model files there are, where they are, and how to get them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json
from iconograph.graph.errors import IconographError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.sources.port import PullProgress, Report

app = typer.Typer(no_args_is_help=True, help="Model files: list, fetch, verify, add your own.")

PROBLEMS = 1

Name = Annotated[str, typer.Argument(help="A model's name, as `models list` shows it.")]
Names = Annotated[list[str], typer.Argument(help="Models' names, as `models list` shows them.")]
Profile = Annotated[
    str, typer.Option("--profile", help="All models of a profile: mini, laptop or full.")
]


@app.command("list")
def list_models(*, json: Json = False) -> None:
    """Say which models there are, what they are for, and whether they are here.

    Example: iconograph models list
    """
    from iconograph.ingest.models.registry import load_registry, state_of

    cache = cache_folder()
    found = {
        record.name: (record, state_of(record, cache)) for record in load_registry(cache).values()
    }
    if json:
        print_json(
            {
                name: {**asdict(record), "state": state.value, "size_bytes": record.size_bytes}
                for name, (record, state) in found.items()
            }
        )
        return
    for name, (record, state) in found.items():
        answer_console().print(
            f"{name:<20} {state.value:<8} {_size(record):>9}  {record.licence:<12} "
            f"{','.join(record.profiles) or '-':<7} {record.task}",
            markup=False,
        )


@app.command()
def pull(
    names: Annotated[list[str] | None, typer.Argument(help="Models' names.")] = None,
    *,
    profile: Profile = "",
    json: Json = False,
) -> None:
    """Fetch models into the cache, check their hashes, and say under what licence they are.

    Example: iconograph models pull --profile laptop
    """
    from iconograph.ingest.models.pull import pull_all

    cache = cache_folder()
    records = _chosen(names or [], profile, cache)
    console = people_console()
    for record in records:
        console.print(f"{record.name}: {_size(record)}, licence {record.licence}", markup=False)
        if record.licence_note:
            console.print(f"  note: {record.licence_note}", style="yellow", markup=False)
    with _shown(console) as report:
        done = pull_all(records, cache, report)
    if len(records) == 1:
        for error in done.errors.values():
            raise error
    for name, error in done.errors.items():
        console.print(f"{name}: {error.code}: {error}", style="red", markup=False)
    if json:
        print_json(
            {
                "files": {name: _texts(paths) for name, paths in done.files.items()},
                "errors": {name: str(error) for name, error in done.errors.items()},
            }
        )
    if done.errors:
        raise typer.Exit(PROBLEMS)


@app.command()
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models' names; all here if none.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Check models' files against their pinned hashes; an error says what to do about it.

    Example: iconograph models verify
    """
    from iconograph.ingest.models.registry import (
        ModelState,
        load_registry,
        located,
        record_named,
        state_of,
    )

    cache = cache_folder()
    records = [record_named(name, cache) for name in names or []] or [
        record
        for record in load_registry(cache).values()
        if state_of(record, cache) is not ModelState.MISSING
    ]
    problems: dict[str, IconographError] = {}
    for record in records:
        try:
            located(record, cache)
        except IconographError as error:
            problems[record.name] = error
    if json:
        print_json({r.name: str(problems.get(r.name, "")) or "whole" for r in records})
    else:
        _tell(records, problems)
    if problems:
        raise typer.Exit(PROBLEMS)


@app.command()
def path(name: Name, *, json: Json = False) -> None:
    """Say where a model's files should be, one a line.

    Example: iconograph models path minilm-tokenizer
    """
    from iconograph.ingest.models.registry import expected_paths, record_named

    cache = cache_folder()
    paths = _texts(expected_paths(record_named(name, cache), cache))
    if json:
        print_json(paths)
        return
    for where in paths.values():
        answer_console().print(where, markup=False)


@app.command("add")
def add_model(  # noqa: PLR0913
    name: Annotated[str, typer.Argument(help="What to call it: a-z, 0-9, . _ -")],
    *,
    folder: Annotated[Path, typer.Option("--from", help="The folder that its files lie in.")],
    task: Annotated[str, typer.Option(help="What it is for, in a few words.")],
    licence: Annotated[str, typer.Option(help="Its licence, as an SPDX name where it has one.")],
    licence_note: Annotated[str, typer.Option(help="What else to know of its licence.")] = "",
    revision: Annotated[str, typer.Option(help="Which version of it this is.")] = "",
    space: Annotated[str, typer.Option(help="An encoder's vector space.")] = "",
    dim: Annotated[int, typer.Option(help="How many numbers an encoder's vectors have.")] = 0,
    profile: Annotated[
        str, typer.Option(help="The profile that it belongs to: full takes one for each task.")
    ] = "",
    json: Json = False,
) -> None:
    """Copy a model of your own into the cache, with a record of its files' hashes.

    The profile full is made of models added so, by the first word of their tasks: detect, segment,
    encode, and perhaps caption, "key points of figures", "gazes of heads".

    Example: iconograph models add clip-b32 --from clip/ --task "encode pictures" --licence MIT
    """
    from iconograph.ingest.models.adding import add, described, model_files

    record = described(
        folder,
        name=name,
        task=task,
        licence=licence,
        licence_note=licence_note,
        revision=revision,
        space=space,
        dim=dim,
        profiles=(profile,) if profile else (),
    )
    console = people_console()
    left_out = sorted(
        {entry.name for entry in folder.iterdir()} - {p.name for p in model_files(folder)}
    )
    if left_out:
        console.print(f"left out, not read as data: {', '.join(left_out)}", markup=False)
    with _shown(console) as report:
        where = add(record, cache_folder(), report)
    if json:
        print_json({**asdict(record), "folder": str(where)})
    else:
        answer_console().print(f"{name} is at {where}, {len(record.files)} files", markup=False)


def _chosen(names: list[str], profile: str, cache: Path) -> list[ModelRecord]:
    """The records named, or those of a profile; raises `InputError` when there are none."""
    from iconograph.ingest.models.registry import load_registry, record_named

    if bool(names) is bool(profile):
        message = "name the models to pull, or a profile with --profile laptop; see: models list"
        raise InputError(message)
    if names:
        return [record_named(name, cache) for name in names]
    chosen = [r for r in load_registry(cache).values() if profile in r.profiles]
    if not chosen:
        message = f"no model belongs to a profile {profile!r}; expected mini or laptop; a model of "
        message += "the profile full is your own: iconograph models add"
        raise InputError(message)
    return chosen


def _tell(records: list[ModelRecord], problems: dict[str, IconographError]) -> None:
    for record in records:
        problem = problems.get(record.name)
        console = answer_console() if problem is None else people_console()
        console.print(
            f"{record.name} is whole" if problem is None else f"{record.name}: {problem}",
            markup=False,
        )


def _size(record: ModelRecord) -> str:
    return f"{record.size_bytes / 1e6:.1f} MB"


def _texts(paths: Any) -> dict[str, str]:  # noqa: ANN401
    return {name: str(path) for name, path in paths.items()}


@contextmanager
def _shown(console: Console) -> Iterator[Report]:
    """Shows how far pulls are: bars on a terminal, elsewhere a line for each step."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TransferSpeedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, Any] = {}
        told: set[tuple[str, str]] = set()

        def show(progress: PullProgress) -> None:
            step = (progress.model, progress.stage.value)
            if not console.is_terminal and step not in told:
                console.print(": ".join(step), markup=False)
            told.add(step)
            if progress.model not in tasks:
                tasks[progress.model] = bars.add_task(progress.model, total=None)
            bars.update(tasks[progress.model], description=": ".join(step))
            if progress.total_bytes:
                task, total = tasks[progress.model], progress.total_bytes
                bars.update(task, completed=progress.done_bytes, total=total)

        yield show
