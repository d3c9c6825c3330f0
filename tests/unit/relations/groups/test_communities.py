from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Evidence, Review, evidence_of
from iconograph.relations.derive import derive
from iconograph.relations.groups.communities import groups_of
from tests.builders import an_edge
from tests.unit.relations.groups.pictures import NUMBERS, Said, labels_of, told
from tests.unit.relations.pictures import (
    ANIMAL,
    OBJECT,
    PERSON,
    SETTING,
    THRESHOLDS,
    Thing,
    a_picture,
    named,
)

EVE: Thing = ("Eve", PERSON, (100.0, 200.0, 300.0, 900.0))
ADAM: Thing = ("Adam", PERSON, (320.0, 210.0, 500.0, 900.0))
GOAT: Thing = ("goat", ANIMAL, (520.0, 600.0, 700.0, 900.0))
APPLE: Thing = ("apple", OBJECT, (300.0, 400.0, 320.0, 420.0))
TREE: Thing = ("tree", OBJECT, (280.0, 100.0, 340.0, 900.0))
SKY: Thing = ("sky", SETTING, (0.0, 0.0, 1000.0, 300.0))
ALL = (EVE, ADAM, GOAT, APPLE, TREE, SKY)
HOLDS, BESIDE, WEARS = EdgeKind.HOLDS, EdgeKind.BESIDE, EdgeKind.WEARS


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        pytest.param((), set(), id="no edges"),
        pytest.param((("Eve", HOLDS, "apple"),), set(), id="a figure with what it holds alone"),
        pytest.param((("Eve", BESIDE, "tree"),), set(), id="a figure beside a thing"),
        pytest.param(
            (("Eve", HOLDS, "apple"), ("Eve", BESIDE, "tree")),
            set(),
            id="a figure alone, with what it holds and stands at",
        ),
        pytest.param(
            (("Eve", HOLDS, "apple"), ("Eve", BESIDE, "sky")), set(), id="the sky is no thing"
        ),
        pytest.param((("Eve", BESIDE, "goat"),), {frozenset({"Eve", "goat"})}, id="a pair"),
        pytest.param(
            (("Eve", HOLDS, "apple"), ("Adam", EdgeKind.TOUCHES, "apple")),
            {frozenset({"Eve", "Adam", "apple"})},
            id="bound by what the other holds",
        ),
        pytest.param(
            (("Eve", BESIDE, "Adam"), ("Eve", BESIDE, "tree"), ("Adam", BESIDE, "tree")),
            {frozenset({"Eve", "Adam", "tree"})},
            id="with what both stand at",
        ),
        pytest.param(
            (("Eve", BESIDE, "Adam"), ("Eve", BESIDE, "tree")),
            {frozenset({"Eve", "Adam"})},
            id="without what one of them stands at",
        ),
        pytest.param(
            (("Eve", BESIDE, "Adam"), ("Eve", EdgeKind.ACROSS_DIVIDE, "Adam")),
            set(),
            id="parted by a divide",
        ),
        pytest.param((("Eve", EdgeKind.ABOVE, "goat"),), set(), id="height binds nobody"),
    ],
)
def test_figures_that_interact_are_a_group(
    said: tuple[Said, ...], groups: set[frozenset[str]]
) -> None:
    assert labels_of(told(*ALL, said=said)) == groups


@pytest.mark.parametrize(("gap", "bound"), [(-0.1, True), (0.05, True), (0.29, False)])
def test_a_gap_loosens_who_is_beside(gap: float, *, bound: bool) -> None:
    bundle = a_picture(EVE, ADAM)
    edge = an_edge(BESIDE, *bundle.regions, evidence=evidence_of(gap_sizes=gap))

    assert bool(groups_of(replace(bundle, edges=(edge,)), NUMBERS)) is bound


def test_rejected_and_unsure_edges_bind_nobody() -> None:
    bundle = a_picture(EVE, ADAM)
    review = Review(by="a curator", at="2026-01-01", reason="far apart")
    rejected = an_edge(HOLDS, *bundle.regions, status=EdgeStatus.REJECTED, review=review)
    unsure = an_edge(HOLDS, *bundle.regions, confidence=0.4)

    for edge in (rejected, unsure):
        assert groups_of(replace(bundle, edges=(edge,)), NUMBERS) == ()


def row_of(count: int, cuts: frozenset[int] = frozenset()) -> ImageBundle:
    """Figures in a row, each beside the next but at the cuts, where one only looks at the next."""
    things = [(f"p{n}", PERSON, (10.0 * n, 100.0 + n, 10.0 * n + 9, 300.0)) for n in range(count)]
    bundle = a_picture(*things, size_px=(10 * count, 400))
    pairs = zip(bundle.regions, bundle.regions[1:], strict=False)
    edges = (
        an_edge(EdgeKind.GAZES_AT if n in cuts else BESIDE, a, b, evidence=Evidence(), confidence=1)
        for n, (a, b) in enumerate(pairs)
    )
    return replace(bundle, edges=tuple(edges))


def test_a_large_group_holds_smaller_ones() -> None:
    (army,) = groups_of(row_of(8), NUMBERS)
    parts = [part.figures for part in army.inner]

    assert len(army.figures) == 8
    assert len(parts) >= 2
    assert all(2 <= len(part) <= NUMBERS.most_figures for part in parts)
    assert sorted(figure for part in parts for figure in part) == sorted(army.figures)


@pytest.mark.parametrize("cut", [2, 3, 4])
def test_a_large_group_parts_where_its_bonds_are_weak(cut: int) -> None:
    (army,) = groups_of(row_of(8, cuts=frozenset({cut})), NUMBERS)

    assert sorted(len(part.figures) for part in army.inner) == sorted([cut + 1, 7 - cut])


def test_looks_make_no_side_of_a_large_group() -> None:
    bundle = row_of(8, cuts=frozenset({3}))
    opposite = zip(bundle.regions[:4], bundle.regions[4:], strict=True)
    looks = (
        an_edge(kind, a, b, evidence=Evidence(), confidence=1)
        for a, b in opposite
        for kind in (EdgeKind.GAZES_AT, EdgeKind.FACES, EdgeKind.POINTS_AT)
    )
    (battle,) = groups_of(
        replace(bundle, edges=(*bundle.edges[:3], *looks, *bundle.edges[4:])), NUMBERS
    )
    sides = {
        frozenset(region.id for region in half) for half in (bundle.regions[:4], bundle.regions[4:])
    }

    assert len(battle.figures) == 8
    assert {frozenset(part.figures) for part in battle.inner} == sides


def test_a_small_group_holds_none() -> None:
    (group,) = groups_of(row_of(4), NUMBERS)

    assert len(group.figures) == 4
    assert group.inner == ()


def crowd(count: int, *, mirror: bool = False) -> ImageBundle:
    random = np.random.default_rng(count)
    width, height = random.uniform(20, 60, count), random.uniform(60, 140, count)
    x, y = random.uniform(0, 900, count), random.uniform(0, 850, count)
    x0, x1 = (1000 - x - width, 1000 - x) if mirror else (x, x + width)
    boxes = np.stack([x0, y, x1, y + height], axis=1).round(2).tolist()
    return derive(
        a_picture(*[(f"p{n}", PERSON, tuple(box)) for n, box in enumerate(boxes)]),
        thresholds=THRESHOLDS,
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 30), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_edges_does_not_matter(count: int, random: Random) -> None:
    bundle = crowd(count)
    regions, edges = list(bundle.regions), list(bundle.edges)
    random.shuffle(regions)
    random.shuffle(edges)
    shuffled = replace(bundle, regions=tuple(regions), edges=tuple(edges))

    assert groups_of(shuffled, NUMBERS) == groups_of(bundle, NUMBERS)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 30))
def test_a_mirror_image_has_the_same_groups(count: int) -> None:
    assert labels_of(crowd(count, mirror=True)) == labels_of(crowd(count))


def test_a_crowd_is_grouped_in_bounded_time() -> None:
    bundle = crowd(200)

    groups = groups_of(bundle, NUMBERS)
    figures = [figure for group in groups for figure in group.figures]

    assert 100 < len(figures) == len(set(figures)) <= 200
    assert len(named(bundle)) == 200
