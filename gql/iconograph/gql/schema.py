"""The schema: types, configuration and limits put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from iconograph.gql.limits import Limits, limit_extensions
from iconograph.gql.query import Query

if TYPE_CHECKING:
    from graphql import GraphQLError
    from strawberry.types import ExecutionContext


class Schema(strawberry.Schema):
    """A schema that logs no errors by itself: `errors.public_errors` does, without the query."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,
    ) -> None:
        """Do nothing."""


def build_schema(limits: Limits | None = None) -> Schema:
    """The schema with its limits."""
    limits = limits or Limits()
    return Schema(
        query=Query,
        extensions=limit_extensions(limits),
    )
