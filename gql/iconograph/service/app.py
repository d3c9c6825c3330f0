"""The web service as an ASGI application."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from iconograph.gql.context import Knowledge
from iconograph.gql.reads import StoreReads
from iconograph.gql.schema import build_schema
from iconograph.gql.search_tools import find_search_tools
from iconograph.graph.store import open as stores
from iconograph.service import health
from iconograph.service.endpoint import GraphQLEndpoint
from iconograph.service.refusals import on_http_exception, on_internal_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from iconograph.gql.search_tools import SearchTools
    from iconograph.graph.store.port import GraphStore
    from iconograph.service.settings import Settings


class OpenStore(Protocol):
    """How a store is opened: `iconograph.graph.store.open.open_store`, or another in its place."""

    def __call__(self, url: str, /, *, user: str, password: str, read_only: bool) -> GraphStore:
        """Open the store."""
        ...


def build_app(
    settings: Settings,
    *,
    open_store: OpenStore = stores.open_store,
    tools: SearchTools | None = None,
) -> Starlette:
    """The service: POST /graphql, GET /health, GET /ready and, where configured, GET /guide/.

    The store is opened when the application starts, read-only, and closed when it stops. `tools`
    are those found on this machine unless given.
    """
    graphql = GraphQLEndpoint(
        build_schema(settings.limits),
        timeout_s=settings.timeout_s,
        max_body_bytes=settings.max_body_bytes,
        development=settings.development,
    )
    routes: list[BaseRoute] = [
        Route("/graphql", graphql, methods=["GET", "POST"] if settings.development else ["POST"]),
        Route("/health", health.health),
        Route("/ready", health.ready),
    ]
    if settings.guide_dir:
        routes.append(_guides(settings.guide_dir))
    handlers = {HTTPException: on_http_exception, Exception: on_internal_error}
    return Starlette(
        routes=routes,
        lifespan=_lifespan(settings, open_store, tools),
        exception_handlers=handlers,
    )


def opened_store(settings: Settings, open_store: OpenStore = stores.open_store) -> GraphStore:
    """The store of the settings, opened for reading."""
    return open_store(
        settings.store_url,
        user=settings.neo4j_user,
        password=settings.neo4j_password,
        read_only=True,
    )


def _lifespan(
    settings: Settings, open_store: OpenStore, tools: SearchTools | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """What Starlette does before the first request and after the last one."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with opened_store(settings, open_store) as store:
            reads = StoreReads(store, threads=settings.threads)
            app.state.knowledge = Knowledge(
                reads=reads,
                tools=tools or find_search_tools(settings.cache_dir),
                limits=settings.limits,
            )
            try:
                yield
            finally:
                reads.close()

    return lifespan


def _guides(folder: Path) -> Mount:
    """Files for Neo4j Browser, which fetches them from another origin."""
    files = CORSMiddleware(
        StaticFiles(directory=folder), allow_origins=["*"], allow_methods=["GET"]
    )
    return Mount("/guide", app=files)
