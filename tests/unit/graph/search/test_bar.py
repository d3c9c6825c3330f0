"""What a region must show at the least, and what follows for answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.region import RegionKind
from iconograph.graph.model.vector import Modality
from iconograph.graph.search.bar import FAINT, bar_for
from iconograph.graph.search.calibration import Calibration
from iconograph.graph.search.phrase import read_phrases
from iconograph.graph.store.candidates import Bar

LEXICON = load_lexicon()
CURVES = {
    "text:x": Calibration(modality=Modality.TEXT, slope=25.0, centre=0.62, most=0.8),
    "clip:x": Calibration(modality=Modality.IMAGE, slope=90.0, centre=0.28, most=0.8),
}


def bar(phrase: str, min_probability: float = 0.35) -> Bar:
    found = bar_for(read_phrases(phrase, LEXICON), LEXICON, CURVES, min_probability)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("phrase", "label", "verdict"),
    [
        pytest.param("queen", "queen", True, id="the same"),
        pytest.param("woman", "old queen", True, id="narrower"),
        pytest.param("queen", "figure", None, id="less exact"),
        pytest.param("queen", "xyzzy", None, id="unknown label"),
        pytest.param("xyzzy", "queen", None, id="unknown phrase"),
        pytest.param("queen", "sword", False, id="another thing"),
    ],
)
def test_a_label_shows_or_rules_out_or_says_nothing(
    phrase: str, label: str, *, verdict: bool | None
) -> None:
    assert bar(phrase).judge(label) is verdict


def test_a_word_for_a_kind_of_region_is_shown_by_that_kind() -> None:
    assert bar("person").kinds == {RegionKind.PERSON}
    assert bar("sword").kinds == frozenset()


@pytest.mark.parametrize(("phrase", "least"), [("anything", 0.35), ("sword", FAINT)])
def test_there_is_no_bar_where_every_region_may_pass(phrase: str, least: float) -> None:
    assert bar_for(read_phrases(phrase, LEXICON), LEXICON, CURVES, least) is None


@given(st.floats(0.3, 0.9), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_vectors_below_their_floors_never_reach_the_probability(
    least: float, text_share: float, image_share: float
) -> None:
    floors = bar("sword", least).floors

    missing = 1.0 - FAINT
    for (space, curve), share in zip(CURVES.items(), (text_share, image_share), strict=True):
        cosine = min(floors[space], 1.0) - 1e-3 - share
        missing *= 1.0 - float(curve.probability(np.asarray([cosine], np.float32))[0])

    assert 1.0 - missing < least


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES.keys())
@pytest.mark.parametrize("probability", [0.01, 0.35, 0.79])
def test_the_least_cosine_gives_the_probability(curve: Calibration, probability: float) -> None:
    cosine = curve.least_cosine(probability)

    assert curve.probability(np.asarray([cosine]))[0] == pytest.approx(probability, abs=1e-4)


def test_the_least_cosine_at_the_ends_of_the_curve() -> None:
    curve = CURVES["clip:x"]

    assert curve.least_cosine(0.0) == -1.0
    assert curve.least_cosine(curve.most) > 1.0
    assert curve.probability(np.asarray([-1.0, 1.0], np.float32)) == pytest.approx([0.0, 0.8])
