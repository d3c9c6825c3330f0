from __future__ import annotations

import pytest

from iconograph.graph.model.region import RegionKind
from iconograph.ingest.regions.forest import parents_of
from iconograph.ingest.regions.numbers import read_region_numbers
from iconograph.ingest.regions.proposal import Proposal
from tests.unit.ingest.regions.proposing import a_proposal

NUMBERS = read_region_numbers()
Kind = RegionKind
MAN = a_proposal((100, 100, 300, 500), "man", kind=Kind.PERSON)
MOTHER = a_proposal((50, 50, 400, 700), "mother", kind=Kind.PERSON)
HOUSE = a_proposal((0, 0, 900, 900), "house", kind=Kind.OBJECT, disc=False)
GROUND = a_proposal((0, 300, 1000, 1000), "ground", kind=Kind.SETTING, disc=False)


def parents(*proposals: Proposal) -> tuple[int | None, ...]:
    return parents_of(proposals, NUMBERS.forest, NUMBERS.merging)


@pytest.mark.parametrize(
    ("child", "holders", "expected"),
    [
        pytest.param(
            a_proposal((150, 250, 250, 450), "robe", kind=Kind.ATTRIBUTE), (MAN, HOUSE), 1,
            id="a garment belongs to the figure",
        ),
        pytest.param(
            a_proposal((150, 380, 250, 580), "cloak", kind=Kind.ATTRIBUTE), (HOUSE, MAN), 2,
            id="a garment that spreads belongs to the figure that holds half of it",
        ),
        pytest.param(
            a_proposal((150, 470, 250, 670), "cloth", kind=Kind.ATTRIBUTE), (HOUSE, MAN), 1,
            id="held by less than half it does not",
        ),
        pytest.param(MAN, (MOTHER, HOUSE, GROUND), None, id="a figure is no part of anything"),
        pytest.param(
            a_proposal((150, 250, 250, 450), "book", kind=Kind.OBJECT), (MAN, HOUSE), 2,
            id="what a figure holds is no part of it",
        ),
        pytest.param(
            a_proposal((150, 250, 250, 450)), (HOUSE, MAN), 2, id="the smallest holder"
        ),
        pytest.param(
            a_proposal((700, 700, 980, 980), "box", kind=Kind.OBJECT), (HOUSE,), None,
            id="it crosses the border",
        ),
        pytest.param(
            a_proposal((0, 0, 900, 899), "wall", kind=Kind.OBJECT, disc=False), (HOUSE,), None,
            id="as large as the other",
        ),
    ],
)  # fmt: skip
def test_parent(child: Proposal, holders: tuple[Proposal, ...], expected: int | None) -> None:
    assert parents(child, *holders)[0] == expected


def test_chains_run_upwards() -> None:
    shapes = [(200, 200, 240, 240), (150, 150, 300, 300), (100, 100, 400, 400)]

    assert parents(*(a_proposal(shape) for shape in shapes)) == (1, 2, None)


def test_nothing_has_no_parents() -> None:
    assert parents() == ()
