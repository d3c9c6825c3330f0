"""What the service is told by its environment, read once and passed down.

==============================  ============================================  ================
Variable                        Meaning                                       Default
==============================  ============================================  ================
ICONOGRAPH_STORE                URL of the store                              (required)
ICONOGRAPH_HOST                 address to listen at                          127.0.0.1
ICONOGRAPH_PORT                 port to listen at; 0 takes a free one         8000
ICONOGRAPH_DEVELOPMENT          1 shows GraphiQL at GET /graphql              0
ICONOGRAPH_CACHE                folder of models and indexes                  the user's cache
ICONOGRAPH_GUIDE_DIR            folder of Neo4j Browser guides, at /guide/    (none)
ICONOGRAPH_THREADS              questions that the store answers at once      4
ICONOGRAPH_TIMEOUT_S            seconds that a request may take               30
ICONOGRAPH_MAX_BODY_BYTES       size of a request's body                      100000
ICONOGRAPH_MAX_DEPTH            fields on the way to the deepest leaf         12
ICONOGRAPH_MAX_ALIASES          aliases in a query                            15
ICONOGRAPH_MAX_TOKENS           words and marks in a query                    1500
ICONOGRAPH_MAX_PAGE_SIZE        items of a page, hits of a search             100
ICONOGRAPH_MAX_TEXT_CHARACTERS  length of a search text                       500
ICONOGRAPH_MAX_OBJECTS          works, images, regions, edges of an answer    20000
NEO4J_USER, NEO4J_PASSWORD      credentials of a Neo4j store                  neo4j, (none)
==============================  ============================================  ================

GraphiQL loads its scripts from a content delivery network, so it works in development with a
connection only. The service has no access control: let it listen beyond this machine only behind a
server that has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Self

from platformdirs import user_cache_path

from iconograph.gql.limits import Limits
from iconograph.graph.errors import InputError

LARGEST_PORT = 65_535
SWITCH = {"0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the service is told; the module's docstring explains each of them."""

    store_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    development: bool = False
    cache_dir: Path = field(default_factory=lambda: user_cache_path("iconograph"))
    guide_dir: Path | None = None
    threads: int = 4
    timeout_s: float = 30.0
    max_body_bytes: int = 100_000
    limits: Limits = field(default_factory=Limits)
    neo4j_user: str = "neo4j"
    neo4j_password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.store_url:
            message = "the service needs a store; set ICONOGRAPH_STORE to its URL"
            raise InputError(message)
        if not 0 <= self.port <= LARGEST_PORT:
            message = f"ICONOGRAPH_PORT must be 0 to {LARGEST_PORT}, got {self.port}"
            raise InputError(message)
        if self.guide_dir is not None and not self.guide_dir.is_dir():
            message = f"ICONOGRAPH_GUIDE_DIR must be a folder, got {str(self.guide_dir)!r}"
            raise InputError(message)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables; raises `InputError` naming the one that cannot be used.

        An empty variable counts as not set.
        """
        read = Variables({name: text for name, text in environment.items() if text.strip()})
        usual = cls(store_url=read.text("ICONOGRAPH_STORE", ""))
        guide_dir = read.text("ICONOGRAPH_GUIDE_DIR", "")
        return replace(
            usual,
            host=read.text("ICONOGRAPH_HOST", usual.host),
            port=read.whole("ICONOGRAPH_PORT", usual.port, least=0),
            development=read.switch("ICONOGRAPH_DEVELOPMENT", default=usual.development),
            cache_dir=Path(read.text("ICONOGRAPH_CACHE", str(usual.cache_dir))),
            guide_dir=Path(guide_dir) if guide_dir else None,
            threads=read.whole("ICONOGRAPH_THREADS", usual.threads),
            timeout_s=read.seconds("ICONOGRAPH_TIMEOUT_S", usual.timeout_s),
            max_body_bytes=read.whole("ICONOGRAPH_MAX_BODY_BYTES", usual.max_body_bytes),
            limits=Limits(
                **{
                    limit.name: read.whole(
                        f"ICONOGRAPH_MAX_{limit.name.upper()}", getattr(usual.limits, limit.name)
                    )
                    for limit in fields(Limits)
                }
            ),
            neo4j_user=read.text("NEO4J_USER", usual.neo4j_user),
            neo4j_password=read.text("NEO4J_PASSWORD", ""),
        )


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables that are set, read as what they should be."""

    texts: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """Any text."""
        return self.texts.get(name, default)

    def whole(self, name: str, default: int, *, least: int = 1) -> int:
        """A whole number of at least `least`."""
        text = self.texts.get(name, str(default))
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            message = f"{name} must be a whole number of at least {least}, got {text!r}"
            raise InputError(message)
        return number

    def seconds(self, name: str, default: float) -> float:
        """A number above 0."""
        text = self.texts.get(name, str(default))
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < math.inf:
            message = f"{name} must be a number of seconds above 0, got {text!r}"
            raise InputError(message)
        return number

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        text = self.texts.get(name)
        if text is None:
            return default
        if text.lower() not in SWITCH:
            message = f"{name} must be one of {', '.join(SWITCH)}, got {text!r}"
            raise InputError(message)
        return SWITCH[text.lower()]
