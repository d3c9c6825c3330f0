"""Health, readiness, introspection, the query editor and the guides."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_client_schema, get_introspection_query

from tests.wire.conftest import Client, filled_store, served
from tests.wire.stores import SECRET


def test_the_schema_can_be_introspected(client: Client) -> None:
    built = build_client_schema(client.data(get_introspection_query()))  # type: ignore[arg-type]

    assert built.query_type
    assert "search" in built.query_type.fields


def test_introspection_that_runs_in_circles_is_refused(client: Client) -> None:
    deep = "{ __schema { types " + "{ fields { type " * 4 + "{ name }" + " } }" * 4 + " } }"

    assert client.error(deep)["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_alive_and_ready(client: Client) -> None:
    assert client.http.get("/health").json() == {"alive": True}
    assert client.http.get("/ready").json() == {"ready": True}


def test_a_broken_store_is_not_ready(broken: Client) -> None:
    answer = broken.http.get("/ready")

    assert answer.status_code == 503
    assert answer.json()["code"] == "INTERNAL"
    assert SECRET not in answer.text
    assert broken.http.get("/health").status_code == 200


def test_a_closed_store_is_not_ready() -> None:
    store = filled_store()
    with served(store) as client:
        store.close()
        answer = client.http.get("/ready")

        assert answer.status_code == 503
        assert answer.json()["ready"] is False
        assert answer.json()["code"] == "STORE_UNAVAILABLE"
        assert client.http.get("/health").status_code == 200


@pytest.mark.parametrize(("development", "status"), [(True, 200), (False, 405)])
def test_the_query_editor_is_for_development(development: bool, status: int) -> None:  # noqa: FBT001  a table's value
    with served(filled_store(), development=development) as client:
        answer = client.http.get("/graphql", headers={"accept": "text/html"})
        assert answer.status_code == status
        assert client.http.get("/graphql", params={"query": "{ a }"}).status_code in {400, 405}


def test_guides_may_be_fetched_from_another_origin(tmp_path: Path) -> None:
    (tmp_path / "painting.html").write_text("<article>a painting</article>")
    with served(filled_store(), guide_dir=tmp_path) as client:
        origin = {"origin": "http://localhost:7474"}
        answer = client.http.get("/guide/painting.html", headers=origin)

        assert answer.text == "<article>a painting</article>"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert client.http.get("/guide/../../etc/passwd").status_code == 404
