"""Reading works, regions and edges over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import eden_bundle
from tests.wire.conftest import NAMES, Client

PAGES = {
    "works": """query ($after: String) {
        page: works(first: 3, after: $after) { nodes { id } edges { cursor node { id } } pageInfo
        { hasNextPage hasPreviousPage startCursor endCursor } } }""",
    "regions": """query ($after: String) {
        page: regions(first: 3, after: $after) { nodes { id } edges { cursor node { id } } pageInfo
        { hasNextPage hasPreviousPage startCursor endCursor } } }""",
    "regions of an image": """query ($after: String, $image: ID!) {
        page: regions(first: 3, after: $after, imageId: $image) { nodes { id }
        edges { cursor node { id } } pageInfo
        { hasNextPage hasPreviousPage startCursor endCursor } } }""",
}
REGIONS_OF_WORKS = """{ works(first: 2) { nodes { images { id regions(first: 3) {
    nodes { id image { id } } pageInfo { hasNextPage } } } } } }"""
REGION = """query ($id: ID!) { region(id: $id) {
    id level kind label caption boxPx outlinePx areaFraction sourceId
    labels { text language confidence origin }
    orientedBox { centrePx widthPx heightPx angleDeg cornersPx }
    pose { method } gaze { state } concepts { id } parent { id } attributes { name }
    run { software startedAt } image { id work { title makers { name } date { earliestYear } } }
    edges { id kind }
    held: edges(kinds: [HOLDS]) {
      id words inverseWords symmetric confidence layer method status review { by }
      evidence { numbers { name number } lacked } subject { label } object { label }
    }
} }"""


def expected_ids(what: str) -> list[str]:
    bundles = [eden_bundle(name) for name in NAMES]
    if what == "works":
        return sorted(bundle.work.id for bundle in bundles)
    wanted = bundles if what == "regions" else bundles[:1]
    return sorted(region.id for bundle in wanted for region in bundle.regions)


@pytest.mark.parametrize("what", PAGES)
def test_pages_lead_to_the_end_without_gap_or_repeat(client: Client, what: str) -> None:
    image = {"image": eden_bundle().image.id} if "image" in what else {}
    found: list[str] = []
    after, more = None, True
    while more:
        page = client.data(PAGES[what], after=after, **image)["page"]
        info = page["pageInfo"]
        assert info["hasPreviousPage"] == (after is not None)
        assert info["startCursor"] == page["edges"][0]["cursor"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        found += [node["id"] for node in page["nodes"]]
        after, more = info["endCursor"], info["hasNextPage"]

    assert found == expected_ids(what)


def test_an_image_has_pages_of_its_own(client: Client) -> None:
    for work in client.data(REGIONS_OF_WORKS)["works"]["nodes"]:
        (image,) = work["images"]
        found = image["regions"]

        assert len(found["nodes"]) == 3
        assert {region["image"]["id"] for region in found["nodes"]} == {image["id"]}
        assert found["pageInfo"]["hasNextPage"]


def test_a_page_behind_the_end_is_empty(client: Client) -> None:
    last = client.data("{ works(first: 100) { pageInfo { endCursor hasNextPage } } }")["works"]
    assert not last["pageInfo"]["hasNextPage"]

    page = client.data(PAGES["works"], after=last["pageInfo"]["endCursor"])["page"]

    assert page["nodes"] == []
    assert page["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize("after", ["", "!", "d29yazox", "🐐", "x" * 5000])
def test_a_foreign_cursor_is_refused(client: Client, after: str) -> None:
    assert client.error(PAGES["works"], after=after)["extensions"]["code"] == "BAD_QUERY"


def test_a_region_tells_all_that_is_known_of_it(client: Client) -> None:
    bundle = eden_bundle()
    eve, goat, apple, _ = bundle.regions
    region: dict[str, Any] = client.data(REGION, id=eve.id)["region"]

    assert region["label"] == "Eve"
    assert region["boxPx"] == [20, 20, 60, 95]
    assert region["outlinePx"] == [[[[20, 20], [60, 20], [60, 95], [20, 95]]]]
    assert region["orientedBox"]["angleDeg"] == 90
    assert region["labels"] == [
        {"text": "Eve", "language": "en", "confidence": 1.0, "origin": "CURATOR"}
    ]
    assert region["image"]["id"] == bundle.image.id
    assert region["image"]["work"]["makers"] == [{"name": "Hans Baldung"}]
    assert region["run"]["software"] == "iconograph test"
    assert len(region["edges"]) == 3
    (held,) = region["held"]
    assert (held["subject"]["label"], held["words"], held["object"]["label"]) == (
        "Eve",
        "holds",
        "apple",
    )
    assert held["evidence"] == {"numbers": [{"name": "gap_heights", "number": 0.1}], "lacked": []}
    assert held["layer"], held["status"] == ("OBSERVED", "MACHINE")
    assert {goat.id, apple.id} <= set(expected_ids("regions"))


def test_an_edge_and_a_work_by_id(client: Client) -> None:
    bundle = eden_bundle("堕落")
    found = client.data(
        "query ($edge: ID!, $work: ID!) { edge(id: $edge) { kind image { fileName } } "
        "work(id: $work) { title titles { text language } images { id fileName } } }",
        edge=bundle.edges[0].id,
        work=bundle.work.id,
    )

    assert found["edge"] == {"kind": "BESIDE", "image": {"fileName": "堕落.jpg"}}
    assert found["work"]["title"] == "堕落"
    assert [image["id"] for image in found["work"]["images"]] == [bundle.image.id]


@pytest.mark.parametrize("field", ["work", "region", "edge"])
def test_what_is_not_there_is_null(client: Client, field: str) -> None:
    assert client.data(f'{{ {field}(id: "nobody") {{ id }} }}') == {field: None}


def test_the_store_tells_what_it_holds(client: Client) -> None:
    found = client.data("{ store { engine counts { name count } spaces { name dim modality } } }")
    counts = {count["name"]: count["count"] for count in found["store"]["counts"]}

    assert counts["work"] == len(NAMES)
    assert counts["edge:HOLDS"] == len(NAMES)
    assert {space["modality"] for space in found["store"]["spaces"]} == {"IMAGE", "TEXT"}
