from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.ingest.training.corpora import read_corpus
from iconograph.ingest.training.detect_classes import COLOURS, Vocabulary, parted
from tests.unit.ingest.training.drawn import write_tiny_corpus

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("red robe", ("robe", COLOURS.index("red"))),
        ("white veil", ("veil", COLOURS.index("white"))),
        ("golden crown", ("golden crown", -1)),
        ("closed book", ("closed book", -1)),
        ("robe", ("robe", -1)),
        ("pink robe", ("pink robe", -1)),
    ],
)
def test_colours_are_parted_from_garments_alone(label: str, expected: tuple[str, int]) -> None:
    assert parted(label) == expected


def test_a_vocabulary_names_every_entity_of_a_corpus(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))

    vocabulary = Vocabulary.of(pictures)

    assert [(one.name, one.kind) for one in vocabulary.classes] == [
        ("robe", "attribute"), ("apple", "object"), ("woman", "person"), ("sky", "setting"),
    ]  # fmt: skip
    assert vocabulary.garments == ("robe",)
    assert vocabulary.families == ("attribute: robe", "object", "person", "setting: sky")
    assert vocabulary.first_labels == (0, 9, 10, 11)
    for region in pictures[0].entities:
        index, colour = vocabulary.index_of(region)
        place = vocabulary.first_labels[index] + max(colour, 0)
        assert vocabulary.labels[place] == (region.label, region.kind.value)


def test_a_vocabulary_comes_back_from_its_file(tmp_path: Path) -> None:
    vocabulary = Vocabulary.of(read_corpus(write_tiny_corpus(tmp_path)))

    assert Vocabulary.from_json(vocabulary.to_json()) == vocabulary


def test_what_is_not_in_the_vocabulary_has_no_class(tmp_path: Path) -> None:
    pictures = read_corpus(write_tiny_corpus(tmp_path))
    few = Vocabulary(classes=Vocabulary.of(pictures).classes[:1])

    assert [few.index_of(region)[0] for region in pictures[0].entities] == [-1, -1, 0, -1]


def test_no_vocabulary_comes_of_nothing() -> None:
    with pytest.raises(InvalidValueError, match="at least one annotated entity"):
        Vocabulary.of([])
