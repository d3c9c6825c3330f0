from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.region import RegionKind
from iconograph.ingest.models.detect.vocabulary import load_vocabulary

BROADER = {
    RegionKind.PERSON: {"person", "corpse"},
    RegionKind.ANIMAL: {"animal"},
    RegionKind.ATTRIBUTE: {"garment", "jewel"},
    RegionKind.PART: {"part of the body", "halo"},
    RegionKind.OBJECT: {"object", "plant", "food", "textile"},
    RegionKind.SETTING: {"building", "landscape"},
}


def test_size() -> None:
    assert 150 <= len(load_vocabulary()) <= 250


def test_labels_are_terms_of_the_lexicon_and_of_their_kind() -> None:
    lexicon = load_lexicon()
    wrong = [
        (term.label, term.kind)
        for term in load_vocabulary()
        if not lexicon.ancestors.get(term.label, frozenset()) & BROADER[term.kind]
    ]

    assert wrong == []


def test_own_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[animal]\nphoenix = "a bird in flames"\n', encoding="utf-8")

    (term,) = load_vocabulary(path)
    assert (term.label, term.kind, term.prompt) == (
        "phoenix",
        RegionKind.ANIMAL,
        "a bird in flames",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("= 1", "cannot be used", id="no TOML"),
        pytest.param('[beast]\ncat = "a cat"', "'beast' is not a valid", id="no kind"),
        pytest.param("[animal]\ncat = 3", "cat is asked for with 3", id="no text"),
        pytest.param('[animal]\ncat = ""', "cannot be used", id="empty prompt"),
        pytest.param('[animal]\ncat = "a"\n[object]\ncat = "b"', "label twice", id="label"),
        pytest.param('[animal]\ncat = "a"\nox = "a"', "prompt twice", id="prompt"),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidValueError, match=message):
        load_vocabulary(path)
