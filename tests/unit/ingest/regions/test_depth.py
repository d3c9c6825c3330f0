from __future__ import annotations

from collections.abc import Sequence

import pytest

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.regions.depth import Budget, Depth, Route, depth_of, selected
from iconograph.ingest.regions.numbers import read_region_numbers
from iconograph.ingest.regions.proposal import Proposal
from tests.unit.ingest.regions.proposing import a_proposal

NUMBERS = read_region_numbers().depth
Kind = RegionKind
SITTER = a_proposal((200, 100, 800, 1000), "woman", kind=Kind.PERSON, confidence=1.0)
PARTS = [
    a_proposal((300, 500 + 20 * n, 400, 600 + 20 * n), f"jewel {n}", kind=Kind.ATTRIBUTE)
    for n in range(4)
]


def crowd(count: int, side_px: int = 60) -> list[Proposal]:
    return [
        a_proposal((x, y, x + side_px, y + side_px), f"man {n}", kind=Kind.PERSON, confidence=1.0)
        for n in range(count)
        for x, y in [(n % 12 * 80, n // 12 * 80)]
    ]


def depth(
    proposals: Sequence[Proposal], picture_px2: float = 1e6, budget: Budget = Budget.NORMAL
) -> Depth:
    return depth_of(proposals, picture_px2=picture_px2, budget=budget, numbers=NUMBERS)


@pytest.mark.parametrize(
    ("proposals", "route", "regions"),
    [
        pytest.param([], Route.COMPOSITION, 12, id="nothing"),
        pytest.param([SITTER], Route.PORTRAIT, 16, id="a sitter"),
        pytest.param(crowd(100), Route.COMPOSITION, 412, id="a hundred figures"),
        pytest.param(
            [SITTER, a_proposal((0, 0, 500, 900), "man", kind=Kind.PERSON)],
            Route.COMPOSITION,
            None,
            id="a couple",
        ),
        pytest.param([SITTER, *crowd(2)], Route.PORTRAIT, None, id="two small figures behind"),
        pytest.param([SITTER, *crowd(5)], Route.COMPOSITION, None, id="a company behind"),
        pytest.param(crowd(1), Route.COMPOSITION, None, id="one small figure"),
    ],
)
def test_path_and_count(proposals: list[Proposal], route: Route, regions: int | None) -> None:
    found = depth(proposals)

    assert found.route is route
    assert regions in (None, found.most_regions)


def test_more_pixels_figures_and_budget_give_more_regions() -> None:
    counts = [
        depth(crowd(4), 2e5, Budget.FAST).most_regions,
        depth(crowd(4), 2e5).most_regions,
        depth(crowd(4)).most_regions,
        depth(crowd(40)).most_regions,
        depth(crowd(40), 5e6).most_regions,
        depth(crowd(40), 5e6, Budget.DEEP).most_regions,
    ]

    assert counts == sorted(set(counts))
    assert counts[-1] <= NUMBERS.most_regions


def test_sizes_that_differ_widely_give_more_regions() -> None:
    even, uneven = crowd(12), [*crowd(6, 60), *crowd(6, 6)]

    assert depth(uneven).most_regions > depth(even).most_regions


def test_the_smallest_area_falls_with_crowding_and_has_a_floor() -> None:
    areas = [depth(crowd(n)).smallest_area_px2 for n in (0, 10, 143)]

    assert areas == [800.0, pytest.approx(800 / 11**0.5), NUMBERS.smallest_area_px2]
    assert depth(crowd(0), budget=Budget.DEEP).smallest_area_px2 == 400.0
    assert depth(crowd(3), 100.0).smallest_area_px2 == NUMBERS.smallest_area_px2


def chosen(proposals: list[Proposal], route: Route, most: int) -> list[int]:
    wanted = Depth(route=route, most_regions=most, smallest_area_px2=144)
    return list(selected(proposals, wanted, NUMBERS))


def test_a_composition_takes_figures_then_things_then_parts() -> None:
    cup = a_proposal((800, 800, 900, 900), "cup", kind=Kind.OBJECT, confidence=0.3)
    faint = a_proposal((0, 0, 90, 90), "man", kind=Kind.PERSON, confidence=0.2)

    assert chosen([PARTS[0], cup, faint, SITTER], Route.COMPOSITION, 9) == [3, 2, 1, 0]


def test_a_portrait_takes_parts_before_less_sure_things() -> None:
    cup = a_proposal((800, 800, 900, 900), "cup", kind=Kind.OBJECT, confidence=0.9)

    assert chosen([cup, PARTS[0], SITTER], Route.PORTRAIT, 9) == [2, 1, 0]


def test_what_is_new_comes_before_what_is_nearly_chosen() -> None:
    first = a_proposal((0, 0, 100, 100), "cup", kind=Kind.OBJECT, confidence=0.9)
    like_it = a_proposal((20, 0, 120, 100), "bowl", kind=Kind.OBJECT, confidence=0.8)
    other = a_proposal((500, 0, 600, 100), "dish", kind=Kind.OBJECT, confidence=0.5)

    assert chosen([first, like_it, other], Route.COMPOSITION, 2) == [0, 2]


def test_too_small_ones_and_those_over_the_budget_are_left_out() -> None:
    tiny = a_proposal((0, 0, 8, 8), "bead", kind=Kind.OBJECT)

    assert chosen([tiny], Route.COMPOSITION, 5) == []
    assert len(chosen(crowd(9), Route.COMPOSITION, 5)) == 5
    assert chosen([], Route.COMPOSITION, 5) == []


def test_what_has_no_name_comes_last() -> None:
    unnamed = a_proposal((0, 0, 90, 90), confidence=1.0)

    assert chosen([unnamed, PARTS[0]], Route.COMPOSITION, 2) == [1, 0]
