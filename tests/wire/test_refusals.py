"""What the service refuses, how it says so, and what it keeps to itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from iconograph.gql.limits import Limits
from tests.wire.conftest import Client, filled_store, served
from tests.wire.stores import SECRET, SlowStore

if TYPE_CHECKING:
    import httpx


def code_of(answer: httpx.Response) -> str:
    (error,) = answer.json()["errors"]
    assert error["message"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "query",
    [
        "{ regions { nodes " + "{ parent " * 10 + "{ id }" + " }" * 12,
        "{ regions { nodes { ...A } } } fragment A on Region { parent { ...B } } "
        "fragment B on Region { " + "parent { " * 9 + "id" + " }" * 10,
        "{ " + " ".join(f"s{i}: store {{ engine }}" for i in range(16)) + " }",
        "{ store { " + "engine " * 1500 + "} }",
        "{ a" * 700 + " }" * 700,
        "{ works(first: 101) { nodes { id } } }",
        "{ works(first: -1) { nodes { id } } }",
    ],
    ids=["depth", "depth by fragments", "aliases", "tokens", "nesting", "page size", "negative"],
)
def test_a_query_beyond_a_limit_is_refused(client: Client, query: str) -> None:
    assert client.error(query)["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_fragments_that_double_each_other_are_measured_at_once(client: Client) -> None:
    doubling = "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} " for i in range(60))
    query = f"{{ ...F0 }} {doubling} fragment F60 on Query {{ a: store {{ engine }} }}"

    assert client.error(query)["extensions"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("fields", ["edges { id }", "image { id }", "run { id }"])
def test_an_answer_of_too_many_objects_is_refused(fields: str) -> None:
    with served(filled_store(), limits=Limits(objects=20)) as client:
        query = f"{{ regions(first: 10) {{ nodes {{ label {fields} }} }} }}"
        codes = {error["extensions"]["code"] for error in client.post(query)["errors"]}

        assert codes == {"LIMIT_EXCEEDED"}
        assert client.data(query.replace(fields, ""))


def test_a_large_body_is_refused() -> None:
    with served(filled_store(), max_body_bytes=1000) as client:
        answer = client.http.post("/graphql", json={"query": "{ store { engine } }" + " " * 1000})

        assert answer.status_code == 413
        assert code_of(answer) == "BODY_TOO_LARGE"
        assert client.data("{ store { engine } }")


def test_a_large_body_without_a_stated_length_is_refused() -> None:
    with served(filled_store(), max_body_bytes=1000) as client:
        chunks = (b" " * 300 for _ in range(4))
        answer = client.http.post(
            "/graphql", content=chunks, headers={"content-type": "application/json"}
        )

        assert answer.status_code == 413


def test_a_slow_answer_is_given_up() -> None:
    SlowStore.released.clear()
    with served(SlowStore.in_memory(), timeout_s=0.2) as client:
        try:
            error = client.error("{ works { nodes { id } } }")
            others = client.data("{ store { engine } }")
        finally:
            SlowStore.released.set()

    assert error["extensions"]["code"] == "TIMEOUT"
    assert others["store"]["engine"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"5", "application/json"),
        (b"[]", "application/json"),
        (b'[{"query": "{ store { engine } }"}]', "application/json"),
        (b"[" * 50_000, "application/json"),
        (b"{}", "application/json"),
        (b'{"query": 5}', "application/json"),
        (b'{"query": "{ store { engine } }", "variables": []}', "application/json"),
        (b'{"query": "{ store { engine } }"}', "text/plain"),
        (b'{"query": "mutation { a }"}', "application/json"),
        (b'{"query": "query A { store { engine } }", "operationName": "B"}', "application/json"),
    ],
    ids=[
        "empty",
        "cut off",
        "not text",
        "a number",
        "a list",
        "a batch",
        "deep",
        "no query",
        "query of a wrong type",
        "variables of a wrong type",
        "not called JSON",
        "no such operation type",
        "no such operation",
    ],
)
def test_a_malformed_request_is_refused(client: Client, body: bytes, content_type: str) -> None:
    answer = client.http.post("/graphql", content=body, headers={"content-type": content_type})

    assert code_of(answer) in {"BAD_REQUEST", "GRAPHQL_VALIDATION_FAILED"}
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ store { engine ", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ work { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    ],
    ids=["syntax", "unknown field", "missing argument", "endless fragment"],
)
def test_what_is_wrong_with_a_query_is_said(client: Client, query: str, code: str) -> None:
    error = client.error(query)

    assert error["extensions"]["code"] == code
    assert error["locations"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_query_is_posted_only(client: Client, method: str) -> None:
    answer = client.http.request(method, "/graphql", params={"query": "{ store { engine } }"})

    assert answer.status_code == 405
    assert code_of(answer) == "METHOD_NOT_ALLOWED"
    assert answer.headers["allow"] == "POST"


def test_an_upload_is_refused(client: Client) -> None:
    answer = client.http.post("/graphql", files={"0": b"x"}, data={"operations": "{}"})

    assert answer.status_code == 400
    assert code_of(answer) == "BAD_REQUEST"


def test_an_unknown_path_is_refused(client: Client) -> None:
    answer = client.http.get("/nothing")

    assert answer.status_code == 404
    assert code_of(answer) == "NOT_FOUND"


def test_an_internal_error_is_masked_and_logged(
    broken: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        error = broken.error('query { regions(imageId: "asked-in-confidence") { nodes { id } } }')

    assert error["extensions"]["code"] == "INTERNAL"
    assert SECRET not in str(error)
    assert error["path"] == ["regions"]
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert error["extensions"]["id"] in record.getMessage()
    assert record.exc_info
    assert SECRET in str(record.exc_info[1])
    assert "asked-in-confidence" not in caplog.text


def test_our_own_errors_pass_with_their_code(broken: Client) -> None:
    error = broken.error("{ works { nodes { id } } }")

    assert error["extensions"]["code"] == "STORE_UNAVAILABLE"
    assert error["message"] == "the store at its address cannot be reached; start it"


def test_searched_words_are_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.data('{ search(text: "Eve asked-in-confidence") { hits { score } } }')
        client.error('{ search(text: "asked-in-confidence", first: 0) { hits { score } } }')
        client.http.get("/graphql", params={"query": "asked-in-confidence"})

    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert "asked-in-confidence" not in "\n".join(ours)
