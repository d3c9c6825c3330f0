from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iconograph.ingest.models.encode.clip_tokens import ClipTokens, Tokenisation
from iconograph.ingest.models.export.clip import standard_tokenizer

open_clip = pytest.importorskip("open_clip", reason="needs the extra `ml`")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> ClipTokens:
    path: Path = tmp_path_factory.mktemp("tokens") / "tokenizer.json"
    standard_tokenizer(path)
    return ClipTokens.load(path, context_length=77, tokenisation=Tokenisation.CLIP)


@pytest.mark.parametrize(
    "text",
    [
        "a woman in a red robe",
        "Saint John the Baptist",
        "",
        "   spaces \t and\nlines  ",
        "the lamb's fleece; they're John's, I'd say it'll",
        "\u201cquoted\u201d \u2018words\u2019 and \u02bcones",
        "caf\u00e9 Sch\u00f6ne M\u00e4dchen \u00c9glise",
        "cafe\u0301",
        "1510-12, 3rd c.",
        "&amp; &lt;b&gt; &amp;amp;",
        "\ufb01sh o\ufb03ce \u0133s",
        "\uff37\uff49\uff44\uff45\u3000letters",
        "\u8056\u6bcd\u5b50",
        "\U0001f600 smile",
        "<start_of_text> inside <end_of_text>",
        "!!! ... ???",
        "word " * 120,
    ],
)
def test_tokens_are_those_of_open_clip(tokens: ClipTokens, text: str) -> None:
    assert tokens([text]).tolist() == open_clip.tokenize([text]).tolist()


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_ascii_texts(tokens: ClipTokens, text: str) -> None:
    assert tokens([text]).tolist() == open_clip.tokenize([text]).tolist()


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        "abcdefgh \u00e4\u00f6\u00fc\u00df\u00e9\u00e8\u00ea\u00e7\u00f1ABC'\u2019-,.", max_size=40
    )
)
def test_european_texts(tokens: ClipTokens, text: str) -> None:
    assert tokens([text]).tolist() == open_clip.tokenize([text]).tolist()
