"""What the labels of a store say of a phrase."""

from __future__ import annotations

import pytest

from iconograph.graph.store.candidates import Bar
from iconograph.graph.store.neo4j.vocabulary import Sayings, Vocabulary

VERDICTS = {"man": True, "old man": True, "old dog": False, "old": False, "thing": None}
SAYINGS: Sayings = [
    (["man"], ["man"], 5),
    (["old man"], ["man", "old"], 3),
    (["old dog"], ["dog", "old"], 40),
    (["thing", "old dog"], ["dog", "old", "thing"], 7),
    ([], [], 11),
]


def vocabulary(*sayings: tuple[list[str], list[str], int]) -> Vocabulary:
    return Vocabulary.of([*SAYINGS, *sayings], changes=1)


BAR = Bar(judge=VERDICTS.__getitem__, floors={})


def test_labels_are_shown_silent_or_ruled_out() -> None:
    judged = vocabulary().judged(BAR)

    assert judged.shown == {"man", "old man"}
    assert judged.silent == {"thing"}


def test_regions_are_sought_by_the_rarest_token_of_each() -> None:
    judged = vocabulary().judged(BAR)

    assert judged.tokens == {"man"}
    assert judged.bearers == 8


def test_silent_regions_are_those_that_words_neither_show_nor_rule_out() -> None:
    assert vocabulary().judged(BAR).silent_count == 7 + 11


@pytest.mark.parametrize(
    ("tokens", "silent"),
    [pytest.param(["man"], 18, id="indexed"), pytest.param([], 18 + 2, id="not indexed")],
)
def test_a_label_without_a_token_cannot_be_sought(tokens: list[str], silent: int) -> None:
    assert vocabulary((["man"], tokens, 2)).judged(BAR).silent_count == silent
