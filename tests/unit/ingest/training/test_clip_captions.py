from __future__ import annotations

import numpy as np
import pytest

from iconograph.ingest.training.clip_captions import Content, Phrasing, label_phrase
from iconograph.ingest.training.clip_facts import FactRegion, Thing
from iconograph.ingest.training.clip_negatives import (
    contrary,
    foreign_terms,
    held_things,
    swapped,
)
from tests.unit.ingest.training.clip_scenes import LEXICON, labelled

RED, BLUE = Thing(term="robe", qualities=("red",)), Thing(term="cloak", qualities=("blue",))


def test_every_phrase_is_true_of_its_region(regions: tuple[FactRegion, ...]) -> None:
    phrasing, rng = Phrasing(LEXICON), np.random.default_rng(5)
    for region in regions * 4:
        phrase = phrasing.phrase(region, rng)
        assert phrase.truth(region) == 1.0, phrase
        assert phrase.text.strip()


def test_the_same_seed_says_the_same(regions: tuple[FactRegion, ...]) -> None:
    said = [
        [Phrasing(LEXICON).phrase(r, np.random.default_rng(3)).text for r in regions]
        for _ in range(2)
    ]
    assert said[0] == said[1]


def test_compositions_name_garment_and_thing(regions: tuple[FactRegion, ...]) -> None:
    mary = labelled(regions, "Virgin Mary")
    rng, phrasing = np.random.default_rng(0), Phrasing(LEXICON)
    texts = {phrasing.phrase(mary, rng).text for _ in range(300)}
    assert any("blue" in text and "holding" in text for text in texts)
    assert any(text.startswith(("a ", "an ")) for text in texts)
    assert any(text.islower() and not text.startswith(("a ", "an ")) for text in texts)


@pytest.mark.parametrize(
    ("content", "truth"),
    [
        pytest.param(Content(thing=Thing(term="woman")), 1.0, id="wider"),
        pytest.param(Content(thing=Thing(term="woman"), worn=(RED, BLUE)), 1.0, id="both garments"),
        pytest.param(Content(thing=Thing(term="man")), 0.0, id="a man"),
        pytest.param(Content(thing=Thing(term="woman"), held=(Thing(term="sword"),)), 0.0, id="sword"),
    ],
)  # fmt: skip
def test_truth_of_a_content(
    regions: tuple[FactRegion, ...], content: Content, truth: float
) -> None:
    phrase = Phrasing(LEXICON).said(content, np.random.default_rng(1))
    assert phrase.truth(labelled(regions, "Virgin Mary")) == truth


def test_a_phrase_for_what_fills_a_group_is_neither_true_nor_false_of_it(
    regions: tuple[FactRegion, ...],
) -> None:
    phrase = label_phrase(labelled(regions, "Virgin Mary"))
    assert phrase.truth(labelled(regions, "Virgin and Child")) == 0.5


def test_swapped_colours_are_false(regions: tuple[FactRegion, ...]) -> None:
    exchanged = swapped(Content(thing=Thing(term="woman"), worn=(RED, BLUE)))
    assert exchanged is not None
    assert [t.qualities for t in exchanged.worn] == [("blue",), ("red",)]
    phrase = Phrasing(LEXICON).said(exchanged, np.random.default_rng(1))
    assert phrase.truth(labelled(regions, "Virgin Mary")) == 0.0


def test_garments_of_one_colour_cannot_be_swapped() -> None:
    same = Thing(term="cloak", qualities=("red",))
    assert swapped(Content(thing=Thing(term="woman"), worn=(RED, same))) is None


def test_contraries_change_what_is_said(regions: tuple[FactRegion, ...]) -> None:
    rng, held = np.random.default_rng(2), held_things(regions)
    content = Content(thing=Thing(term="woman"), worn=(RED, BLUE), held=(Thing(term="book"),))
    for _ in range(20):
        changed = contrary(content, held, rng)
        assert changed is not None
        assert changed != content or changed.held[0] in held


def test_foreign_terms_are_true_of_no_region(regions: tuple[FactRegion, ...]) -> None:
    foreign = foreign_terms(regions, LEXICON)
    assert "elephant" in foreign
    assert not {"woman", "flower", "angel"} & set(foreign)
