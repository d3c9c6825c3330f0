from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation
from iconograph.ingest.training.clip_facts import FactRegion
from iconograph.ingest.training.clip_tokenizer import VOCABULARY_SIZE, write_tokenizer
from tests.unit.ingest.training.clip_scenes import LEXICON

LENGTH = 24


@pytest.fixture(scope="module")
def tokens(regions: tuple[FactRegion, ...], tmp_path_factory: pytest.TempPathFactory) -> ClipTokens:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    write_tokenizer(path, regions, LEXICON, seed=1)
    return ClipTokens.load(path, context_length=LENGTH, tokenisation=Tokenisation.CLIP)


@pytest.mark.parametrize(
    "text", ["woman in a red robe", "Engel mit Lilie", "zxqv", "聖母", "ein Mann, kniend!"]
)
def test_any_text_has_ids(tokens: ClipTokens, text: str) -> None:
    (row,) = tokens([text])
    end = VOCABULARY_SIZE - 1
    assert row[0] == 1
    assert list(row).count(end) == 1
    assert row.max() == end
    assert (row[list(row).index(end) + 1 :] == 0).all()


def test_words_of_the_field_are_short(tokens: ClipTokens) -> None:
    rows = tokens(["woman in a red robe", "archangel", "elephant"])
    assert ((rows > 0).sum(axis=1) <= [7, 3, 6]).all()


def test_long_texts_are_cut_and_keep_their_end(tokens: ClipTokens) -> None:
    (row,) = tokens(["a man in a red robe " * 20])
    assert row[-1] == VOCABULARY_SIZE - 1


def test_the_same_seed_writes_the_same_file(
    regions: tuple[FactRegion, ...], tmp_path: Path
) -> None:
    for name in ("a.json", "b.json"):
        write_tokenizer(tmp_path / name, regions, LEXICON, seed=1)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
