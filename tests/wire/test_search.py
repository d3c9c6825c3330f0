"""Searching over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.wire.conftest import NAMES, Client

SEARCH = """
query Search($text: String, $pattern: PatternInput, $first: Int! = 20, $filter: WorkFilterInput,
             $minConfidence: Float! = 0, $level: Level, $unrelated: Boolean! = false) {
  search(text: $text, pattern: $pattern, first: $first, filter: $filter,
         minConfidence: $minConfidence, level: $level, unrelated: $unrelated) {
    query
    pattern {
      nodes { role phrase levels excluding count optional }
      edges { subject kinds backward object negated mutual }
    }
    hits {
      score
      work { title }
      image { fileName widthPx }
      matches {
        role
        phrase
        probability
        region { label boxPx }
        scores { source probability raw because }
      }
      edges { kind words confidence layer method subject { label } object { label } }
      missing { subject kinds object negated mutual }
      because
    }
    exact
    notes
    timingMs { name number }
  }
}
"""
ANGEL_ABOVE_EVE = {
    "nodes": [{"role": "angel", "phrase": "angel"}, {"role": "eve", "phrase": "Eve"}],
    "edges": [{"subject": "angel", "kinds": ["ABOVE"], "object": "eve"}],
}
EVE_ABOVE_ANGEL = {
    **ANGEL_ABOVE_EVE,
    "edges": [{"subject": "eve", "kinds": ["ABOVE"], "object": "angel"}],
}


def labels(hit: dict[str, Any]) -> set[str]:
    return {match["region"]["label"] for match in hit["matches"]}


def test_words_find_works_and_say_why(client: Client) -> None:
    answer = client.data(SEARCH, text="Eve beside a goat")["search"]

    assert len(answer["hits"]) == len(NAMES)
    hit = answer["hits"][0]
    assert labels(hit) == {"Eve", "goat"}
    assert hit["edges"][0]["kind"] == "BESIDE"
    assert {hit["edges"][0][end]["label"] for end in ("subject", "object")} == {"Eve", "goat"}
    assert all(score["because"] for match in hit["matches"] for score in match["scores"])
    assert answer["query"] == "Eve beside a goat"
    assert answer["exact"] is True
    assert answer["notes"][-1] == "Iconclass is not searched"


def test_a_parse_can_be_sent_back_as_a_pattern(client: Client) -> None:
    by_words = client.data(SEARCH, text="Eve beside a goat")["search"]
    by_pattern = client.data(SEARCH, pattern=by_words["pattern"])["search"]

    assert by_pattern["pattern"] == by_words["pattern"]
    assert by_pattern["hits"] == by_words["hits"]


@pytest.mark.parametrize(
    ("forwards", "backwards"),
    [
        ({"pattern": ANGEL_ABOVE_EVE}, {"pattern": EVE_ABOVE_ANGEL}),
        ({"text": "angel above Eve"}, {"text": "Eve above an angel"}),
    ],
    ids=["pattern", "words"],
)
def test_swapping_the_ends_changes_the_answer(
    client: Client, forwards: dict[str, Any], backwards: dict[str, Any]
) -> None:
    assert len(client.data(SEARCH, **forwards)["search"]["hits"]) == len(NAMES)
    assert client.data(SEARCH, **backwards)["search"]["hits"] == []


def test_works_that_lack_the_relation_come_when_asked(client: Client) -> None:
    answer = client.data(SEARCH, text="Eve above an angel", unrelated=True)["search"]
    strict = client.data(SEARCH, text="angel above Eve", unrelated=True)["search"]
    said = "both are shown; no such relation was found: [Eve] above [angel]"

    assert len(answer["hits"]) == len(NAMES)
    for hit in answer["hits"]:
        assert labels(hit) == {"Eve", "angel"}
        assert hit["edges"] == []
        assert hit["because"] == said
        (missing,) = hit["missing"]
        assert (missing["kinds"], missing["mutual"]) == (["ABOVE"], False)
    assert all(hit["missing"] == [] and hit["because"] == "" for hit in strict["hits"])


@pytest.mark.parametrize(
    ("arguments", "hits"),
    [
        ({"first": 3}, 3),
        ({"filter": {"makers": ["baldung"]}}, len(NAMES)),
        ({"filter": {"makers": ["Dürer"]}}, 0),
        ({"filter": {"earliestYear": 1533}}, 0),
        ({"filter": {"earliestYear": 1532, "latestYear": 1532}}, len(NAMES)),
        ({"minConfidence": 0.95}, 0),
        ({"level": "GROUP"}, 0),
    ],
    ids=["first", "maker", "other maker", "later", "that year", "surer", "level"],
)
def test_arguments_narrow_the_answer(client: Client, arguments: dict[str, Any], hits: int) -> None:
    answer = client.data(SEARCH, text="Eve beside a goat", **arguments)

    assert len(answer["search"]["hits"]) == hits


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "BAD_QUERY"),
        ({"text": "Eve", "pattern": ANGEL_ABOVE_EVE}, "BAD_QUERY"),
        ({"text": " "}, "BAD_QUERY"),
        ({"text": "Eve", "first": 0}, "LIMIT_EXCEEDED"),
        ({"text": "Eve", "first": 101}, "LIMIT_EXCEEDED"),
        ({"text": "Eve " * 200}, "LIMIT_EXCEEDED"),
        ({"text": "Eve", "minConfidence": 2}, "INVALID_VALUE"),
        ({"pattern": {"nodes": []}}, "BAD_QUERY"),
        ({"pattern": {"nodes": [{"role": "a", "phrase": " "}]}}, "INVALID_VALUE"),
        ({"pattern": {"nodes": [{"role": "a"}]}}, "GRAPHQL_VALIDATION_FAILED"),
    ],
    ids=[
        "neither",
        "both",
        "blank",
        "no hits",
        "too many hits",
        "long text",
        "confidence",
        "no nodes",
        "no phrase",
        "not a pattern",
    ],
)
def test_what_cannot_be_searched_is_refused(
    client: Client, arguments: dict[str, Any], code: str
) -> None:
    assert client.error(SEARCH, **arguments)["extensions"]["code"] == code


def test_the_parse_alone(client: Client) -> None:
    parse = client.data('{ parse(text: "angel above Eve") { nodes { phrase } edges { kinds } } }')

    assert [node["phrase"] for node in parse["parse"]["nodes"]] == ["angel", "Eve"]
    assert parse["parse"]["edges"] == [{"kinds": ["ABOVE"]}]


def test_words_in_any_script_are_answered(client: Client) -> None:
    text = "Ève 🐐 and 山羊 «ß»"

    assert client.data(SEARCH, text=text)["search"]["query"] == text


def test_queries_side_by_side_get_their_own_answers(client: Client) -> None:
    texts = ["Eve beside a goat", "Eve above an angel"] * 4

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda text: client.data(SEARCH, text=text)["search"], texts))

    assert [answer["query"] for answer in answers] == texts
    assert [len(answer["hits"]) for answer in answers] == [len(NAMES), 0] * 4
