from __future__ import annotations

import pytest

from iconograph.ingest.training.clip_facts import FactRegion, Thing, related_facts, thing_named
from tests.unit.ingest.training.clip_scenes import LEXICON, labelled


@pytest.mark.parametrize(
    ("label", "term", "qualities"),
    [
        pytest.param("brown robe", "robe", ("brown",), id="a colour is a quality"),
        pytest.param("red mantle", "cloak", ("red",), id="another name of the lexicon"),
        pytest.param("golden crown", "crown", ("yellow",), id="gold is yellow"),
        pytest.param("keys", "key", (), id="plural"),
        pytest.param("bank of clouds", "cloud", (), id="a whole name with of"),
        pytest.param("an angel in armour", "angel", (), id="what is worn is left off"),
        pytest.param("a nude woman, goddess of love", "woman", ("nude",), id="after the comma"),
        pytest.param("frame of a diptych", "frame of a diptych", (), id="not in the lexicon"),
    ],
)
def test_labels_are_read_as_a_noun_with_qualities(
    label: str, term: str, qualities: tuple[str, ...]
) -> None:
    assert thing_named(label, LEXICON) == Thing(term=term, qualities=qualities)


def test_what_is_held_is_held_by_its_wider_terms_too() -> None:
    facts = related_facts("holds", Thing(term="lily"), LEXICON)
    assert {"holds lily", "holds flower", "holds plant"} <= facts
    assert "holds thing" not in facts


@pytest.mark.parametrize(
    ("label", "true", "false"),
    [
        pytest.param(
            "Virgin Mary",
            {"is woman", "seated", "wears blue cloak", "wears red garment", "has halo", "holds book"},
            {"is man", "wears blue robe", "has wing", "kneeling"},
            id="a woman",
        ),
        pytest.param(
            "Archangel Gabriel",
            {"is angel", "is heavenly figure", "has wing", "holds flower", "kneeling"},
            {"is man", "is woman", "holds book"},
            id="an angel is neither man nor woman",
        ),
        pytest.param(
            "blue mantle", {"is cloak", "colour blue", "of woman"}, {"of man", "colour red"}, id="a garment"
        ),
        pytest.param("book", {"is book", "open"}, {"closed"}, id="a thing"),
        pytest.param(
            "The Annunciation",
            {"is Annunciation", "with woman", "with angel", "with lily"},
            {"is woman", "holds lily"},
            id="a scene",
        ),
    ],
)  # fmt: skip
def test_regions_have_the_facts_that_were_drawn(
    regions: tuple[FactRegion, ...], label: str, true: set[str], false: set[str]
) -> None:
    facts = labelled(regions, label).facts
    assert true <= facts
    assert not false & facts


def test_what_fills_a_group_may_be_taken_for_it(regions: tuple[FactRegion, ...]) -> None:
    group = labelled(regions, "Virgin and Child")
    assert "is woman" not in group.facts
    assert "is woman" in group.perhaps
