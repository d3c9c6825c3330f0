"""The command line's front door: the commands, and how errors leave it.

Exit codes: 0 all done, 1 done but something was left out or differs, 2 wrong usage, 3 an error
stopped the command, 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Annotated

import typer

from iconograph.cli import (
    demo,
    evaluate,
    export,
    iconclass,
    ingest,
    models,
    relate,
    search,
    serve,
    show,
    store,
)
from iconograph.cli.output import people_console
from iconograph.graph.errors import IconographError

STOPPED_BY_ERROR = 3
INTERRUPTED = 130
FILE_CURE = "check the path, its permissions and the free space, then run it again"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with the flag's value
    if wanted:
        typer.echo(f"iconograph {metadata.version('iconograph')}")
        raise typer.Exit


@app.callback()
def iconograph(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Find the things in pictures, how they relate, and answer "A relation B" with its why.

    Start with: [bold]iconograph demo[/bold]
    """
    del version


app.command()(demo.demo)
app.command()(ingest.ingest)
app.command()(relate.relate)
app.command()(search.search)
app.command()(show.show)
app.command()(serve.serve)
app.command()(export.export)
app.add_typer(store.app, name="store")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(models.app, name="models")
app.add_typer(iconclass.app, name="iconclass")


def main() -> None:
    """Run the command line; an error of ours becomes one line on standard error."""
    try:
        app()
    except IconographError as error:
        people_console().print(f"[bold red]error[/] {error.code}: ", end="")
        people_console().print(str(error), markup=False)
        sys.exit(STOPPED_BY_ERROR)
    except KeyboardInterrupt:
        people_console().print("stopped; what was finished is stored, run it again to go on")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if not error.filename:
            raise
        people_console().print("[bold red]error[/] FILE: ", end="")
        people_console().print(f"{error.filename}: {error.strerror}; {FILE_CURE}", markup=False)
        sys.exit(STOPPED_BY_ERROR)
