"""What a client is told of an error."""

from __future__ import annotations

import logging

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source

from iconograph.gql.errors import public_errors
from iconograph.graph.errors import NotFoundError, QueryError


def raised(cause: Exception) -> GraphQLError:
    return GraphQLError(str(cause), original_error=cause, path=["works", 0])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (raised(NotFoundError("no such work")), "NOT_FOUND"),
        (raised(QueryError("no such words")), "BAD_QUERY"),
        (GraphQLError("no such field"), "GRAPHQL_VALIDATION_FAILED"),
        (raised(GraphQLError("no such value")), "GRAPHQL_VALIDATION_FAILED"),
        (GraphQLSyntaxError(Source("{"), 1, "no end"), "GRAPHQL_PARSE_FAILED"),
        (GraphQLError("too long", extensions={"code": "LIMIT_EXCEEDED"}), "LIMIT_EXCEEDED"),
    ],
    ids=["ours", "about the query", "validation", "a variable", "syntax", "limit"],
)
def test_what_a_client_can_mend_is_told(
    error: GraphQLError, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    (told,) = public_errors([error])

    assert told.message == error.message
    assert told.path == error.path
    assert told.extensions == {"code": code}
    assert caplog.records == []


def test_a_failure_in_many_fields_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    failure, other = RuntimeError("inner workings"), ValueError("inner workings")

    with caplog.at_level(logging.ERROR):
        told = public_errors([raised(failure), raised(failure), raised(other)])

    first, second, third = ((error.extensions or {})["id"] for error in told)
    assert first == second != third
    assert len(caplog.records) == 2
    assert all("inner workings" not in str(error.formatted) for error in told)
