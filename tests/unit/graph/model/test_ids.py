"""Ids follow from content, and from nothing else."""

from __future__ import annotations

import pytest

from iconograph.graph.model.edge import EdgeKind, EdgeLayer, edge_of
from iconograph.graph.model.geometry import Outline
from iconograph.graph.model.ids import (
    ImageId,
    RegionId,
    axis_id,
    concept_id,
    edge_id,
    region_id,
    work_id,
)
from iconograph.graph.model.run import ModelRef, run_of
from tests.builders import a_box, eden_bundle

IMAGE = ImageId("1" * 64)
A, B = RegionId("ra"), RegionId("rb")


@pytest.mark.parametrize(
    ("found", "stored"),
    [
        pytest.param(work_id("BM 1880,0508.22"), "w6d1869c5de083072766b", id="work"),
        pytest.param(
            region_id(IMAGE, "entity", a_box(0, 0, 9.5, 4)), "rfaa6d88fedcdc453f3ac", id="region"
        ),
        pytest.param(
            edge_id("HOLDS", A, B, "observed", "overlap"), "ec0657299f26435e0f2ed", id="edge"
        ),
        pytest.param(axis_id(IMAGE, "divide", 0), "a14061f1a467f46de3007", id="axis"),
        pytest.param(concept_id("iconclass", "71A3"), "iconclass:71A3", id="concept"),
    ],
)
def test_ids_stay_as_they_are_stored(found: str, stored: str) -> None:
    assert found == stored


def test_a_region_keeps_its_id_within_a_tenth_of_a_pixel() -> None:
    exact = region_id(IMAGE, "entity", a_box(10, 20, 30, 40))

    assert region_id(IMAGE, "entity", a_box(10.04, 20, 30, 39.96)) == exact
    assert region_id(IMAGE, "entity", a_box(10.06, 20, 30, 40)) != exact
    assert region_id(IMAGE, "entity", a_box(-0.01, 20, 30, 40)) == region_id(
        IMAGE, "entity", a_box(0, 20, 30, 40)
    )


def test_whole_and_fractional_numbers_give_one_id() -> None:
    whole, fractional = a_box(1, 2, 3, 4), a_box(1.0, 2.0, 3.0, 4.0)

    assert region_id(IMAGE, "scene", whole) == region_id(IMAGE, "scene", fractional)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(region_id(ImageId("2" * 64), "entity", a_box(0, 0, 9, 9)), id="image"),
        pytest.param(region_id(IMAGE, "scene", a_box(0, 0, 9, 9)), id="level"),
        pytest.param(region_id(IMAGE, "entity", a_box(0, 0, 9, 8)), id="outline"),
        pytest.param(region_id(IMAGE, "entity", a_box(0, 0, 9, 9), ordinal=1), id="ordinal"),
        pytest.param(
            region_id(
                IMAGE,
                "entity",
                Outline(parts=(*a_box(0, 0, 9, 9).parts, *a_box(20, 20, 30, 30).parts)),
            ),
            id="parts",
        ),
    ],
)
def test_another_region_has_another_id(other: RegionId) -> None:
    assert region_id(IMAGE, "entity", a_box(0, 0, 9, 9)) != other


def statement(kind: EdgeKind, subject: RegionId, object_: RegionId) -> str:
    return edge_of(
        kind,
        subject,
        object_,
        image_id=IMAGE,
        confidence=0.5,
        layer=EdgeLayer.OBSERVED,
        method="gap",
        run_id=eden_bundle().runs[0].id,
    ).id


@pytest.mark.parametrize("kind", EdgeKind)
def test_the_order_of_the_ends_counts_unless_the_kind_is_symmetric(kind: EdgeKind) -> None:
    same = statement(kind, A, B) == statement(kind, B, A)

    assert same is kind.symmetric


def test_the_order_of_parameters_does_not_count() -> None:
    models = (ModelRef(name="m", sha256="0" * 64),)
    one = run_of("x", started_at="1", models=models, parameters=(("a", "1"), ("b", "2")))
    two = run_of("x", started_at="2", models=models, parameters=(("b", "2"), ("a", "1")))

    assert one.id == two.id
    assert one.id != run_of("x", started_at="1", parameters=one.parameters).id
    assert one.id != run_of("x", started_at="1", models=models, parameters=(("a", "1"),)).id


def test_parts_of_an_id_are_kept_apart() -> None:
    assert edge_id("HOLDS", A, B, "observed", "m") != edge_id("HOLDS", A, B, "observedm", "")
