"""How large a query is taken to be."""

from __future__ import annotations

import pytest
from graphql import GraphQLError, parse

from iconograph.gql.limits import Budget, Limits, Size, operation_sizes, require_short
from iconograph.graph.errors import LimitExceededError


@pytest.mark.parametrize(
    ("document", "size"),
    [
        ("{ a }", Size(1, 0)),
        ("{ a { b c { d } } e }", Size(3, 0)),
        ("{ x: a { y: b } }", Size(2, 2)),
        ("{ ... on Q { a { b } } }", Size(2, 0)),
        ("{ ...F } fragment F on Q { x: a { b } }", Size(2, 1)),
        ("{ ...F ...F } fragment F on Q { x: a }", Size(1, 2)),
        ("{ a { ...F } } fragment F on Q { b { ...G } } fragment G on Q { c }", Size(3, 0)),
        ("{ __schema { types { fields { name } } } a }", Size(1, 0)),
        ("{ ...Missing a }", Size(1, 0)),
        ("{ ...F } fragment F on Q { a { ...F } }", Size(1, 0)),
    ],
    ids=[
        "leaf",
        "deepest",
        "aliases",
        "inline",
        "fragment",
        "used twice",
        "nested",
        "introspection",
        "missing",
        "cycle",
    ],
)
def test_the_size_of_an_operation(document: str, size: Size) -> None:
    assert operation_sizes(parse(document)) == [size]


def test_each_operation_has_its_size() -> None:
    document = parse("query A { a } query B { a { b } }")

    assert operation_sizes(document) == [Size(1, 0), Size(2, 0)]


@pytest.mark.parametrize("document", ["{ a }", "", "{ 'no GraphQL", '{ a(b: "((((((((((") }'])
def test_a_short_document_passes(document: str) -> None:
    require_short(document, most_tokens=8)


@pytest.mark.parametrize("document", ["{ a a a a a a a }", "{a(b:[[[[[[[[["], ids=["long", "cut"])
def test_a_long_document_is_refused(document: str) -> None:
    with pytest.raises(GraphQLError, match="more than the 8 tokens") as refused:
        require_short(document, most_tokens=8)

    assert refused.value.extensions == {"code": "LIMIT_EXCEEDED"}


def test_a_deeply_nested_document_is_refused() -> None:
    with pytest.raises(GraphQLError, match="nests brackets"):
        require_short("[" * 61, most_tokens=1000)


@pytest.mark.parametrize("first", [0, -5, 11])
def test_a_page_size_out_of_range_is_refused(first: int) -> None:
    with pytest.raises(LimitExceededError, match=f"1 to 10, got {first}"):
        Limits(page_size=10).require_page_size(first)


def test_a_budget_is_spent_once() -> None:
    budget = Budget(objects=3)
    budget.spend(2)
    budget.spend(1)

    with pytest.raises(LimitExceededError, match="too many objects"):
        budget.spend(1)
