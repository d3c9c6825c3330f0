"""`iconograph serve`: the graph as a web service."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from iconograph.cli.options import DEFAULT_STORE, StoreUrl
from iconograph.cli.output import people_console


def serve(
    *,
    store: StoreUrl = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 takes a free one.")] = 8000,
    development: Annotated[
        bool, typer.Option("--development", help="Show GraphiQL at /graphql in a web browser.")
    ] = False,
) -> None:
    """Serve the graph as GraphQL, until interrupted. It listens on this machine only by default.

    Example: iconograph serve --store sqlite:///iconograph.db --development
    """
    from iconograph.service.server import serve as run
    from iconograph.service.settings import Settings

    settings = Settings.from_environment(
        {
            **os.environ,
            "ICONOGRAPH_STORE": store,
            "ICONOGRAPH_HOST": host,
            "ICONOGRAPH_PORT": str(port),
            **({"ICONOGRAPH_DEVELOPMENT": "1"} if development else {}),
        }
    )

    def say(address: str) -> None:
        people_console().print(f"GraphQL at {address}/graphql, health at {address}/health")

    run(settings, started=say)
