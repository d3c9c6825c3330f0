"""What a label says of a phrase."""

from __future__ import annotations

import numpy as np
import pytest

from iconograph.graph.iconography.lexicon import Kinship, Lexicon
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.vector import Modality
from iconograph.graph.search.calibration import Calibration
from iconograph.graph.search.match import Matcher, Sought
from iconograph.graph.search.pattern import PatternNode
from iconograph.graph.search.phrase import read_phrases
from iconograph.graph.search.wording import wording
from tests.unit.graph.search.columns import columns

TEXT = Calibration(modality=Modality.TEXT, slope=25.0, centre=0.62, most=0.8)
IMAGE = Calibration(modality=Modality.IMAGE, slope=90.0, centre=0.28, most=0.8)
CUTOFF = 0.35


def probability(phrase: str, labels: str, lexicon: Lexicon, **given: object) -> float:
    """The probability that one region with these labels shows the phrase."""
    node = PatternNode(role="it", phrase=phrase, levels=frozenset(given.pop("wanted", ())))  # type: ignore[call-overload]
    sought = Sought(
        node=node,
        readings=read_phrases(phrase, lexicon),
        concepts=given.pop("means", {}),  # type: ignore[arg-type]
    )
    matcher = Matcher(lexicon=lexicon, curves={"text:x": TEXT, "clip:x": IMAGE})
    found = matcher.probabilities(sought, 0, columns([labels], **given))  # type: ignore[arg-type]
    return float(found[0])


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("goat", "goat"),
        ("goats", "goat"),
        ("flower", "white lilies"),
        ("woman", "Venus"),
        ("nude woman", "Venus"),
        ("nude woman", "nude woman (Venus)"),
        ("clothed woman", "woman in white dress"),
        ("old man", "bald old apostle"),
        ("old man", "Moses"),
        ("young man", "youth"),
        ("youth", "young man lying in the bushes"),
        ("winged child", "putto"),
        ("putto", "winged child"),
        ("woman", "winged female wind"),
        ("Matthew", "old man writing (Matthew)"),
        ("grapes", "bunch of grapes"),
        ("sheep", "flock of sheep"),
        ("hat", "black beret"),
        ("man", "bearded man wrapped in snakes"),
        ("Madonna", "Virgin Mary"),
        ("figure", "kneeling angel"),
        ("Blume", "lily"),
        ("flower", "Lilie"),
        ("apple or pear", "pear"),
        ("musical instrument", "lute"),
        ("anything", "lute"),
    ],
)
def test_a_fitting_label_is_found(phrase: str, label: str, lexicon: Lexicon) -> None:
    assert probability(phrase, label, lexicon) > 0.8


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("hat", "man in hat"),
        ("woman", "man"),
        ("man", "boy with pistols"),
        ("man", "infant Christ"),
        ("man", "Virgin Mary"),
        ("old man", "young man lying in the bushes"),
        ("old man", "man"),
        ("clothed woman", "Venus"),
        ("nude woman", "woman in white dress"),
        ("lily", "rose"),
        ("lily", "flower"),
        ("queen", "figure in the shadow"),
        ("Cupid", "statue of Cupid"),
        ("woman", "child of a woman"),
        ("glass", "glasses"),
    ],
)
def test_a_label_that_does_not_fit_is_not(phrase: str, label: str, lexicon: Lexicon) -> None:
    assert probability(phrase, label, lexicon) < CUTOFF


@pytest.mark.parametrize(
    ("phrase", "label", "kinship"),
    [
        ("woman", "singer", Kinship.BROADER),
        ("lute player", "man", Kinship.BROADER),
        ("child", "flute player", Kinship.BROADER),
        ("musician", "singer", Kinship.NARROWER),
        ("singer", "lute player", Kinship.APART),
        ("woman", "king", Kinship.APART),
        ("woman", "man", Kinship.APART),
        ("man", "child", Kinship.APART),
        ("child", "adult", Kinship.APART),
        ("man", "angel", Kinship.APART),
        ("woman", "putto", Kinship.APART),
        ("woman", "sphinx", Kinship.APART),
        ("man", "crowd", Kinship.APART),
        ("man", "horse", Kinship.APART),
    ],
)
def test_who_is_known_by_a_role_may_be_a_man_a_woman_or_a_child(
    phrase: str, label: str, kinship: Kinship, lexicon: Lexicon
) -> None:
    (reading,) = read_phrases(phrase, lexicon)

    assert wording(reading, label, lexicon).kinship is kinship


def test_a_role_answers_for_a_woman_only_with_what_is_seen(lexicon: Lexicon) -> None:
    near, far = {"clip:x": [[0.33]]}, {"clip:x": [[0.2]]}

    assert probability("woman", "singer", lexicon, cosines=far) < CUTOFF
    assert probability("woman", "singer", lexicon, cosines=near) > CUTOFF
    assert probability("woman", "king", lexicon, cosines=near) == 0.0


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("crowned woman", "Saint Catherine"),
        ("armoured man", "Mars"),
        ("small figure", "putto"),
        ("woman", "Saint Ursula"),
        ("saint", "Ursula"),
    ],
)
def test_what_a_figure_usually_is_goes_without_saying(
    phrase: str, label: str, lexicon: Lexicon
) -> None:
    assert probability(phrase, label, lexicon) > 0.8


def test_sure_stands_above_unsure(lexicon: Lexicon) -> None:
    named = probability("young woman", "young woman", lexicon)
    unsaid = probability("young woman", "woman", lexicon)

    assert named > unsaid > CUTOFF


def test_a_caption_confirms_what_the_label_leaves_open(lexicon: Lexicon) -> None:
    without = probability("nude woman", "woman", lexicon)
    with_caption = probability("nude woman", "woman", lexicon, captions={"naked": [0]})

    assert without < CUTOFF < 0.8 < with_caption


def test_a_caption_alone_is_weak_and_cannot_make_a_person_a_hat(lexicon: Lexicon) -> None:
    captions = {"hat": [0]}

    assert CUTOFF < probability("hat", "", lexicon, captions=captions) < 0.6
    assert probability("hat", "man", lexicon, captions=captions) == 0.0
    person = [RegionKind.PERSON]
    assert probability("hat", "", lexicon, captions=captions, kinds=person) == 0.0


def test_the_kind_of_region_makes_a_person(lexicon: Lexicon) -> None:
    assert probability("person", "", lexicon, kinds=[RegionKind.PERSON]) == pytest.approx(0.9)
    assert probability("animal", "", lexicon, kinds=[RegionKind.PERSON]) == 0.0


def test_a_concept_speaks_for_a_region(lexicon: Lexicon) -> None:
    found = probability(
        "Annunciation angel",
        "",
        lexicon,
        means={"iconclass:73A52": 1.0},
        concepts={"iconclass:73A52": [0]},
    )

    assert found > 0.2


def test_a_concept_does_not_make_mary_an_angel(lexicon: Lexicon) -> None:
    depicts = {"iconclass:73A52": [0]}
    means = {"iconclass:73A52": 0.9}

    assert probability("angel", "Mary", lexicon, means=means, concepts=depicts) == 0.0
    assert probability("angel", "", lexicon, means=means, concepts=depicts) > CUTOFF


@pytest.mark.parametrize(("space", "near", "far"), [("text:x", 0.75, 0.4), ("clip:x", 0.33, 0.2)])
def test_vectors_are_calibrated_for_their_space(
    space: str, near: float, far: float, lexicon: Lexicon
) -> None:
    assert probability("gizmo", "", lexicon, cosines={space: [[near]]}) > CUTOFF
    assert probability("gizmo", "", lexicon, cosines={space: [[far]]}) < 0.05
    assert probability("gizmo", "", lexicon, cosines={space: [[np.nan]]}) == 0.0


def test_a_vector_cannot_turn_one_known_thing_into_another(lexicon: Lexicon) -> None:
    cosines = {"text:x": [[0.95]], "clip:x": [[0.5]]}

    assert probability("Venus", "Mars", lexicon, cosines=cosines) == 0.0
    assert probability("Venus", "woman", lexicon, cosines=cosines) > 0.6


def test_a_text_vector_decides_only_what_the_lexicon_cannot(lexicon: Lexicon) -> None:
    near = {"text:x": [[0.75]]}

    assert probability("queen", "woman", lexicon, cosines=near) < CUTOFF
    assert probability("queen", "regina", lexicon, cosines=near) > CUTOFF


def test_level_and_filter_are_heeded(lexicon: Lexicon) -> None:
    assert probability("dog", "dog", lexicon, wanted=[Level.SCENE]) == 0.0
    assert probability("dog", "dog", lexicon, wanted=[Level.ENTITY]) > 0.9
    assert probability("dog", "dog", lexicon, eligible=[False]) == 0.0
