"""`iconograph models`: which model files there are, where they are, and how to get them."""

from __future__ import annotations

from typing import Annotated

import typer

from iconograph.cli.options import Json, cache_folder
from iconograph.cli.output import answer_console, people_console, print_json

app = typer.Typer(no_args_is_help=True, help="Model files: list, fetch, verify.")

Name = Annotated[str, typer.Argument(help="A model's name, as `models list` shows it.")]


@app.command("list")
def list_models(*, json: Json = False) -> None:
    """Say which models there are, what they are for, and whether they are here.

    Example: iconograph models list
    """
    from iconograph.ingest.models.registry import load_registry, state_of

    found = {
        record.name: (record, state_of(record, cache_folder()))
        for record in load_registry().values()
    }
    if json:
        print_json(
            {
                name: {
                    "task": record.task,
                    "state": state.value,
                    "licence": record.licence,
                    "size_bytes": record.size_bytes,
                    "sha256": record.sha256,
                }
                for name, (record, state) in found.items()
            }
        )
        return
    for name, (record, state) in found.items():
        size_mb = record.size_bytes / 1e6
        answer_console().print(
            f"{name:<20} {state.value:<8} {size_mb:>7.1f} MB  {record.licence:<12} {record.task}"
        )


@app.command()
def pull(name: Name) -> None:
    """Fetch a model's file into the cache, check its hash, and say under what licence it is.

    Example: iconograph models pull minilm-tokenizer
    """
    from iconograph.ingest.models.pull import pull as fetch
    from iconograph.ingest.models.registry import record_named

    record = record_named(name)
    console = people_console()
    console.print(f"{name}: {record.size_bytes / 1e6:.1f} MB, licence {record.licence}")
    fetch(record, cache_folder(), lambda line: console.print(line, markup=False))


@app.command()
def verify(name: Name) -> None:
    """Check a model's file against its pinned hash; an error says what to do about it.

    Example: iconograph models verify minilm
    """
    from iconograph.ingest.models.registry import located, record_named

    path = located(record_named(name), cache_folder())
    answer_console().print(f"{name} is whole: {path}", markup=False)


@app.command()
def path(name: Name) -> None:
    """Say where a model's file should be.

    Example: iconograph models path minilm-tokenizer
    """
    from iconograph.ingest.models.registry import expected_path, record_named

    answer_console().print(str(expected_path(record_named(name), cache_folder())), markup=False)
