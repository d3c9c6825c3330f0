from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from iconograph.graph.errors import MissingModelError
from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation, cleaned

WORDS = {
    "<fill>": 0,
    "<unknown>": 1,
    "a": 2,
    "red": 3,
    "robe": 4,
    "<start_of_text>": 5,
    "<end_of_text>": 6,
}


def write(path: Path, words: dict[str, int]) -> Path:
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unknown>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))
    return path


def loaded(path: Path, tokenisation: Tokenisation = Tokenisation.CLIP) -> ClipTokens:
    return ClipTokens.load(path, context_length=6, tokenisation=tokenisation)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("A red robe", [5, 2, 3, 4, 6, 0], id="lower case"),
        pytest.param("", [5, 6, 0, 0, 0, 0], id="empty"),
        pytest.param("a blue robe", [5, 2, 1, 4, 6, 0], id="unknown word"),
        pytest.param("a a a a red red", [5, 2, 2, 2, 2, 6], id="cut, the end stays"),
    ],
)
def test_own_vocabulary(tmp_path: Path, text: str, ids: list[int]) -> None:
    tokens = loaded(write(tmp_path / "tokenizer.json", WORDS))

    assert tokens([text]).tolist() == [ids]


def test_shape(tmp_path: Path) -> None:
    tokens = loaded(write(tmp_path / "tokenizer.json", WORDS))

    assert tokens([]).shape == (0, 6)
    assert tokens(["a", "red"]).dtype == "int64"


def test_plain_follows_the_file_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "tokenizer.json", WORDS | {"<pad>": 7})
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <end_of_text>", special_tokens=[("<end_of_text>", 6)]
    )
    tokenizer.save(str(path))

    assert loaded(path, Tokenisation.PLAIN)(["a red", "A"]).tolist() == [
        [2, 3, 6, 7, 7, 7],
        [1, 6, 7, 7, 7, 7],
    ]


def test_no_end_token(tmp_path: Path) -> None:
    words = {word: number for word, number in WORDS.items() if word != "<end_of_text>"}

    with pytest.raises(MissingModelError, match="no token <end_of_text>"):
        loaded(write(tmp_path / "tokenizer.json", words))


@pytest.mark.parametrize("text", ["", "{}", "[1"], ids=["empty", "no model", "no JSON"])
def test_no_tokenizer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(text)

    with pytest.raises(MissingModelError, match=r"is not a tokenizer\.json"):
        loaded(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Two\t words\n", "two words"),
        ("&amp;amp; &lt;", "& <"),
        ("\u201cEve\u2019s\u201d", '"eve\'s"'),
        ("\ufb01g \uff21", "fig a"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_cleaned(text: str, expected: str) -> None:
    assert cleaned(text) == expected
