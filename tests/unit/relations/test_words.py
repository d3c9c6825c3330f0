from __future__ import annotations

import pytest

from iconograph.relations.words import WordGroup, nouns, read_words


@pytest.mark.parametrize(
    ("label", "noun"),
    [
        ("two white lilies in a vase", "lily"),
        ("fool's sceptre with a head", "sceptre"),
        ("bunch of grapes", "grape"),
        ("swing (ropes and seat)", "swing"),
        ("red tights", "tights"),
        ("White Dress", "dress"),
    ],
)
def test_the_noun_names_the_thing(label: str, noun: str) -> None:
    assert noun in nouns(label)


def test_alternatives_are_all_named() -> None:
    assert {"flower", "distaff"} <= nouns("blue flower or distaff")


@pytest.mark.parametrize(
    ("label", "groups"),
    [
        ("man with a sword", set()),
        ("sword", {WordGroup.PORTABLE}),
        ("table", {WordGroup.FIXED}),
        ("marble column", {WordGroup.FIXED, WordGroup.STANDING}),
        ("", set()),
    ],
)
def test_groups(label: str, groups: set[WordGroup]) -> None:
    assert read_words().groups_of([label]) == groups
