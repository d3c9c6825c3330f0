from __future__ import annotations

import pytest

from iconograph.graph.errors import QueryError
from iconograph.graph.iconography.lexicon import Lexicon
from iconograph.graph.search.parse import parse
from tests.unit.graph.search.notation import noted

WITH = "-BESIDE/HOLDS/WEARS<PART_OF>"
LACKS = "-not HOLDS/WEARS<PART_OF>"
MEETS = "-HOLDS/TOUCHES<HOLDS/TOUCHES>"

QUERIES = {
    # one relation
    "Eve next to a goat": ["eve -BESIDE> goat"],
    "Mars gazing at Venus": ["mars -GAZES_AT> venus"],
    "Venus gazing at Mars": ["venus -GAZES_AT> mars"],
    "man holding a sword": ["man -HOLDS> sword"],
    "A man is holding a sword.": ["man -HOLDS> sword"],
    "the woman holds an apple": ["woman -HOLDS> apple"],
    "angel above an old man": ["angel -ABOVE> man"],
    "man under a tree": ["tree -ABOVE> man"],
    "dog behind a woman": ["woman -IN_FRONT_OF> dog"],
    "man in front of a house": ["man -IN_FRONT_OF> house"],
    "person across from another person": ["person -ACROSS_DIVIDE> person 2"],
    "child inside a basket": ["child -INSIDE> basket"],
    "Christ pointing at a man": ["christ -POINTS_AT> man"],
    "man touching a wound": ["man -HOLDS/TOUCHES> wound"],
    "man riding a horse": ["man -HOLDS/TOUCHES> horse"],
    "wing that is part of an angel": ["wing -PART_OF> angel"],
    "Archangel Gabriel with a lily": [f"gabriel {WITH} lily"],
    "God with cherubs": [f"god the father {WITH} cherub"],
    "person playing or holding a musical instrument": ["person -HOLDS/TOUCHES> musical instrument"],
    # dress
    "man in a hat": ["man -WEARS> hat"],
    "woman dressed in a red robe": ["woman -WEARS> robe"],
    "man in a boat": ["man -INSIDE/TOUCHES> boat"],
    "woman in white": ["woman"],
    "woman in white beside a man in black": ["woman -BESIDE> man"],
    # passive and inverse
    "sword held by a woman": ["woman -HOLDS> sword"],
    "crown worn by a king": ["king -WEARS> crown"],
    "child in the arms of a woman": ["woman -HOLDS> child"],
    "king crowned by an angel": ["angel -HOLDS/TOUCHES> king"],
    # relative clauses
    "woman who holds a child": ["woman -HOLDS> child"],
    "sword that a woman holds": ["woman -HOLDS> sword"],
    "boy beside a woman who holds pistols": ["boy -BESIDE> woman", "woman -HOLDS> pistol"],
    # questions and openings
    "who is looking at the kneeling king?": ["person -GAZES_AT> king"],
    "What is the woman holding?": ["woman -HOLDS> anything"],
    "show me paintings where a woman looks at a child": ["woman -GAZES_AT> child"],
    "a painting of a man riding a horse": ["man -HOLDS/TOUCHES> horse"],
    "is there a man holding a sword?": ["man -HOLDS> sword"],
    # whose relation it is
    "woman holding a flag beside a boy holding pistols": [
        "woman -HOLDS> flag",
        "woman -BESIDE> boy",
        "boy -HOLDS> pistol",
    ],
    "woman holding a flower, wearing a veil": ["woman -HOLDS> flower", "woman -WEARS> veil"],
    "woman holding a flower wearing a veil": ["woman -HOLDS> flower", "woman -WEARS> veil"],
    "man wearing a hat and holding a sword": ["man -WEARS> hat", "man -HOLDS> sword"],
    "angel above a man beside a horse": ["angel -ABOVE> man", "man -BESIDE> horse"],
    "man looking at a woman with a fan": ["man -GAZES_AT> woman", f"woman {WITH} fan"],
    "woman holding a basket with flowers": ["woman -HOLDS> basket", f"basket {WITH} flower"],
    "man holding a sword with a hat": ["man -HOLDS> sword", f"man {WITH} hat"],
    "woman holding a child who holds an apple": ["woman -HOLDS> child", "child -HOLDS> apple"],
    "satyr holding grapes next to another satyr": [
        "satyr -HOLDS> grapes",
        "satyr -BESIDE> satyr 2",
    ],
    "angel holding a lily facing a woman reading a book": [
        "angel -HOLDS> lily",
        "angel -FACES/GAZES_AT> woman",
        "woman -HOLDS/TOUCHES> book",
    ],
    "A man is holding a sword. A woman is beside him.": [
        "man -HOLDS> sword",
        "woman -BESIDE> man",
    ],
    "knight on horseback carrying a flag": [
        "knight -ABOVE/BESIDE/INSIDE/TOUCHES> horse",
        "knight -HOLDS> flag",
    ],
    "king on a throne, kneeling man in front of him": [
        "king -ABOVE/BESIDE/INSIDE/TOUCHES> throne",
        "man -IN_FRONT_OF> king",
    ],
    "woman with a mirror, a child beside her": [f"woman {WITH} mirror", "child -BESIDE> woman"],
    "woman holding a baby with a dog at her feet": ["woman -HOLDS> baby", f"woman {WITH} dog"],
    "a man whose hand touches a woman": ["man -HOLDS/TOUCHES> woman"],
    "Peter receiving keys from Christ": [
        "saint peter -HOLDS/TOUCHES> key",
        "saint peter -BESIDE/FACES/GAZES_AT> christ",
    ],
    "men fighting": [f"man {MEETS} man 2"],
    "Saint George fighting the dragon while a princess watches": [
        "princess",
        "saint george -HOLDS/TOUCHES> dragon",
    ],
    "woman gazing at the child she holds": ["woman -GAZES_AT> child", "woman -HOLDS> child"],
    "a man beside a dog, the man holding a staff": ["man -BESIDE> dog", "man -HOLDS> staff"],
    # several things
    "woman holding a book and a rose": ["woman -HOLDS> book", "woman -HOLDS> rose"],
    "woman holding a book, a rose and a fan": [
        "woman -HOLDS> book",
        "woman -HOLDS> rose",
        "woman -HOLDS> fan",
    ],
    "Mary and Joseph beside a crib": ["virgin mary -BESIDE> crib", "joseph -BESIDE> crib"],
    "woman holding a flower and a man holding a sword": [
        "woman -HOLDS> flower",
        "man -HOLDS> sword",
    ],
    "man between two women": ["man -BESIDE> 2 woman"],
    # numbers and pairs
    "two men beside a table, both wearing hats": ["2 man -BESIDE> table", "2 man -WEARS> hat"],
    "three angels above a kneeling woman": ["3 angel -ABOVE> woman"],
    "two figures gazing at each other": ["person =GAZES_AT= person 2"],
    "Venus and Mars gazing at each other": ["venus =GAZES_AT= mars"],
    "two women embracing": [f"woman {MEETS} woman 2"],
    "man and woman holding hands": [f"man {MEETS} woman"],
    "two men on either side of a column": ["column", "man -ACROSS_DIVIDE> man 2"],
    "two women separated by a column": ["column", "woman -ACROSS_DIVIDE> woman 2"],
    "heavenly figure separated by clouds or light from people below": [
        "(cloud)",
        "heavenly figure -ACROSS_DIVIDE> person",
    ],
    "man with a hat, man without a hat": [f"man {WITH} hat", f"man 2 {LACKS} hat 2"],
    # negation
    "man without a hat holding a sword": [f"man {LACKS} hat", "man -HOLDS> sword"],
    "man with a sword but no shield": [f"man {WITH} sword", f"man {LACKS} shield"],
    "woman not wearing a hat": ["woman -not WEARS> hat"],
    "woman who does not look at the man": ["woman -not GAZES_AT> man"],
    "lute that nobody holds": ["person -not HOLDS> lute"],
    "an animal nobody is looking at": ["person -not GAZES_AT> animal"],
    "nobody holds the lute": ["person -not HOLDS> lute"],
    "book held by nobody": ["person -not HOLDS> book"],
    "man holding nothing": ["man -not HOLDS> anything"],
    # German
    "Frau mit einer Blume": [f"woman {WITH} flower"],
    "Mann hält ein Schwert": ["man -HOLDS> sword"],
    "Engel über einem Mann": ["angel -ABOVE> man"],
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.items(), ids=QUERIES.keys())
def test_a_query_becomes_a_pattern(query: str, expected: list[str], lexicon: Lexicon) -> None:
    assert noted(parse(query, lexicon)) == expected


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("an old man beside a small dog", ["old man", "small dog"]),
        ("two men in black beside a bunch of grapes", ["men in black", "bunch of grapes"]),
        ("woman holding an apple or a pear", ["woman", "apple or pear"]),
        ("man holding the head of Goliath", ["man", "head of Goliath"]),
        ("old man pointing", ["old man pointing"]),
    ],
)
def test_phrases_keep_their_words(query: str, phrases: list[str], lexicon: Lexicon) -> None:
    assert [node.phrase for node in parse(query, lexicon).nodes] == phrases


def test_nobody_is_to_be_absent_and_the_lute_is_not(lexicon: Lexicon) -> None:
    pattern = parse("nobody holds the lute", lexicon)

    assert pattern.absent_roles == {"person"}
    assert pattern.required_roles == ("lute",)


@pytest.mark.parametrize(
    "query",
    ["", "   ", "holding", "woman holding and", "?", "x " * 300, "a dog " + "beside a cat " * 20],
    ids=["empty", "blank", "only a verb", "broken off", "a mark", "too long", "too many nodes"],
)
def test_what_cannot_be_understood_is_refused(query: str, lexicon: Lexicon) -> None:
    with pytest.raises(QueryError):
        parse(query, lexicon)


def test_the_error_says_how_far_it_was_understood(lexicon: Lexicon) -> None:
    with pytest.raises(QueryError, match=r"understood 'woman beside', but .* missing"):
        parse("woman beside", lexicon)

    with pytest.raises(
        QueryError, match=r"understood 'dog beside cat', but not 'each other mouse' after it"
    ):
        parse("dog beside a cat each other mouse", lexicon)
