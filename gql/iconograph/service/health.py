"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from iconograph.gql.errors import TIMEOUT, internal_error
from iconograph.graph.errors import IconographError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from iconograph.gql.context import Knowledge

READY_WITHIN_S = 5.0


async def health(request: Request) -> Response:
    """Say that the process is alive."""
    del request
    return JSONResponse({"alive": True})


async def ready(request: Request) -> Response:
    """Say whether the store answers, and with 503 why it does not."""
    knowledge: Knowledge = request.app.state.knowledge
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            await knowledge.reads.ask(lambda store: store.spaces())
    except IconographError as error:
        return _not_ready(error.code, str(error))
    except TimeoutError:
        return _not_ready(TIMEOUT, f"the store did not answer within {READY_WITHIN_S:g} s")
    except Exception as error:  # noqa: BLE001  whatever it is, the service is not ready
        report = internal_error(error, at="/ready")
        return _not_ready(str((report.extensions or {})["code"]), report.message)
    return JSONResponse({"ready": True})


def _not_ready(code: str, reason: str) -> Response:
    return JSONResponse({"ready": False, "code": code, "reason": reason}, status_code=503)
