"""GraphQL over HTTP: one POST, one JSON answer, also when it is an error."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from cross_web import HTTPException
from starlette.requests import Request
from strawberry.asgi import GraphQL
from strawberry.types import ExecutionResult

from iconograph.gql.context import Context
from iconograph.gql.errors import public_errors, timeout_error
from iconograph.service.refusals import refusal

if TYPE_CHECKING:
    from cross_web import AsyncHTTPRequestAdapter
    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope, Send
    from starlette.websockets import WebSocket
    from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
    from strawberry.schema import BaseSchema


class GraphQLEndpoint(GraphQL[Context, None]):
    """Answers within a time limit and shows no error as it stands inside."""

    def __init__(
        self,
        schema: BaseSchema,
        *,
        timeout_s: float,
        max_body_bytes: int,
        development: bool,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if development else None,
            allow_queries_via_get=False,
            multipart_uploads_enabled=False,
            subscription_protocols=(),
        )
        self._timeout_s = timeout_s
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            body = await self._body(Request(scope, receive))
            response: Response = await self.run(Request(scope, _replayed(body)))
        except HTTPException as error:
            response = refusal(error.status_code, error.reason)
        await response(scope, receive, send)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Make the context of a request."""
        del response
        return Context.of(request.app.state.knowledge)

    def parse_json(self, data: str | bytes) -> Any:  # noqa: ANN401  any JSON
        """Read a body, which must be a JSON object."""
        try:
            parsed = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, f"the body must be JSON, but: {error}") from error
        if not isinstance(parsed, dict):
            found = type(parsed).__name__
            raise HTTPException(400, f"the body must be one JSON object with `query`, got {found}")
        return parsed

    async def execute_single(  # noqa: PLR0913, PLR0917  the signature of Strawberry
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute one operation within the time limit."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await super().execute_single(
                    request, request_adapter, sub_response, context, root_value, request_data
                )
        except TimeoutError:
            return ExecutionResult(data=None, errors=[timeout_error(self._timeout_s)])

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """Turn a result into JSON, its errors into public ones."""
        if result.errors:
            result.errors = public_errors(result.errors)
        return await super().process_result(request, result)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body_bytes:
                message = f"the body has more than the {self._max_body_bytes} bytes allowed"
                raise HTTPException(413, message)
        return bytes(body)


def _replayed(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
