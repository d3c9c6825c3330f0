"""Relay connections whose cursors hold the id of the last item seen.

A page starts after an id, not after a number of items: nothing is repeated or left out when items
are added while a client pages.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, Self, TypeVar

import strawberry
from strawberry import argument, field
from strawberry.relay import PageInfo

from iconograph.graph.errors import QueryError

T = TypeVar("T")

DEFAULT_PAGE = 20
First = Annotated[int, argument(description="How many items to give at the most.")]
After = Annotated[str | None, argument(description="Go on behind the item with this cursor.")]

CURSOR_PREFIX = "after:"


@strawberry.type(name="Edge", description="An item in its place in a list.")
class Place(Generic[T]):
    cursor: str = field(description="Give it as `after` to go on behind this item.")
    node: T = field(description="The item.")


@strawberry.type(description="A page of a list, ordered by id.")
class Connection(Generic[T]):
    edges: list[Place[T]] = field(description="The items of the page in their places.")
    nodes: list[T] = field(description="The items of the page, for those who need no cursors.")
    page_info: PageInfo = field(description="Whether and from where the list goes on.")

    @classmethod
    def of(cls, nodes: Sequence[T], ids: Sequence[str], *, first: int, after: str | None) -> Self:
        """The page of the first items of `nodes`; one more than `first` means that it goes on."""
        places = [
            Place(cursor=cursor_of(id_), node=node)
            for id_, node in zip(ids[:first], nodes, strict=False)
        ]
        return cls(
            edges=places,
            nodes=[place.node for place in places],
            page_info=PageInfo(
                has_next_page=len(nodes) > first,
                has_previous_page=after is not None,
                start_cursor=places[0].cursor if places else None,
                end_cursor=places[-1].cursor if places else None,
            ),
        )


def cursor_of(id_: str) -> str:
    """The cursor of the item with an id."""
    return base64.urlsafe_b64encode((CURSOR_PREFIX + id_).encode()).decode()


def id_of(cursor: str) -> str:
    """The id of the item with a cursor; raises `QueryError` for what is no cursor of ours."""
    try:
        text = base64.b64decode(cursor, altchars="-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(CURSOR_PREFIX):
        message = f"`after` must be a cursor from an earlier page, got {cursor[:80]!r}"
        raise QueryError(message)
    return text.removeprefix(CURSOR_PREFIX)
