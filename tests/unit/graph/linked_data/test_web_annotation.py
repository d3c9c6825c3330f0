from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from iconograph.graph.linked_data.iris import IriMinter
from iconograph.graph.linked_data.lexical import confidence_text, svg_path
from iconograph.graph.linked_data.web_annotation import (
    annotation_page,
    write_annotation_folder,
    write_annotations,
)
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.geometry import Outline, Ring
from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle
from tests.unit.graph.linked_data.scenes import FRACTIONS, bundles, rich_bundle

IRIS = IriMinter(base="https://museum.example/kg/")
SCHEMAS = Path(__file__).resolve().parents[5] / "shared/reference/schemas/w3c-web-annotation-tests"
SVG_PATH = "{http://www.w3.org/2000/svg}path"


def rings_of(path: str) -> list[Ring]:
    """The rings of path data made of M, L and Z."""
    subpaths = [sub.strip() for sub in path.split("Z") if sub.strip()]
    pairs = [[c.split() for c in re.split("[ML]", sub) if c.strip()] for sub in subpaths]
    return [tuple((float(x), float(y)) for x, y in corners) for corners in pairs]


def rings_in(outline: Outline) -> list[Ring]:
    return [ring for part in outline.parts for ring in (part.exterior, *part.holes)]


def page_of(bundle: ImageBundle, **options: Any) -> dict[str, Any]:
    return annotation_page(bundle, iris=IRIS, **options)


def by_region(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {a["region"]: a for a in page["items"] if a["motivation"][0] == "tagging"}


@given(bundles())
def test_the_path_gives_back_the_same_polygon(bundle: ImageBundle) -> None:
    annotations = by_region(page_of(bundle))
    for region in bundle.regions:
        selectors = annotations[IRIS.region(region.id)]["target"]["selector"]
        path = ET.fromstring(selectors[0]["value"]).find(SVG_PATH)
        assert path is not None
        assert rings_of(path.attrib["d"]) == rings_in(region.outline)


def test_holes_are_subpaths_under_the_even_odd_rule() -> None:
    bundle = rich_bundle()
    wall = bundle.regions[2]
    selector = by_region(page_of(bundle))[IRIS.region(wall.id)]["target"]["selector"][0]
    path = ET.fromstring(selector["value"]).find(SVG_PATH)
    assert path is not None
    assert path.attrib["fill-rule"] == "evenodd"
    assert len(rings_of(path.attrib["d"])) == 3
    assert svg_path(wall.outline).startswith("M 120.25 10 L 190 10.1 L")


@given(FRACTIONS)
def test_confidence_is_a_legal_decimal_near_the_number(confidence: float) -> None:
    text = confidence_text(confidence)
    assert re.fullmatch(r"[01](\.[0-9]+)?", text)
    assert abs(float(text) - confidence) <= 5e-7


@given(bundles())
def test_every_annotation_has_what_viewers_need(bundle: ImageBundle) -> None:
    page = page_of(bundle)
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert page["@context"][-1] == "http://iiif.io/api/presentation/3/context.json"
    assert len(page["items"]) == len(bundle.regions) + len(bundle.edges)
    for annotation in page["items"]:
        assert annotation["motivation"] in (["tagging", "identifying"], ["linking", "commenting"])
        first, second = annotation["target"]["selector"]
        assert first["type"] == "SvgSelector"
        assert "id" not in first
        assert second["type"] == "FragmentSelector"
        assert re.fullmatch(r"xywh=\d+,\d+,[1-9]\d*,[1-9]\d*", second["value"])
        texts = [body for body in annotation["body"] if body["type"] == "TextualBody"]
        assert len(texts) == 1
        assert texts[0]["value"]
        assert all("source" in body for body in annotation["body"] if body not in texts)
        assert "id" not in annotation["target"]
        assert annotation["generator"]["type"] == "Software"
        assert isinstance(annotation.get("confidence", ""), str)


def test_a_relation_reads_as_a_sentence_and_points_from_subject_to_object() -> None:
    bundle = rich_bundle()
    eve, goat, _ = bundle.regions
    [beside] = [a for a in page_of(bundle)["items"] if a["body"][-1]["value"].find("beside") > 0]
    edge = bundle.edges[0]
    ends = {edge.subject_id: "Eve is beside goat", edge.object_id: "goat is beside Eve"}
    assert beside["body"][-1]["value"] == f"{ends[eve.id]} (confidence 0.87)"
    assert beside["claim"] == IRIS.claim(edge.id)
    assert beside["region"] == IRIS.region(edge.subject_id)
    assert beside["body"][0]["source"] == IRIS.region(edge.object_id)
    assert beside["body"][1]["source"] == "https://museum.example/kg/vocab/beside"
    assert (beside["layer"], beside["status"]) == ("observed", "machine")
    assert {edge.subject_id, edge.object_id} == {eve.id, goat.id}


def test_rejected_relations_are_left_out_unless_asked_for() -> None:
    def statuses(**options: Any) -> list[str]:
        return [a["status"] for a in page_of(rich_bundle(), **options)["items"] if "claim" in a]

    assert statuses() == ["machine", "accepted"]
    assert statuses(with_rejected=True) == ["machine", "rejected", "accepted"]


def test_a_region_names_its_concepts_and_the_callers_own_id() -> None:
    bundle = rich_bundle()
    annotations = by_region(page_of(bundle))
    _, goat, wall = bundle.regions
    sources = [b.get("source") for b in annotations[IRIS.region(goat.id)]["body"]]
    assert "https://iconclass.org/47I214" in sources
    assert annotations[IRIS.region(wall.id)]["sourceId"] == "ann/7 ü"


def test_a_store_is_written_as_an_array_or_as_a_folder(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        store.write(eden_bundle())
        store.write(rich_bundle())
        out = io.StringIO()
        counts = write_annotations(store, out, iris=IRIS)
        assert write_annotation_folder(store, tmp_path / "new", iris=IRIS) == counts
    pages = json.loads(out.getvalue())
    index = json.loads((tmp_path / "new/index.json").read_text())
    assert counts == {"page": 2, "annotation": 13}
    assert [entry["id"] for entry in index] == [page["id"] for page in pages]
    for page, entry in zip(pages, index, strict=True):
        assert json.loads((tmp_path / "new" / entry["file"]).read_text()) == page
    context = json.loads((tmp_path / "new/context.json").read_text())["@context"]
    assert {"region", "claim", "confidence", "layer", "status", "method"} <= set(context)


def test_an_empty_store_is_an_empty_array() -> None:
    with open_store("memory:") as store:
        out = io.StringIO()
        assert not write_annotations(store, out, iris=IRIS)
    assert json.loads(out.getvalue()) == []


def test_the_w3c_assertions_hold() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    if not SCHEMAS.is_dir():
        pytest.skip("the W3C's test schemas are not in ../shared")
    referencing = pytest.importorskip("referencing")
    draft4 = pytest.importorskip("referencing.jsonschema").DRAFT4
    base = "https://schemas.invalid/"
    registry = referencing.Registry().with_resources(
        (
            base + file.name,
            referencing.Resource.from_contents(
                {**json.loads(file.read_text()), "id": base + file.name},
                default_specification=draft4,
            ),
        )
        for file in (SCHEMAS / "definitions").glob("*.json")
    )
    assertions = json.loads((SCHEMAS / "annotationMusts.test").read_text())["assertions"]
    assert len(assertions) == 54
    items = page_of(rich_bundle(), with_rejected=True)["items"]
    annotations = [{"@context": "http://www.w3.org/ns/anno.jsonld", **item} for item in items]
    for name in assertions:
        schema = json.loads((SCHEMAS / name).read_text())
        expected = schema.get("expectedResult", "valid") == "valid"
        rule = {k: v for k, v in schema.items() if k != "$ref"}
        rule["id"] = base + Path(name).name
        if "$ref" in schema:  # draft 4 ignores what stands beside a $ref
            rule = {"id": rule["id"], "allOf": [{"$ref": schema["$ref"]}]}
        validator = jsonschema.Draft4Validator(rule, registry=registry)
        for annotation in annotations:
            assert validator.is_valid(annotation) == expected, name
