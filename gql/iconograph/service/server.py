"""Running the service."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from iconograph.gql.search_tools import find_search_tools
from iconograph.graph.errors import InputError
from iconograph.service.app import build_app, opened_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from iconograph.service.settings import Settings

LOG = logging.getLogger(__name__)

SHUTDOWN_WITHIN_S = 10


def serve(settings: Settings, *, started: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted, then finish running requests and close the store.

    `started` is called with the service's address once it is bound. What searches lack on this
    machine is logged. Raises `InputError` when the address cannot be bound, and what `open_store`
    and `find_search_tools` raise: all of that is done here, so that the caller gets one clear error
    and not the log of a failed start.
    """
    tools = find_search_tools(settings.cache_dir)
    for lack in tools.lacks:
        LOG.warning("%s", lack)
    with opened_store(settings) as store, listening(settings.host, settings.port) as listener:
        app = build_app(settings, open_store=lambda *_, **__: store, tools=tools)
        server = uvicorn.Server(server_config(app))
        if started:
            started(address_of(listener))
        # uvicorn repeats the interrupt after its clean shutdown; the caller asked for just that.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def server_config(app: object) -> uvicorn.Config:
    """How uvicorn runs an application: no access log, since addresses may hold queries."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to an address; raises `InputError` when it is in use or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: "another program listens there; stop it or set ICONOGRAPH_PORT",
            errno.EACCES: "only an administrator may; set ICONOGRAPH_PORT to 1024 or more",
            errno.EADDRNOTAVAIL: "this machine has no such address; set ICONOGRAPH_HOST",
        }
        reason = reasons.get(error.errno or 0, str(error))
        message = f"cannot listen at {host} port {port}: {reason}"
        raise InputError(message) from error


def address_of(listener: socket.socket) -> str:
    """The HTTP address of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
