"""What a client is told when something goes wrong: a message and a code, never our inner workings."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from graphql import GraphQLError, GraphQLSyntaxError

from iconograph.graph.errors import IconographError

if TYPE_CHECKING:
    from collections.abc import Sequence

LOG = logging.getLogger(__name__)

SYNTAX = "GRAPHQL_PARSE_FAILED"
VALIDATION = "GRAPHQL_VALIDATION_FAILED"
INTERNAL = "INTERNAL"
TIMEOUT = "TIMEOUT"


def public_errors(errors: Sequence[GraphQLError]) -> list[GraphQLError]:
    """The errors of one answer as a client may see them, each with `extensions.code`.

    Our own errors keep their message and code, and so do GraphQL's about the request. Anything else
    is logged under an id, once even where it broke many fields, and the client gets that id.
    """
    reports: dict[int, GraphQLError] = {}
    return [_public_error(error, reports) for error in errors]


def internal_error(cause: BaseException, *, at: str) -> GraphQLError:
    """Log what happened under a new id, and make an error that tells only this id."""
    number = uuid.uuid4().hex[:12]
    LOG.error("internal error %s at %s", number, at or "the request", exc_info=cause)
    message = f"internal error {number}; the service's log says more under this id"
    return GraphQLError(message, extensions={"code": INTERNAL, "id": number})


def timeout_error(limit_s: float) -> GraphQLError:
    """What a request gets that took longer than `limit_s` seconds."""
    message = f"the request took longer than {limit_s:g} s and was given up; ask for less"
    return GraphQLError(message, extensions={"code": TIMEOUT})


def _public_error(error: GraphQLError, reports: dict[int, GraphQLError]) -> GraphQLError:
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, IconographError):
        return _told(error, error.message, code=cause.code)
    if cause is None:
        code = SYNTAX if isinstance(error, GraphQLSyntaxError) else VALIDATION
        return _told(error, error.message, **{"code": code, **(error.extensions or {})})
    if id(cause) not in reports:
        reports[id(cause)] = internal_error(cause, at=".".join(map(str, error.path or ())))
    report = reports[id(cause)]
    return _told(error, report.message, **(report.extensions or {}))


def _told(error: GraphQLError, message: str, **extensions: object) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
