from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.cli.conftest import PICTURES

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STORE = "sqlite:///graph.db"
HIT_KEYS = {"work_id", "file", "title", "score", "matches", "relations"}
MATCH_KEYS = {"role", "phrase", "region_id", "source_id", "label", "box_px", "scores"}
RELATION_KEYS = {"kind", "subject", "object", "confidence", "layer", "method", "evidence"}


@pytest.mark.usefixtures("ingested")
def test_search_answers_in_the_documented_form(iconograph: Run) -> None:
    done = iconograph("search", "Eve next to a goat", "--store", STORE, "--json")
    answer = json.loads(done.stdout)
    hit = answer["results"][0]

    assert {"query", "pattern", "results", "timing_ms"} <= set(answer)
    assert set(hit) >= HIT_KEYS
    assert set(hit["matches"][0]) >= MATCH_KEYS
    assert set(hit["relations"][0]) >= RELATION_KEYS
    assert "eve" in hit["file"]
    assert hit["matches"][0]["source_id"]
    assert "BESIDE" in {relation["kind"] for relation in hit["relations"]}


def test_search_says_why_and_draws(iconograph: Run, ingested: Path) -> None:
    done = iconograph(
        "search", "Eve next to a goat", "--store", STORE, "--explain", "--pictures", "found"
    )
    (sheet,) = (ingested / "found").glob("01-*.png")

    assert "goat" in done.stdout
    with Image.open(sheet) as drawn:
        assert drawn.width > 400


@pytest.mark.usefixtures("ingested")
def test_search_finds_nothing_where_nothing_is(iconograph: Run) -> None:
    done = iconograph("search", "elephant beside a bicycle", "--store", STORE, "--json")

    assert json.loads(done.stdout)["results"] == []


@pytest.mark.usefixtures("ingested")
def test_search_shows_those_unrelated_when_asked(iconograph: Run) -> None:
    asked = ("search", "goat wearing Eve", "--store", STORE)
    said = "both are shown; no such relation was found: [goat] wears [Eve]"

    assert json.loads(iconograph(*asked, "--json").stdout)["results"] == []
    results = json.loads(iconograph(*asked, "--unrelated", "--json").stdout)["results"]
    assert results
    assert all(hit["because"] == said for hit in results)
    assert all(hit["relations"] == [] and hit["missing"] for hit in results)
    for more in ((), ("--explain",)):
        assert said in iconograph(*asked, "--unrelated", *more).stdout


@pytest.mark.usefixtures("ingested")
def test_search_says_what_it_lacks(iconograph: Run) -> None:
    done = iconograph("search", "Eve", "--store", STORE)

    assert "models pull" in done.stderr
    assert "iconclass build" in done.stderr


@pytest.mark.usefixtures("ingested")
def test_a_second_ingest_changes_nothing(iconograph: Run, corpus: Path) -> None:
    done = iconograph(
        "ingest",
        corpus,
        "--annotations",
        corpus / "annotations.json",
        "--metadata",
        corpus / "metadata.csv",
        "--store",
        STORE,
        "--json",
    )
    report = json.loads(done.stdout)

    assert (report["written"], report["unchanged"]) == (0, PICTURES)


@pytest.mark.parametrize(
    ("relations", "layers"), [("none", set()), ("only-asserted", {"asserted"})]
)
def test_ingest_stores_the_relations_asked_for(
    iconograph: Run, corpus: Path, relations: str, layers: set[str]
) -> None:
    annotations = corpus / "annotations.json"
    iconograph(
        "ingest", corpus, "--annotations", annotations, "--store", STORE, "--relations", relations
    )
    exported = iconograph("export", "--format", "jsonl", "--store", STORE).stdout
    edges = [r for r in map(json.loads, exported.splitlines()) if r["type"] == "edge"]

    assert {edge["layer"] for edge in edges} == layers


def test_groups_are_added_where_asked_for(iconograph: Run, corpus: Path, tmp_path: Path) -> None:
    told = json.loads((corpus / "annotations.json").read_text())
    alone = [a for a in told["annotations"] if a["level"] == "entity"]
    for annotation in alone:
        annotation.pop("parent_id", None)
    (tmp_path / "alone.json").write_text(
        json.dumps({**told, "annotations": alone, "relations": []})
    )
    iconograph("ingest", corpus, "--annotations", "alone.json", "--store", STORE, "--groups")
    exported = iconograph("export", "--format", "jsonl", "--store", STORE).stdout
    levels = {r["level"] for r in map(json.loads, exported.splitlines()) if r["type"] == "region"}

    assert levels == {"entity", "group", "scene"}


def test_what_is_left_out_is_reported_and_the_rest_is_stored(
    iconograph: Run, corpus: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff not a picture")
    done = iconograph(
        "ingest", corpus, broken, "--models", "none", "--store", STORE, "--report", "report.json",
        ok=False,
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text())

    assert done.returncode == 1
    assert report["written"] == PICTURES
    assert [problem["where"] for problem in report["problems"]] == ["broken.jpg"]


@pytest.mark.usefixtures("ingested")
def test_an_export_is_read_back_into_an_equal_store(iconograph: Run) -> None:
    iconograph("export", "--format", "jsonl", "--vectors", "--store", STORE, "--out", "graph.jsonl")
    iconograph("ingest", "graph.jsonl", "--store", "sqlite:///again.db")

    iconograph("store", "verify", STORE, "sqlite:///again.db")


def test_store_copy_and_verify(iconograph: Run, ingested: Path) -> None:
    copied = iconograph("store", "copy", STORE, "sqlite:///copy.db", "--json")
    iconograph("store", "verify", STORE, "sqlite:///copy.db")
    connection = sqlite3.connect(ingested / "copy.db")
    connection.execute("DELETE FROM edge WHERE rowid = (SELECT min(rowid) FROM edge)")
    connection.commit()
    connection.close()
    differing = iconograph("store", "verify", STORE, "sqlite:///copy.db", ok=False)

    assert json.loads(copied.stdout) == {"written": PICTURES, "unchanged": 0}
    assert differing.returncode == 1


@pytest.mark.parametrize("form", ["webanno", "nquads"])
@pytest.mark.usefixtures("ingested")
def test_linked_data_is_written(iconograph: Run, form: str) -> None:
    done = iconograph("export", "--format", form, "--store", STORE)

    assert len(done.stdout) > 10_000


@pytest.mark.usefixtures("ingested")
def test_relate_keeps_what_was_asserted(iconograph: Run) -> None:
    before = iconograph("store", "info", "--store", STORE, "--json").stdout
    iconograph("relate", "--store", STORE)

    assert iconograph("store", "info", "--store", STORE, "--json").stdout == before


def test_show_draws_a_picture(iconograph: Run, ingested: Path, corpus: Path) -> None:
    name = next(corpus.glob("*.jpg")).name
    iconograph("show", name, "--store", STORE, "--out", "drawn.png")

    with Image.open(ingested / "drawn.png") as drawn:
        assert drawn.width > 300


@pytest.mark.usefixtures("ingested")
def test_show_takes_a_path_and_draws_the_relations_asked_for(iconograph: Run, corpus: Path) -> None:
    path = str(next(corpus.glob("*.jpg")))
    said = [
        iconograph("show", path, "--store", STORE, "--out", "some.png", *kinds).stderr
        for kinds in ((), ("--kind", "WEARS"), ("--kind", "WEARS", "--kind", "BESIDE"))
    ]
    every, worn, two = (int(text.split(" regions, ")[1].split(" edges")[0]) for text in said)
    assert 0 < worn < two < every


def test_models_are_listed_with_licence_and_state(iconograph: Run) -> None:
    listed = json.loads(iconograph("models", "list", "--json").stdout)

    assert listed["centernet"]["licence"] == "unknown"
    assert listed["iris"]["state"] == "missing"
    assert listed["iris"]["profiles"] == ["laptop"]
    assert "iris" in iconograph("models", "list").stdout


def test_a_model_of_ones_own_is_added_and_verified(iconograph: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "net.onnx").write_bytes(b"weights")
    (own / "net.pt").write_bytes(b"pickle")
    told = ("--from", "own", "--task", "detect lilies", "--licence", "MIT")
    added = iconograph("models", "add", "lilies", *told)
    where = Path(json.loads(iconograph("models", "path", "lilies", "--json").stdout)["net.onnx"])
    whole = iconograph("models", "verify")
    where.write_bytes(b"changed")
    broken = iconograph("models", "verify", "--json", ok=False)

    assert "left out, not read as data: net.pt" in added.stderr
    assert str(where.parent) in added.stdout
    assert "lilies is whole" in whole.stdout
    assert broken.returncode == 1
    assert "has SHA-256" in json.loads(broken.stdout)["lilies"]
    iconograph("models", "pull", "lilies")
    assert where.read_bytes() == b"weights"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["search", "Eve", "--store", "mysql://x"], "expected sqlite", id="store"),
        pytest.param(["search", "Eve", "--store", "bolt://127.0.0.1:9"], "127.0.0.1:9", id="neo4j"),
        pytest.param(["relate", "--store", "sqlite:///absent.db"], "no such file", id="relate"),
        pytest.param(["search", "", "--store", "memory:"], "BAD_QUERY", id="query"),
        pytest.param(["ingest", "absent", "--store", "memory:"], "absent", id="folder"),
        pytest.param(["show", "absent.jpg", "--store", "memory:"], "absent.jpg", id="picture"),
        pytest.param(["models", "pull", "absent"], "minilm", id="model"),
        pytest.param(["models", "pull"], "--profile laptop", id="no-model"),
        pytest.param(["models", "pull", "--profile", "x"], "expected mini or laptop", id="profile"),
        pytest.param(["models", "verify", "iris"], "models pull iris", id="missing-model"),
        pytest.param(["iconclass", "find", "lily"], "iconclass build", id="iconclass"),
    ],
)
def test_an_error_is_one_clear_line(iconograph: Run, words: list[str], said: str) -> None:
    done = iconograph(*words, ok=False)

    assert said in done.stderr.replace("\n", " ") + done.stdout
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 3)
