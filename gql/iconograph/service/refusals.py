"""How the service says no: JSON in the form of GraphQL's errors, each with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from iconograph.gql.errors import internal_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

CODES = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE"}
BAD_REQUEST = "BAD_REQUEST"


def refusal(status: int, message: str, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error of the transport; its code follows from the HTTP status."""
    error = {"message": message, "extensions": {"code": CODES.get(status, BAD_REQUEST)}}
    return JSONResponse({"errors": [error]}, status_code=status, headers=headers)


def on_http_exception(request: Request, error: Exception) -> Response:
    """Answer what Starlette refuses, such as an unknown path or method."""
    if not isinstance(error, HTTPException):
        raise error
    message = f"{error.detail}: {request.method} {request.url.path}"
    return refusal(error.status_code, message, headers=error.headers)


def on_internal_error(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw, without telling its inner workings."""
    report = internal_error(error, at=request.url.path)
    body = {"message": report.message, "extensions": report.extensions}
    return JSONResponse({"errors": [body]}, status_code=500)
