from __future__ import annotations

import itertools

import numpy as np
import pytest

from iconograph.graph.model.geometry import Point
from iconograph.graph.model.pose import Gaze, GazeState, Pose
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.merging import combined_confidence, merged
from iconograph.ingest.regions.numbers import read_region_numbers
from iconograph.ingest.regions.proposal import Proposal
from tests.unit.ingest.regions.proposing import a_proposal

NUMBERS = read_region_numbers().merging
PERSON, ATTRIBUTE = RegionKind.PERSON, RegionKind.ATTRIBUTE
HERE, NEAR, FAR = (100, 100, 300, 500), (104, 106, 304, 492), (160, 180, 360, 580)


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        pytest.param(a_proposal(HERE, "man"), a_proposal(NEAR, "man"), 1, id="same label"),
        pytest.param(a_proposal(HERE, "man"), a_proposal(NEAR), 1, id="one without a label"),
        pytest.param(a_proposal(HERE), a_proposal(NEAR), 1, id="both without"),
        pytest.param(a_proposal(HERE, "Man"), a_proposal(NEAR, "man"), 1, id="case of letters"),
        pytest.param(a_proposal(HERE, "man"), a_proposal(NEAR, "king"), 1, id="two names"),
        pytest.param(a_proposal(HERE, "man"), a_proposal(FAR, "man"), 2, id="apart"),
        pytest.param(
            a_proposal(HERE, "man", kind=PERSON),
            a_proposal(HERE, "robe", kind=ATTRIBUTE),
            2,
            id="two kinds",
        ),
        pytest.param(
            a_proposal(HERE, "man", kind=PERSON), a_proposal(HERE, "man"), 1, id="kind unknown"
        ),
        pytest.param(
            a_proposal(HERE, "man", disc=False), a_proposal(NEAR, "man"), 1, id="box and mask"
        ),
        pytest.param(
            a_proposal((100, 100, 300, 500), "man"),
            a_proposal((110, 140, 290, 440), "man"),
            1,
            id="nested, same label",
        ),
        pytest.param(
            a_proposal((100, 100, 300, 500), "man"),
            a_proposal((110, 140, 290, 440), "king"),
            2,
            id="nested, other label",
        ),
        pytest.param(
            a_proposal((100, 100, 300, 500), "man"),
            a_proposal((150, 200, 250, 320), "man"),
            2,
            id="nested, much smaller",
        ),
    ],
)
def test_what_is_one_thing(first: Proposal, second: Proposal, count: int) -> None:
    assert len(merged([first, second], NUMBERS)) == count
    assert len(merged([second, first], NUMBERS)) == count


def test_labels_sources_pose_and_gaze_of_both_are_kept() -> None:
    pose = Pose(hands=(Point(x_px=1, y_px=2),))
    gaze = Gaze(state=GazeState.VIEWER, origin=Point(x_px=1, y_px=1), method="test", confidence=0.5)
    seen = a_proposal(HERE, "man", kind=PERSON, confidence=0.9, pose=pose, caption="a man")
    again = a_proposal(NEAR, "king", confidence=0.6, source="two", gaze=gaze)

    (one,) = merged([again, seen], NUMBERS)

    assert [label.text for label in one.labels] == ["king", "man"]
    assert one.sources == ("one", "two")
    assert (one.kind, one.pose, one.gaze, one.caption) == (PERSON, pose, gaze, "a man")


def test_the_mask_comes_from_who_has_more_than_a_box() -> None:
    box = a_proposal(HERE, "man", confidence=0.9, disc=False)
    disc = a_proposal(NEAR, "man", confidence=0.4, source="two")

    (one,) = merged([box, disc], NUMBERS)

    assert one.mask is disc.mask


def test_one_source_twice_is_no_further_evidence() -> None:
    twice = [a_proposal(HERE, "man", confidence=0.6), a_proposal(NEAR, "man", confidence=0.5)]
    two = [twice[0], a_proposal(NEAR, "man", confidence=0.5, source="two")]

    assert merged(twice, NUMBERS)[0].confidence == 0.6
    assert merged(two, NUMBERS)[0].confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("confidences", "independence", "expected"),
    [
        ([0.3], 0.5, 0.3),
        ([0.5, 0.5], 1.0, 0.75),
        ([0.5, 0.5], 0.0, 0.5),
        ([0.2, 0.8], 0.5, 0.82),
        ([1.0, 0.0], 0.5, 1.0),
    ],
)
def test_combined_confidence(
    confidences: list[float], independence: float, expected: float
) -> None:
    assert combined_confidence(confidences, independence) == pytest.approx(expected)


def test_three_thousand_proposals() -> None:
    rng = np.random.default_rng(4)
    places = rng.integers(0, 900, (60, 2))
    proposals = []
    for n in range(3000):
        x, y = (places[n % 60] + rng.integers(-2, 3, 2)).clip(0, 950)
        proposals.append(
            Proposal(
                mask=Mask.of(np.ones((50, 40), np.bool_), x0_px=int(x), y0_px=int(y)),
                confidence=float(rng.random()),
                sources=(f"source {n % 3}",),
            )
        )

    found = merged(proposals, NUMBERS)

    assert 30 <= len(found) <= 120
    assert all(a.confidence >= b.confidence for a, b in itertools.pairwise(found))


def test_nothing_gives_nothing() -> None:
    assert merged([], NUMBERS) == ()
