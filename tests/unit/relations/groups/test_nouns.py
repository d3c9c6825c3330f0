from __future__ import annotations

import pytest

from iconograph.relations.groups.nouns import (
    counted_list,
    is_clothing,
    noun_of,
    with_article,
    without_article,
)


@pytest.mark.parametrize(
    ("label", "one", "three", "short"),
    [
        pytest.param("goat", "a goat", "three goats", "goat", id="thing"),
        pytest.param("old man", "an old man", "three old men", "old man", id="vowel, irregular"),
        pytest.param("man in hat", "a man in hat", "three men in hat", "man", id="tail"),
        pytest.param("unicorn", "a unicorn", "three unicorns", "unicorn", id="u as a consonant"),
        pytest.param("hourglass", "an hourglass", "three hourglasses", "hourglass", id="silent h"),
        pytest.param("lily", "a lily", "three lilies", "lily", id="y"),
        pytest.param("Venus", "Venus", "Venus", "Venus", id="name"),
        pytest.param("Virgin and Child", "Virgin and Child", "Virgin and Child",
                     "Virgin and Child", id="name of two"),
        pytest.param("Woman", "a woman", "three women", "woman", id="capital of a kind"),
        pytest.param("red tights", "red tights", "red tights", "red tights", id="plural only"),
        pytest.param("flowers", "flowers", "flowers", "flowers", id="plural"),
        pytest.param("sheep", "a sheep", "three sheep", "sheep", id="same plural"),
        pytest.param("bunch of grapes on a plate", "a bunch of grapes on a plate",
                     "three bunches of grapes on a plate", "bunch of grapes", id="of"),
        pytest.param("swing (ropes and seat)", "a swing", "three swings", "swing", id="aside"),
        pytest.param("the king", "a king", "three kings", "king", id="article"),
        pytest.param("bearded man wrapped in snakes", "a bearded man wrapped in snakes",
                     "three bearded men wrapped in snakes", "bearded man", id="participle"),
    ],
)  # fmt: skip
def test_a_label_is_a_noun(label: str, one: str, three: str, short: str) -> None:
    noun = noun_of(label)

    assert noun.counted() == one
    assert noun.counted(3) == three
    assert noun.short.text == short


def test_equal_nouns_are_counted() -> None:
    nouns = [noun_of(label) for label in ("man", "woman", "man", "Venus")]

    assert counted_list(nouns) == "two men, a woman and Venus"


def test_large_numbers_are_figures() -> None:
    assert noun_of("soldier").counted(13) == "13 soldiers"


@pytest.mark.parametrize(
    ("bare", "whole"),
    [
        pytest.param("woman and a goat", "a woman and a goat", id="two"),
        pytest.param("old man, a dog and others", "an old man, a dog and others", id="list"),
        pytest.param("three men", "three men", id="number"),
        pytest.param("Venus and Mars", "Venus and Mars", id="names"),
    ],
)
def test_articles_come_and_go(bare: str, whole: str) -> None:
    assert with_article(bare) == whole
    assert without_article(whole) == bare


@pytest.mark.parametrize(
    ("label", "clothes"), [("red robe", True), ("blue dresses", True), ("crown", False)]
)
def test_one_is_in_clothes(label: str, *, clothes: bool) -> None:
    assert is_clothing(noun_of(label)) is clothes
