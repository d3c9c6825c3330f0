"""What people use in Neo4j Browser: example questions, the guide and the style."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j
import pytest

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.store.neo4j.statements import RECORDED
from tests.builders import eden_bundle
from tests.contract.bundles import full_bundle
from tests.unit.graph.store.neo4j.conftest import credentials, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[5] / "neo4j"
QUERIES = sorted((FOLDER / "queries").glob("*.cypher"))
GUIDE = FOLDER / "guide" / "iconography.neo4j-browser-guide"
STYLE = FOLDER / "iconography.grass"
LONGEST_LIST = 20


def blocks_of_guide() -> list[str]:
    return re.findall(r"\[source,cypher\]\n----\n(.*?)\n----", GUIDE.read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def driver(neo4j_url: str) -> Iterator[neo4j.Driver]:
    """A graph that has something of everything."""
    with opened(neo4j_url) as store:
        store.clear()
        store.write(full_bundle())
        store.write(eden_bundle("ark"))
    with neo4j.GraphDatabase.driver(neo4j_url, auth=credentials()) as driver:
        yield driver


def test_there_are_eight_questions_or_more() -> None:
    assert len(QUERIES) >= 8


@pytest.mark.neo4j
@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_each_question_is_explained_and_answered(driver: neo4j.Driver, query: Path) -> None:
    text = query.read_text()
    assert re.match(r"// [A-Z].*\?", text), "the first line asks the question in words"

    found = driver.execute_query(text.rstrip().rstrip(";"), title="Eden").records

    assert found


@pytest.mark.neo4j
@pytest.mark.parametrize("block", blocks_of_guide())
def test_each_block_of_the_guide_gives_rows(driver: neo4j.Driver, block: str) -> None:
    assert driver.execute_query(block).records


@pytest.mark.neo4j
def test_nodes_that_people_look_at_are_named_and_short(driver: neo4j.Driver) -> None:
    nodes = driver.execute_query(f"MATCH (n:{'|'.join(RECORDED)}) RETURN n").records

    assert {label for row in nodes for label in row["n"].labels} >= set(RECORDED)
    for row in nodes:
        assert row["n"]["name"].strip()
        assert row["n"]["caption"].strip()
        for name, value in row["n"].items():
            if not name.startswith("vector_") and isinstance(value, list):
                assert len(value) <= LONGEST_LIST


def test_the_style_names_labels_and_relations_that_exist() -> None:
    style = STYLE.read_text()

    labels = set(re.findall(r"node\.(\w+)", style))
    assert labels == {*RECORDED, "Record", "Entity", "Group", "Scene"}
    assert set(re.findall(r"relationship\.(\w+)", style)) == {kind.value for kind in EdgeKind}
    assert style.count("{") == style.count("}")
