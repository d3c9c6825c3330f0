"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore

StoreUrl = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="ICONOGRAPH_STORE",
        help="Where the graph is: sqlite:///file.db, neo4j://host:7687 or bolt://host:7687. "
        "Neo4j's user and password come from NEO4J_USER and NEO4J_PASSWORD.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]

DEFAULT_STORE = "sqlite:///iconograph.db"


def opened(url: str, *, read_only: bool = False) -> GraphStore:
    """The store at a URL, with the credentials of the environment."""
    from iconograph.graph.store.open import open_store

    return open_store(
        url,
        user=os.environ.get("NEO4J_USER", "neo4j"),
        password=os.environ.get("NEO4J_PASSWORD", ""),
        read_only=read_only,
    )


def opened_existing(url: str) -> GraphStore:
    """The store at a URL for writing, refused as for reading where there is none."""
    opened(url, read_only=True).close()
    return opened(url)


def cache_folder() -> Path:
    """Where models and indexes are kept for this user."""
    from platformdirs import user_cache_path

    return Path(os.environ.get("ICONOGRAPH_CACHE") or user_cache_path("iconograph"))
