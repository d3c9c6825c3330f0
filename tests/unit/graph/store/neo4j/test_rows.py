from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import (
    EdgeKind,
    EdgeLayer,
    EdgeStatus,
    Evidence,
    Review,
    edge_of,
)
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import AxisId, ImageId, RegionId, RunId
from iconograph.graph.model.region import Label
from iconograph.graph.model.work import Text
from iconograph.graph.store.neo4j import rows
from iconograph.graph.store.stored_text import record_text, value_of
from tests.builders import a_region, a_run, a_work, an_image

WORDS = st.text(min_size=1).filter(lambda text: bool(text.strip()))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
EVIDENCE = st.builds(
    lambda numbers, lacked: Evidence(numbers=tuple(sorted(numbers.items())), lacked=tuple(lacked)),
    st.dictionaries(st.from_regex(r"[a-km-z][a-z_]*", fullmatch=True), NUMBERS, max_size=4),
    st.lists(WORDS, max_size=2),
)
REVIEWS = st.builds(Review, by=WORDS, at=WORDS, reason=WORDS)
EDGES = st.builds(
    edge_of,
    st.sampled_from(EdgeKind),
    st.just(RegionId("r1")),
    st.just(RegionId("r2")),
    image_id=st.just(ImageId("0" * 64)),
    confidence=st.floats(0, 1),
    layer=st.sampled_from(EdgeLayer),
    method=WORDS,
    run_id=st.just(RunId("u1")),
    evidence=EVIDENCE,
    status=st.sampled_from(EdgeStatus),
    review=REVIEWS,
)


def nodes() -> dict[str, Any]:
    work = a_work()
    image = an_image(work)
    region = a_region(image, "Eve", (1, 2, 30, 40), caption="a woman")
    axis = Axis(
        id=AxisId("a1"),
        image_id=image.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=1, y_px=2),
        angle_deg=90,
        length_px=5,
        strength=0.5,
        method="gap",
        run_id=a_run().id,
    )
    label = Text(text="Eve", language="en")
    concept = Concept(scheme=Scheme.ICONCLASS, notation="71A3", labels=(label,))
    return {
        "work": work,
        "image": image,
        "region": region,
        "region without words": replace(region, labels=(), caption=""),
        "run": a_run(),
        "axis": axis,
        "concept": concept,
        "concept without words": replace(concept, labels=()),
    }


@given(EDGES)
def test_an_edge_comes_back_from_its_properties(edge: Any) -> None:
    row = rows.edge_row(edge)
    # Neo4j takes a property whose value is null away.
    kept = {name: value for name, value in row["properties"].items() if value is not None}

    assert rows.edge_of_row([edge.kind.value, row["subject"], row["object"], kept]) == edge


@pytest.mark.parametrize("value", nodes().values(), ids=nodes().keys())
def test_every_node_has_a_name_and_a_caption_and_no_wall_of_numbers(value: Any) -> None:
    row = rows.node_row(value)

    properties = row["properties"]
    assert properties["name"].strip()
    assert properties["caption"].strip()
    for name, shown in properties.items():
        if isinstance(shown, list) and name != "label_confidences":
            assert all(isinstance(item, str) for item in shown)
    assert value_of(type(value), row["json"]) == value


def test_tokens_of_a_region_are_lemmas_of_its_labels_and_caption() -> None:
    image = an_image(a_work())
    labels = (Label(text="two flowers"), Label(text="Blumen", language="de"))
    region = replace(a_region(image, "x", (0, 0, 9, 9)), labels=labels, caption="Goats' horns")

    properties = rows.node_row(region)["properties"]

    assert properties["label_tokens"] == ["blume", "flower", "two"]
    assert properties["caption_tokens"] == ["goat", "horn"]


def test_a_text_given_twice_keeps_the_greatest_confidence() -> None:
    image = an_image(a_work())
    labels = (Label(text="Eve", confidence=0.4), Label(text="Eve", language="de", confidence=0.9))
    region = replace(a_region(image, "x", (0, 0, 9, 9)), labels=labels)

    properties = rows.node_row(region)["properties"]

    assert (properties["labels"], properties["label_confidences"]) == (["Eve"], [0.9])


def test_a_record_without_its_parent() -> None:
    image = an_image(a_work())
    region = a_region(image, "x", (0, 0, 9, 9), parent_id=RegionId("r1"))

    text = rows.without_parent(record_text(region))

    assert "parent_id" not in json.loads(text)
    assert value_of(type(region), text) == replace(region, parent_id=None)
