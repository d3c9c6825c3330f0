"""Cursors and pages."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.gql.pages import Connection, cursor_of, id_of
from iconograph.graph.errors import QueryError


@given(st.text())
def test_a_cursor_leads_back_to_its_id(id_: str) -> None:
    assert id_of(cursor_of(id_)) == id_


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with contextlib.suppress(QueryError):
        id_of(text)


@pytest.mark.parametrize(
    ("found", "first", "after", "nodes", "more"),
    [
        ("", 2, None, "", False),
        ("ab", 2, None, "ab", False),
        ("abc", 2, None, "ab", True),
        ("bc", 2, cursor_of("a"), "bc", False),
    ],
    ids=["empty", "exact", "goes on", "last"],
)
def test_a_page(found: str, first: int, after: str | None, nodes: str, more: bool) -> None:  # noqa: FBT001  a table's value
    page = Connection.of(list(found), list(found), first=first, after=after)

    assert page.nodes == list(nodes)
    assert page.page_info.has_next_page is more
    assert page.page_info.has_previous_page is (after is not None)
    assert page.page_info.end_cursor == (cursor_of(nodes[-1]) if nodes else None)
